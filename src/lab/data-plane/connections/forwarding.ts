import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import type { Forwarding } from "../data-plane";

/**
 * Listens at 127.0.0.1 and hands each connection on.
 * @param hostPort 0 for a free one
 * @throws Error when the port is taken.
 */
export async function forward(hostPort: number, accept: (socket: Socket) => void): Promise<Forwarding> {
  const server = createServer({ pauseOnConnect: true }, accept);
  server.listen(hostPort, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
    throw taken ? new Error(`Port ${hostPort} of this machine is taken: choose another one.`) : error;
  }
  // A forwarding alone doesn't keep the process running.
  server.unref();
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
