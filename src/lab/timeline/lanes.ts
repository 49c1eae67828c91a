import type { Recorded, RecordedEvent, RecordedTask } from "./recorded";
import type { TimeScale } from "./scale";
import { label, round, shape, since } from "./svg";

const laneHeight = 20;
const headHeight = 30;
const barHeight = 10;

/** A lane each task, grouped by service, under the service's own events. @param top where it begins */
export function lanes(recorded: Recorded, scale: TimeScale, top: number): { svg: string; bottom: number } {
  const names = [...new Set(recorded.tasks.map(({ service }) => service))].sort();
  const parts: string[] = [];
  let y = top;
  for (const name of names) {
    parts.push(label(0, y + 17, name, "service"), eventMarks(eventsOf(recorded, name), scale, y + 12));
    y += headHeight;
    for (const task of recorded.tasks.filter(({ service }) => service === name)) {
      parts.push(lane(task, recorded, scale, y));
      y += laneHeight;
    }
    y += 12;
  }
  return { svg: parts.join(""), bottom: y };
}

const eventsOf = ({ events }: Recorded, service: string) => events.filter((event) => event.service === service);

function eventMarks(events: readonly RecordedEvent[], { x, from }: TimeScale, y: number): string {
  return byPlace(events, ({ at }) => x(at))
    .map(([place, together]) => {
      const title = together.map(({ at, text }) => `${since(from, at)}: ${text}`).join("\n");
      const isDeployment = together.some(({ text }) => /deployment|rolled|rolling|unable|unhealthy/i.test(text));
      return shape("circle", { class: isDeployment ? "mark deployment" : "mark", cx: place, cy: y, r: 4 }, title);
    })
    .join("");
}

function lane(task: RecordedTask, recorded: Recorded, scale: TimeScale, y: number): string {
  const { id, address = "", definition, states } = task;
  const title = `${id.slice(0, 8)}  ${address}`;
  return [
    label(8, y + 10, title, "task"),
    label(244, y + 10, `:${definition.split(":").at(-1)}`, "soft end"),
    ...states.map((state, index) => bar(task, state, states[index + 1]?.at ?? scale.to, scale, y)),
    ...ticks(task, "joined", recorded, scale, y),
    ...ticks(task, "lost", recorded, scale, y),
  ].join("");
}

function bar(
  task: RecordedTask,
  state: RecordedTask["states"][number],
  until: number,
  { x, from }: TimeScale,
  y: number,
): string {
  const { at, status, health } = state;
  if (status === "STOPPED") return "";
  const width = round(Math.max(0.5, x(until) - x(at)));
  const title = [
    `${task.service} ${task.id} ${task.address ?? ""} (${task.definition})`,
    `${status}${health === "UNKNOWN" ? "" : `, ${health}`}: ${since(from, at)} to ${since(from, until)}`,
    ...(task.end ? [`ended: ${task.end}`] : []),
  ].join("\n");
  return shape("rect", { class: `state ${styleOf(state)}`, x: x(at), y: y + 2, width, height: barHeight }, title);
}

const starting = ["PROVISIONING", "PENDING", "ACTIVATING"];

function styleOf({ status, health }: RecordedTask["states"][number]): string {
  if (status !== "RUNNING") return starting.includes(status) ? "starting" : "ending";
  if (health === "UNKNOWN") return "running";
  return health === "HEALTHY" ? "healthy" : "unhealthy";
}

/** Nodes that came are above the bar, nodes that went are below it. */
function ticks(
  task: RecordedTask,
  kind: "joined" | "lost",
  { tasks }: Recorded,
  { x, from }: TimeScale,
  y: number,
): string[] {
  const changes = task.peers.filter(({ gone }) => (gone === undefined) === (kind === "joined"));
  return byPlace(changes, ({ at }) => x(at)).map(([place, together]) => {
    const shown = together.slice(0, 20).map(({ at, peer, gone }) => {
      const other = tasks.findLast(({ address }) => address === peer);
      return `${since(from, at)}: ${kind} ${other?.service ?? "untrusted node"} ${peer}${gone ? `, ${gone}` : ""}`;
    });
    const more = together.length > shown.length ? [`and ${together.length - shown.length} more`] : [];
    const height = kind === "joined" ? 5 : 6;
    const at = kind === "joined" ? y - 2 : y + barHeight + 2;
    return shape("rect", { class: kind, x: place - 0.7, y: at, width: 1.6, height }, [...shown, ...more].join("\n"));
  });
}

/** What falls on the same place is one mark. */
function byPlace<T>(all: readonly T[], place: (one: T) => number): [number, T[]][] {
  const places = new Map<number, T[]>();
  for (const one of all) {
    const at = Math.round(place(one));
    places.set(at, [...(places.get(at) ?? []), one]);
  }
  return [...places];
}
