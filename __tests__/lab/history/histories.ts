import type { History, HistoryEvent, HistorySettings } from "../../../src/lab/history/history";

type Untimed<Event> = Event extends unknown ? Omit<Event, "at"> : never;

/** A step of a history: seconds from the start, and what happens. */
export type Step = readonly [second: number, event: Untimed<HistoryEvent>];

export const settings: HistorySettings = {
  netTicktime: 8,
  pollingIntervalMs: 1000,
  dnsTtl: 1,
  negativeTtl: 1,
  clusters: [["shop", "jobs"], ["billing"]],
  apart: ["untrusted"],
};

/** A history of steps, sorted by time; steps of the same time keep their order. */
export function historyOf(steps: readonly Step[], to: number, changed: Partial<HistorySettings> = {}): History {
  const events = [...steps]
    .sort(([one], [other]) => one - other)
    .map(([second, event]) => ({ at: second * 1000, ...event }));
  return { to: to * 1000, settings: { ...settings, ...changed }, events };
}

const addressOf = (task: string): string => `10.0.0.${task.charCodeAt(0)}`;

/** A task that runs from a second on, and whose node has started a second later. Its name's first letter makes its address. */
export const started = (second: number, task: string, service = "shop", version?: string): Step[] => {
  const about = { kind: "task", task, service, ending: false, ...(version === undefined ? {} : { version }) } as const;
  return [
    [second, { ...about, status: "PROVISIONING" }],
    [second, { ...about, address: addressOf(task), status: "PENDING" }],
    [second + 0.5, { ...about, address: addressOf(task), status: "RUNNING" }],
    [second + 1, { kind: "looks", task }],
  ];
};

/** ECS stops a task, and it has ended a second later. */
export const stopped = (second: number, task: string, service = "shop"): Step[] => {
  const about = { kind: "task", task, service, address: addressOf(task), ending: true } as const;
  return [
    [second, { ...about, status: "DEACTIVATING" }],
    [second + 1, { ...about, status: "STOPPED" }],
  ];
};

export const connects = (
  second: number,
  task: string,
  peer: string,
): readonly [number, Extract<Untimed<HistoryEvent>, { kind: "connect" }>] => [
  second,
  { kind: "connect", task, peer: addressOf(peer) },
];

export const disconnects = (second: number, task: string, peer: string): Step => [
  second,
  { kind: "disconnect", task, peer: addressOf(peer), reason: ":connection_closed" },
];

/** Both ends of a connection, and of its loss. */
export const linked = (second: number, one: string, other: string): Step[] => [
  connects(second, one, other),
  connects(second, other, one),
];
export const lost = (second: number, one: string, other: string): Step[] => [
  disconnects(second, one, other),
  disconnects(second, other, one),
];

export const registered = (second: number, ...tasks: string[]): Step => [
  second,
  { kind: "registered", name: "shop.local", addresses: tasks.map(addressOf) },
];

export const answered = (second: number, to: string, ...tasks: string[]): Step => [
  second,
  { kind: "answer", to: addressOf(to), name: "shop.local", addresses: tasks.map(addressOf) },
];

export const faults = (second: number, inForce: Extract<HistoryEvent, { kind: "faults" }>["faults"] = {}): Step => [
  second,
  { kind: "faults", faults: inForce },
];

/** Two nodes that have found each other. */
export const pair: readonly Step[] = [
  ...started(0, "a"),
  ...started(0, "b"),
  registered(0.2, "a", "b"),
  answered(1.1, "a", "a", "b"),
  ...linked(1.5, "a", "b"),
];

/**
 * A day in the life of a mesh: two nodes form it, a third joins, a cut and its healing, a silent DNS, a deployment that
 * replaces one node, one killed.
 */
export const goodDay: readonly Step[] = [
  ...pair,
  ...started(10, "c", "jobs"),
  ...linked(11.5, "c", "a"),
  ...linked(11.6, "c", "b"),
  faults(20, { cutTasks: [addressOf("c")] }),
  ...lost(29, "a", "c"),
  ...lost(29.5, "b", "c"),
  faults(32),
  ...linked(33, "a", "c"),
  ...linked(33.2, "b", "c"),
  faults(60, { dnsSilent: true }),
  faults(70),
  ...started(80, "d"),
  registered(80.2, "a", "b", "d"),
  ...["a", "b", "c"].flatMap((task) => linked(82, "d", task)),
  ...stopped(90, "a"),
  registered(90.1, "b", "d"),
  ...["b", "c", "d"].map((task) => disconnects(90.5, task, "a")),
  ...["b", "d"].map((task) => disconnects(100, task, "c")),
  ...stopped(100.2, "c", "jobs"),
];

export const endOfDay = 130;
