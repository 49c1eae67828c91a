import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { printable } from "../../src/foreign-text/print";
import { askNodes, overHttp, throughCommand, type Transport } from "../../src/operations/doctor/ask-nodes";
import type { Observation } from "../../src/operations/doctor/observation";
import { report } from "../../src/operations/doctor/report";

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** The result for a task whose HTTP server behaves in this way. */
async function asked(listener: RequestListener, transport: Transport = overHttp("/cluster", 1)) {
  server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const observation = {
    service: { name: "myapp", options: { httpPort: port } },
    tasks: [{ id: "4f2a", address: "127.0.0.1", status: "RUNNING" }],
  } as unknown as Observation;
  const [view] = await askNodes([observation], transport);
  return view!;
}

describe("what answers in place of a node", () => {
  it("sends the doctor nowhere: no redirect is followed", async () => {
    const paths: (string | undefined)[] = [];
    const view = await asked((request, response) => {
      paths.push(request.url);
      response.writeHead(302, { location: "/elsewhere" }).end();
    });
    expect(view.silent).toBe("HTTP 302: redirects aren't followed");
    expect(paths).toEqual(["/cluster"]);
  });

  it("leads to --rpc where the node shows its cluster to its own machine and its peers only, as the sample does", async () => {
    const view = await asked((_, response) => void response.writeHead(403).end());
    expect(view.silent).toBe("HTTP 403: it answers only its own machine and its peers. Use --rpc");
  });

  it("is read up to 1 MiB", async () => {
    let isOpen = true;
    const view = await asked(
      (_, response) => {
        response.on("close", () => (isOpen = false));
        const more = () => {
          while (isOpen && response.write(Buffer.alloc(65_536, 32)));
          if (isOpen) response.once("drain", more);
        };
        more();
      },
      overHttp("/cluster", 20),
    );
    expect(view.silent).toBe("its answer is longer than 1 MiB");
  });

  it("has so much time for the whole answer, not for its beginning", async () => {
    const view = await asked((_, response) => void response.write('{"node":'));
    expect(view.silent).toBe("no complete answer in time");
  });

  it("is read up to 1 MiB through a command too", async () => {
    const view = await asked((_, response) => void response.end(), throughCommand("head -c 3000000 /dev/zero"));
    expect(view.silent).toBe("its answer is longer than 1 MiB");
  });

  it("is shown as text, whatever it calls itself", async () => {
    const node = await asked((_, response) =>
      response.end(JSON.stringify({ node: "n\u001b]0;owned\u0007@10.0.0.1\n::error::forged", members: [] })),
    );
    const head = { environment: "prod", region: "eu-west-1", cluster: "c", at: "now" };
    const text = printable(report({ ...head, services: [], findings: [], nodes: [node] }));
    expect(text).toContain("1  n\\u{1b}]0;owned\\u{7}@10.0.0.1\\n::error::forged");
    expect(text).not.toMatch(/\u0007|^\s*::/m);
  });

  it("has a name of at most 255 characters", async () => {
    const view = await asked((_, response) => response.end(JSON.stringify({ node: "n".repeat(256), members: [] })));
    expect(view.silent).toMatch(/^its answer is not/);
  });
});
