import type { History, HistoryEvent } from "./history";

/** A node as the history shows it at one moment. */
export interface ReplayedNode {
  readonly task: string;
  service: string;
  address?: string;
  version?: string;
  /** When its application had started. */
  bornAt?: number;
  /** When it began to leave: ECS stops its task, its container has ended, or its application has left the cluster. */
  leftAt?: number;
  /** When nothing of it runs any more. */
  stoppedAt?: number;
  /** Addresses of the nodes that it reports as connected, each since when. */
  readonly peers: Map<string, number>;
}

/** Follows a history event by event. */
export class Replay {
  readonly nodes = new Map<string, ReplayedNode>();
  readonly #byAddress = new Map<string, ReplayedNode>();

  /** The newest node that has, or had, the address. */
  at(address: string): ReplayedNode | undefined {
    return this.#byAddress.get(address);
  }

  /** Nodes that take part: their application has started, and they haven't begun to leave. */
  get living(): ReplayedNode[] {
    return [...this.nodes.values()].filter(isLiving);
  }

  apply(event: HistoryEvent): void {
    if (event.kind === "task") this.#task(event);
    if (!("task" in event) || event.kind === "task") return;
    const node = this.nodes.get(event.task);
    if (!node) return;
    if (event.kind === "looks") node.bornAt ??= event.at;
    else if (event.kind === "leaves") node.leftAt ??= event.at;
    else if (event.kind === "connect") node.peers.set(event.peer, event.at);
    else node.peers.delete(event.peer);
  }

  #task({ at, task, service, address, version, status, ending }: Extract<HistoryEvent, { kind: "task" }>): void {
    const node = this.nodes.get(task) ?? { task, service, peers: new Map<string, number>() };
    this.nodes.set(task, node);
    if (version !== undefined) node.version = version;
    if (address !== undefined && node.address === undefined) {
      node.address = address;
      this.#byAddress.set(address, node);
    }
    if (ending) node.leftAt ??= at;
    if (status === "STOPPED") node.stoppedAt ??= at;
  }
}

export const isLiving = ({ bornAt, leftAt, stoppedAt }: ReplayedNode): boolean =>
  bornAt !== undefined && leftAt === undefined && stoppedAt === undefined;

/** Whether each of two nodes reports the other. */
export const areLinked = (one: ReplayedNode, other: ReplayedNode): boolean =>
  one.peers.has(other.address!) && other.peers.has(one.address!);

/** Such as `myapp (10.0.1.11)`. */
export const nameOf = ({ service, address }: ReplayedNode): string => `${service} (${address})`;

/** Such as `at 12.3 s`. */
export const inSeconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/** Replays a history to its end; `look` sees each event after it was applied. */
export function replay(
  { events }: Pick<History, "events">,
  look: (event: HistoryEvent, state: Replay) => void = () => undefined,
): Replay {
  const state = new Replay();
  for (const event of events) {
    state.apply(event);
    look(event, state);
  }
  return state;
}
