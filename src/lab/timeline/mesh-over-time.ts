import type { Recorded, RecordedTask } from "./recorded";

/** How much of the full mesh there was from a moment on. */
export interface MeshShare {
  readonly at: number;
  /** Tasks that ran. */
  readonly running: number;
  /** 0 to 1: links seen, of those between all that ran, each end counted for itself; 0 for less than two tasks. */
  readonly share: number;
}

interface Moment {
  readonly at: number;
  readonly change: () => void;
}

/** Tasks that ran and whose node never saw another, though it was meant to. Their links are missing in the mesh. */
export const loners = ({ tasks }: Pick<Recorded, "tasks">): readonly RecordedTask[] =>
  tasks.filter(({ peers, apart, states }) => !apart && peers.length === 0 && states.some(isRunning));

const isRunning = ({ status }: RecordedTask["states"][number]) => status === "RUNNING";

/** The share of the full mesh after each change, from what the nodes themselves have logged, without tasks kept apart. */
export function meshOverTime({ tasks }: Pick<Recorded, "tasks">): MeshShare[] {
  const running = new Map<RecordedTask, Set<string>>();
  const joining = tasks.filter(({ apart }) => !apart);
  const moments = joining.flatMap((task) => momentsOf(task, running)).sort((one, other) => one.at - other.at);
  const shares: MeshShare[] = [];
  for (const { at, change } of moments) {
    change();
    const now = { at, running: running.size, share: shareOf(running) };
    const last = shares.at(-1);
    if (last?.at === at) shares.pop();
    if (shares.at(-1)?.share !== now.share || shares.at(-1)?.running !== now.running) shares.push(now);
  }
  return shares;
}

function momentsOf(task: RecordedTask, running: Map<RecordedTask, Set<string>>): Moment[] {
  const peers = new Set<string>();
  const started = task.states.find(({ status }) => status === "RUNNING");
  if (!started) return [];
  const ended = task.states.find(({ at, status }) => at >= started.at && status !== "RUNNING");
  return [
    { at: started.at, change: () => running.set(task, peers) },
    ...(ended ? [{ at: ended.at, change: () => running.delete(task) }] : []),
    ...task.peers.map(({ at, peer, gone }) => ({
      at,
      change: () => (gone === undefined ? peers.add(peer) : peers.delete(peer)),
    })),
  ];
}

function shareOf(running: ReadonlyMap<RecordedTask, ReadonlySet<string>>): number {
  if (running.size < 2) return 0;
  const addresses = new Set([...running.keys()].map(({ address }) => address));
  let links = 0;
  for (const [{ address }, peers] of running) {
    for (const peer of peers) if (peer !== address && addresses.has(peer)) links += 1;
  }
  return links / (running.size * (running.size - 1));
}

/** Share of the time from the first full mesh to the end in which it was full; `undefined` when it never was. */
export function fullShare(shares: readonly MeshShare[], to: number): number | undefined {
  const first = shares.findIndex(({ share }) => share === 1);
  if (first < 0) return undefined;
  const from = shares[first]!.at;
  let full = 0;
  for (const [index, { at, share }] of shares.entries()) {
    if (index >= first && share === 1) full += (shares[index + 1]?.at ?? to) - at;
  }
  return to > from ? full / (to - from) : 1;
}
