import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { FaultyAws } from "./faulty-aws";

const portOf = (server: Server) => (server.address() as AddressInfo).port;
const sockets = () => process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap").length;

describe("FaultyAws", () => {
  it("keeps no socket of an answer whose client has gone", async () => {
    // GIVEN an AWS with an answer that is longer than what a socket buffers
    let answered = 0;
    const aws = createServer((_, response) => {
      answered += 1;
      response.end("x".repeat(10_000_000));
    }).listen(0, "127.0.0.1");
    await once(aws, "listening");
    const faulty = await FaultyAws.inFrontOf(`http://127.0.0.1:${portOf(aws)}`);
    const before = sockets();
    // WHEN its client goes before the answer comes
    const client = request(faulty.endpoint, { method: "POST", headers: { "x-amz-target": "Logs.FilterLogEvents" } });
    const gone = new Promise((resolve) => client.once("close", resolve));
    client.on("error", () => undefined);
    faulty.meanwhile("FilterLogEvents", async () => {
      client.destroy();
      await gone;
      // The proxy learns of it in its next turn.
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    });
    client.end("{}");
    await gone;
    while (answered === 0 || sockets() > before) await new Promise((resolve) => setImmediate(resolve));
    // THEN both ends of both connections are closed
    expect(sockets()).toBe(before);
    await faulty.close();
    await new Promise((resolve) => aws.close(resolve));
  });
});
