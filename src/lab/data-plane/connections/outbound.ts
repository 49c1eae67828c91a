import { connect, type Socket } from "node:net";
import type { Destination, OnUnreachable } from "../network/destination";
import { joinSockets } from "./join-sockets";
import type { Accepted } from "../vpc/protocol";

/** This machine's end of what tasks connect to beyond the VPC. */
export class Outbound {
  destinations: readonly Destination[] = [];
  onUnreachable: OnUnreachable | undefined;

  /** Connects an accepted connection to its server; closes it where that can't be reached. */
  connect({ accepted: { address, port } }: Accepted, socket: Socket): void {
    const destination = this.destinations.find(
      (each) => each.address === address && each.ports.some((own) => own.port === port),
    );
    const target = destination?.ports.find((own) => own.port === port);
    if (!destination || !target) {
      socket.destroy();
      return;
    }
    const server = connect({ host: target.host, port: target.hostPort });
    server.once("connect", () => server.off("error", failed));
    const failed = (error: Error) => {
      socket.destroy();
      this.onUnreachable?.(destination, error.message);
    };
    server.once("error", failed);
    joinSockets(socket, server);
    socket.resume();
  }
}
