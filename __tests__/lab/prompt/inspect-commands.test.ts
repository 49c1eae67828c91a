import type { Mesh } from "../../../src/lab/cluster/mesh";
import type { Lab } from "../../../src/lab/lab";
import { inspectCommands } from "../../../src/lab/prompt/inspect-commands";

const mockAwaited: (readonly string[] | undefined)[] = [];

jest.mock("../../../src/lab/cluster/mesh", () => ({
  awaitMesh(_: unknown, { services }: { services?: readonly string[] }): Promise<Mesh> {
    mockAwaited.push(services);
    const members = (services ?? []).map((service, at) => ({ service, taskId: service, address: `10.0.1.${at}` }));
    return Promise.resolve({ at: 0, members });
  },
}));

const service = (name: string, environment: Record<string, string>) => ({
  name,
  dnsName: `${name}.acme.local`,
  definition: { containers: [{ environment }] },
});
const polls = (...names: string[]) => ({ CLUSTER_NODES: names.map((name) => `${name}@${name}.acme.local`).join(",") });

/** What `wait` prints where each mesh is there at once, without the time that it took. */
async function wait(...services: ReturnType<typeof service>[]): Promise<string[]> {
  mockAwaited.length = 0;
  const lines: string[] = [];
  const lab = { services, steady: () => Promise.resolve() } as unknown as Lab;
  const command = inspectCommands.find(({ usage }) => usage.startsWith("wait"))!;
  await command.run({ lab, print: (line: string) => lines.push(line), isTerminal: false } as never);
  return lines.filter((line) => !line.startsWith("after "));
}

describe("wait", () => {
  it("waits for the mesh of each cluster, and says which it is", async () => {
    const lines = await wait(
      service("shop", polls("shop", "jobs")),
      service("mail", polls("mail")),
      service("jobs", polls("jobs", "shop")),
    );
    expect(mockAwaited).toEqual([["shop", "jobs"], ["mail"]]);
    expect(lines.filter((line) => line.startsWith("cluster"))).toEqual(["cluster of shop, jobs:", "cluster of mail:"]);
  });

  it("waits for no mesh of a service with discovery none, and says so", async () => {
    const lines = await wait(service("shop", polls("shop")), service("scraper", { CLUSTER_DISCOVERY: "none" }));
    expect(mockAwaited).toEqual([["shop"]]);
    expect(lines.at(-1)).toBe("steady, with no cluster to wait for (discovery: none): scraper");
  });

  it("prints one mesh alone without a heading", async () => {
    const lines = await wait(service("shop", polls("shop")));
    expect(lines).toEqual([expect.stringMatching(/^ *1\b[\s\S]*1 node, 0 of 0 links/)]);
  });
});
