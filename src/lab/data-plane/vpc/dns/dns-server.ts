import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { respond } from "./dns-message";
import type { Resolver } from "./resolver";

/** Answers questions at port 53 of an address, over UDP and TCP. */
export async function serveDns(resolver: Resolver, address: string): Promise<void> {
  const udp = createSocket("udp4");
  udp.on("message", (message, { address: client, port }) => {
    const response = respond(resolver, message, "udp", client);
    // The client may be gone by now: its packet vanishes, as on any network.
    if (response) udp.send(response, port, client, () => undefined);
  });
  udp.bind(53, address);
  await once(udp, "listening");
  const tcp = createServer((socket) => serveConnection(resolver, socket));
  tcp.listen(53, address);
  await once(tcp, "listening");
}

/** Messages over TCP have their length in two bytes before them. Source: RFC 1035, 4.2.2 */
function serveConnection(resolver: Resolver, socket: Socket): void {
  let received = Buffer.alloc(0);
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0);
      const response = respond(resolver, received.subarray(2, end), "tcp", socket.remoteAddress);
      received = received.subarray(end);
      if (!response) continue;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(response.length);
      socket.write(Buffer.concat([length, response]));
    }
  });
}
