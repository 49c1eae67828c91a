/** A server that is none of the lab's tasks, at a name that the VPC's resolver answers. Types only. */
export interface Destination {
  /** Such as `db.internal`, or `*.example.com` for every name below it; an address where the application uses no name. */
  readonly name: string;
  /** IPv4 address that tasks connect to. */
  readonly address: string;
  /** TCP ports that lead out of the lab; at an address of the VPC's own, such as a database's, there are none. */
  readonly ports: readonly DestinationPort[];
}

export interface DestinationPort {
  readonly port: number;
  /** Where this machine connects to for it: a name or an address, as it resolves them itself. */
  readonly host: string;
  readonly hostPort: number;
}

/** Gets the destination that this machine couldn't connect to when a task did, and why. */
export type OnUnreachable = (destination: Destination, reason: string) => void;
