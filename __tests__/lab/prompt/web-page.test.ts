import type { AppliedLoadBalancer } from "../../../src/lab/control-plane/applied/load-balancers";
import type { ListenerSpec, RuleSpec } from "../../../src/lab/data-plane/data-plane";
import type { Lab } from "../../../src/lab/lab";
import { webCommands } from "../../../src/lab/prompt/web-commands";
import { openWebPages } from "../../../src/lab/prompt/web-page";

const forward = { forward: "shop" };
const none = { fixedResponse: { status: 404 } };
const listener = (change: Partial<ListenerSpec> = {}): ListenerSpec => ({
  ...{ port: 443, protocol: "HTTPS", names: [], rules: [], defaultAction: none },
  ...change,
});

/** The pages of a lab with one load balancer; each forwarded port is the listener's with 40000 added. */
async function urlsOf(...listeners: ListenerSpec[]): Promise<string[]> {
  const lab = {
    loadBalancing: { loadBalancers: [{ arn: "lb", listeners } as unknown as AppliedLoadBalancer] },
    runtime: {
      forwardToLoadBalancer: async (_id: string, port: number) => ({ port: 40_000 + port, close: async () => {} }),
    },
  } as unknown as Pick<Lab, "loadBalancing" | "runtime">;
  return (await openWebPages(lab)).map(({ url }) => url);
}

describe("the pages of a load balancer", () => {
  const shop: RuleSpec = { hosts: ["*.example.com", "shop.example.com"], action: forward };

  it("are at a name below localhost, over HTTPS where it has that", async () => {
    const plain = listener({ port: 80, protocol: "HTTP", rules: [shop] });
    expect(await urlsOf(plain, listener({ rules: [shop] }))).toEqual(["https://shop.example.com.localhost:40443/"]);
    expect(await urlsOf(plain, listener())).toEqual(["http://shop.example.com.localhost:40080/"]);
  });

  it("are at localhost where every name is forwarded", async () => {
    expect(await urlsOf(listener({ defaultAction: forward }))).toEqual(["https://localhost:40443/"]);
    expect(await urlsOf(listener({ rules: [{ paths: ["/*"], action: forward }] }))).toEqual([
      "https://localhost:40443/",
    ]);
  });

  it("aren't there where nothing is forwarded, or for names with wildcards alone", async () => {
    expect(await urlsOf(listener())).toEqual([]);
    expect(await urlsOf(listener({ rules: [{ hosts: ["*.example.com"], action: forward }] }))).toEqual([]);
  });
});

describe("the prompt's commands for load balancers", () => {
  /** What a command prints in a lab with these targets, and a load balancer where there are any. */
  async function printed(usage: string, ...targets: object[]): Promise<string> {
    const loadBalancers =
      targets.length > 0 ? [{ arn: "lb", listeners: [listener({ rules: [{ action: forward }] })] }] : [];
    const lab = {
      loadBalancing: { targets, loadBalancers },
      runtime: { forwardToLoadBalancer: async () => ({ port: 40_000, close: async () => {} }) },
    } as unknown as Lab;
    const lines: string[] = [];
    const command = webCommands.find((each) => each.usage === usage)!;
    await command.run({ lab, print: (text: string) => lines.push(text) } as unknown as Parameters<
      typeof command.run
    >[0]);
    return lines.join("\n");
  }
  const group = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/0123456789abcdef";
  const target = (address: string, health: object) => ({
    taskId: "0123456789abcdef",
    group,
    address,
    port: 4000,
    health,
  });

  it("show the health of each target, and why it is not healthy", async () => {
    const description = "Health checks failed with these codes: [500]";
    const text = await printed(
      "targets",
      target("10.0.1.4", { state: "healthy" }),
      target("10.0.1.5", { state: "unhealthy", description }),
    );
    expect(text.split("\n").map((line) => line.trim().split(/ {2,}/))).toEqual([
      ["TASK", "TARGET GROUP", "ADDRESS", "HEALTH", "REASON"],
      ["01234567", "shop", "10.0.1.4:4000", "healthy"],
      ["01234567", "shop", "10.0.1.5:4000", "unhealthy", description],
    ]);
    expect(await printed("targets")).toBe("None.");
  });

  it("show the URLs of pages", async () => {
    expect(await printed("web", target("10.0.1.4", { state: "healthy" }))).toBe("https://localhost:40000/");
    expect(await printed("web")).toBe("No load balancer forwards anything.");
  });
});
