import { createServer, type Server, type Socket } from "node:net";
import { isDeepStrictEqual } from "node:util";
import type { Destination } from "../network/destination";
import type { SecurityGroup } from "../network/security-group";
import { listenInside } from "./inside";
import type { Firewall } from "./network/firewall";
import { addLink, type Link, removeLink } from "./network/router";

/** Every server beyond the VPC admits everybody: what a task's own groups let out decides. */
export const beyondGroup: SecurityGroup = {
  id: "beyond",
  ingress: [{ id: "beyond", protocol: "-1", peer: { cidr4: "0.0.0.0/0" } }],
  egress: [],
};

/** A connection of a task to a destination, accepted in the sandbox. */
type Accepted = (address: string, port: number, socket: Socket) => void;

/** Only its first address is used: the router's, which no destination has. */
const gatewaySubnet = "169.254.1.0/24";

interface Placed {
  readonly destination: Pick<Destination, "address" | "ports">;
  readonly link: Link;
  readonly servers: readonly Server[];
}

let sockets = 0;

/** Servers beyond the VPC: each address has a namespace behind the router, where its ports are listened at. */
export class Destinations {
  private readonly placed = new Map<string, Placed>();
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly firewall: Pick<Firewall, "attach" | "detach">,
    private readonly accepted: Accepted,
  ) {}

  /** All there are from now on; those without ports have an address only. */
  apply(destinations: readonly Destination[]): Promise<void> {
    this.turn = this.turn.catch(() => undefined).then(() => this.reconcile(byAddress(destinations)));
    return this.turn;
  }

  private async reconcile(wanted: readonly Placed["destination"][]): Promise<void> {
    for (const [address, { destination }] of this.placed)
      if (!wanted.some((each) => isDeepStrictEqual(each, destination))) await this.remove(address);
    for (const destination of wanted) if (!this.placed.has(destination.address)) await this.add(destination);
  }

  private async add(destination: Placed["destination"]): Promise<void> {
    const { address, ports } = destination;
    const link = await addLink(address, gatewaySubnet);
    await this.firewall.attach({ name: link.interface, address, groupIds: [beyondGroup.id] });
    const servers: Server[] = [];
    for (const { port } of ports) {
      const socketPath = `/run/destination-${(sockets += 1)}.sock`;
      const server = createServer({ pauseOnConnect: true }, (socket) => this.accepted(address, port, socket));
      await new Promise<void>((resolve, reject) => server.once("error", reject).listen(socketPath, resolve));
      await listenInside(link.namespace, address, port, socketPath);
      servers.push(server);
    }
    this.placed.set(address, { destination, link, servers });
  }

  private async remove(address: string): Promise<void> {
    const { link, servers } = this.placed.get(address)!;
    this.placed.delete(address);
    for (const server of servers) server.close();
    await removeLink(link);
    await this.firewall.detach(link.interface);
  }
}

/** Several names may share an address. */
function byAddress(destinations: readonly Destination[]): Placed["destination"][] {
  const ports = new Map<string, Destination["ports"]>();
  for (const { address, ports: own } of destinations)
    if (own.length > 0) ports.set(address, [...(ports.get(address) ?? []), ...own]);
  return [...ports].map(([address, own]) => ({ address, ports: own }));
}
