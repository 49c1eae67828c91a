import { partitions } from "../../mesh/mesh";
import type { LabEvent } from "../lab-event";

/** One node's loss of another, as it logged it. */
export interface NodeDown {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Address of the node that logged it, and of the one that it lost. */
  readonly observer: string;
  readonly peer: string;
  /** Erlang's reason, such as `:connection_closed`. */
  readonly reason: string;
  /** Whether neither task was ending: a loss without a reason. */
  readonly betweenLiving: boolean;
}

interface WatchedNode {
  readonly address: string;
  readonly service: string;
  /** When its application had started. */
  bornAt?: number;
  /** From the moment on that ECS stops its task, or its container has ended. */
  leaving: boolean;
  readonly peers: Set<string>;
}

interface Pair {
  linked: boolean;
  /** When they lost each other, having been linked before. */
  lostAt?: number;
  /** Milliseconds from the later one's start to their first link. */
  joinedAfter?: number;
}

/** What a node's log says, as `Myapp.Cluster.Peers` and `Myapp.Application` of the sample app write it. */
export const said = {
  born: /\S+@([\d.]+) looks for /,
  up: /node up: \S+@([\d.]+)/,
  left: /left the cluster: \d+ disconnected/,
  down: /node down: \S+@([\d.]+), (.+) \(\d+ peers?\)/,
};

/**
 * Which nodes see each other, followed from what the nodes log: they get no requests, so watching costs them nothing. A pair
 * is linked when each has logged the other.
 */
export class ClusterWatch {
  readonly nodeDowns: NodeDown[] = [];
  readonly #nodes = new Map<string, WatchedNode>();
  readonly #gone = new Map<string, WatchedNode>();
  readonly #pairs = new Map<string, Pair>();
  /** Of each address that has been linked with any: those that it is linked with now. */
  readonly #links = new Map<string, Set<string>>();
  readonly #meshes: { readonly at: number; readonly meshed: boolean }[] = [];
  readonly #partitions: { readonly at: number; readonly count: number }[] = [];
  readonly #joins: number[] = [];
  #longestGap = 0;

  /** Takes an event of the lab; others than tasks' and their output mean nothing to it. */
  readonly take = (event: LabEvent): void => {
    if (event.kind === "task") this.#task(event);
    if (event.kind === "output") this.#output(event.taskId, event.line, event.at);
  };

  /** Nodes whose application runs and whose task is not ending. */
  get living(): readonly { readonly address: string; readonly service: string; readonly peers: ReadonlySet<string> }[] {
    return this.#living();
  }

  /** The service of the task that has, or had, this address. */
  serviceOf(address: string): string | undefined {
    const all = [...this.#nodes.values(), ...this.#gone.values()];
    return all.find((node) => node.address === address)?.service;
  }

  /** Whether so many nodes live and every two of them are linked; of `service` alone where it is given. */
  isMesh(count: number, service?: string): boolean {
    const nodes = this.#living().filter((node) => service === undefined || node.service === service);
    const addresses = nodes.map(({ address }) => address);
    return (
      nodes.length === count &&
      nodes.every(({ address, peers }) => addresses.every((other) => other === address || peers.has(other)))
    );
  }

  /** Every living node's peers, as pairs of services; `to` is absent where the peer's task is ending. */
  get links(): readonly { readonly from: string; readonly to?: string }[] {
    const living = this.#living();
    const services = new Map(living.map(({ address, service }) => [address, service]));
    return living.flatMap(({ service, peers }) =>
      [...peers].map((peer) => ({ from: service, to: services.get(peer) })),
    );
  }

  /** Share, 0 to 1, of the time between two moments in which every two living nodes were linked. */
  meshShare(from: number, to: number): number {
    return shareOf(this.#meshes, from, to, ({ meshed }) => meshed);
  }

  /** Most partitions at once since `from`, of nodes that had joined. */
  maxPartitions(from: number): number {
    return Math.max(1, ...this.#partitions.filter(({ at }) => at >= from).map(({ count }) => count));
  }

  /** Longest time in milliseconds that two living nodes, having been linked, did not see each other; up to now. */
  longestGapMs(now = Date.now()): number {
    const open = [...this.#pairs.values()].map(({ lostAt }) => (lostAt === undefined ? 0 : now - lostAt));
    return Math.max(this.#longestGap, ...open, 0);
  }

  /** Longest time in milliseconds from a node's start to its link with one that lived already; 0 before any. */
  get longestJoinMs(): number {
    return Math.max(0, ...this.#joins);
  }

  /** Losses since `from` without a reason. */
  losses(from = 0): number {
    return this.nodeDowns.filter(({ at, betweenLiving }) => betweenLiving && at >= from).length;
  }

  #living(): WatchedNode[] {
    return [...this.#nodes.values()].filter((node) => node.bornAt !== undefined && !node.leaving);
  }

  #task({ taskId, service, address, status, end, at }: Extract<LabEvent, { kind: "task" }>): void {
    if (!address) return;
    const node = this.#nodes.get(taskId) ?? { address, service, leaving: false, peers: new Set<string>() };
    this.#nodes.set(taskId, node);
    if (end && !node.leaving) {
      node.leaving = true;
      this.#forget(node.address);
      this.#note(at);
    }
    if (status !== "STOPPED") return;
    this.#nodes.delete(taskId);
    this.#gone.set(taskId, node);
  }

  #output(taskId: string, line: string, at: number): void {
    const node = this.#nodes.get(taskId);
    if (!node) return;
    const up = said.up.exec(line)?.[1];
    const down = said.down.exec(line);
    if (up) node.peers.add(up);
    else if (down) this.#down(node, down[1]!, down[2]!, at);
    else if (node.bornAt === undefined && said.born.test(line)) node.bornAt = at;
    else return;
    const about = up ?? down?.[1];
    for (const other of this.#living()) {
      if (about === undefined || other.address === about) this.#pair(node, other, at);
    }
    this.#note(at);
  }

  #down(node: WatchedNode, peer: string, reason: string, at: number): void {
    node.peers.delete(peer);
    const other = this.#living().find(({ address }) => address === peer);
    const betweenLiving = !node.leaving && other !== undefined;
    this.nodeDowns.push({ at, observer: node.address, peer, reason, betweenLiving });
  }

  #pair(node: WatchedNode, other: WatchedNode, at: number): void {
    if (node === other || node.leaving || node.bornAt === undefined) return;
    const key = [node.address, other.address].sort().join(" ");
    const pair = this.#pairs.get(key) ?? { linked: false };
    this.#pairs.set(key, pair);
    const linked = node.peers.has(other.address) && other.peers.has(node.address);
    if (linked === pair.linked) return;
    pair.linked = linked;
    this.#link(node.address, other.address, linked);
    if (!linked) {
      pair.lostAt = at;
      return;
    }
    if (pair.lostAt !== undefined) this.#longestGap = Math.max(this.#longestGap, at - pair.lostAt);
    pair.lostAt = undefined;
    if (pair.joinedAfter === undefined) {
      pair.joinedAfter = at - Math.max(node.bornAt, other.bornAt ?? at);
      this.#joins.push(pair.joinedAfter);
    }
  }

  #isMeshed(): boolean {
    const count = this.#living().length;
    let ends = 0;
    for (const links of this.#links.values()) ends += links.size;
    return ends === count * (count - 1);
  }

  #note(at: number): void {
    const meshed = this.#isMeshed();
    if (this.#meshes.at(-1)?.meshed !== meshed) this.#meshes.push({ at, meshed });
    const count = this.#partitionCount();
    if (this.#partitions.at(-1)?.count !== count) this.#partitions.push({ at, count });
  }

  /** Of the nodes that have been linked with anyone, joined through links: one that has just started is not a partition. */
  #partitionCount(): number {
    const linked = (one: string, other: string) => this.#links.get(one)?.has(other) ?? false;
    return partitions([...this.#links.keys()], linked).length;
  }

  #link(one: string, other: string, linked: boolean): void {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      const links = this.#links.get(from) ?? new Set();
      this.#links.set(from, links);
      if (linked) links.add(to);
      else links.delete(to);
    }
  }

  #forget(address: string): void {
    const joined = new Set<string>();
    for (const [key, { joinedAfter }] of this.#pairs) {
      const ends = key.split(" ");
      if (ends.includes(address)) this.#pairs.delete(key);
      else if (joinedAfter !== undefined) ends.forEach((end) => joined.add(end));
    }
    for (const [other, links] of this.#links) {
      links.delete(address);
      // A node that had joined only this one has joined no living node.
      if (!joined.has(other)) this.#links.delete(other);
    }
  }
}

/** Share of a span of time in which the state, known at the moments of its changes, fulfils `wanted`. */
function shareOf<State extends { readonly at: number }>(
  changes: readonly State[],
  from: number,
  to: number,
  wanted: (state: State) => boolean,
): number {
  if (to <= from) return 0;
  let total = 0;
  for (const [index, state] of changes.entries()) {
    const begin = Math.max(state.at, from);
    const end = Math.min(changes[index + 1]?.at ?? to, to);
    if (end > begin && wanted(state)) total += end - begin;
  }
  return total / (to - from);
}
