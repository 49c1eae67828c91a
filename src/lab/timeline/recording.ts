import { lastPartOf } from "../../aws/arn";
import { type AppliedSnapshot, changesBetween } from "../control-plane/applied/applied-snapshot";
import { systemClock } from "../clock";
import { said } from "../cluster/cluster-watch";
import type { Lab } from "../lab";
import type { LabEvent } from "../lab-event";
import { abnormalClosure, type Outcome } from "../load/outcomes";
import type { PeerChange, Recorded, RecordedEvent, RecordedTask, TrafficSecond } from "./recorded";

type Growing<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Element)[] ? Element[] : T[Key] };

/** Collects what happens in one or several labs, one after another, for {@link timelineHtml}. */
export class Recording {
  readonly #from = systemClock.now();
  readonly #tasks = new Map<string, Growing<RecordedTask>>();
  readonly #events: RecordedEvent[] = [];
  readonly #traffic: Growing<TrafficSecond>[] = [];
  readonly #denied: { at: number; packets: number }[] = [];
  /** Packets denied in labs that are closed. */
  #deniedBefore = 0;
  #applied: AppliedSnapshot | undefined;
  readonly #apart = new Set<string>();

  /** Takes an event of the lab: `onEvent`. */
  readonly take = (event: LabEvent): void => {
    if (event.kind === "task") this.#task(event);
    else if (event.kind === "output") this.#output(event.taskId, event.line, event.at);
    else if (event.kind === "applied") this.#changes(event, event.at);
    else if (event.kind === "problem") this.#events.push({ at: event.at, kind: "problem", text: event.message });
    else if (event.kind === "service")
      this.#events.push({ at: event.at, kind: "service", service: event.service, text: event.message });
  };

  /** Takes a request of a load that has ended, or a socket that was closed. */
  readonly takeOutcome = ({ at, kind, failure, closeCode }: Outcome): void => {
    const second = Math.floor(at / 1000) * 1000;
    const last = this.#traffic.at(-1);
    const current = last?.at === second ? last : { at: second, requests: 0, errors: 0 };
    if (current !== last) this.#traffic.push(current);
    if (kind !== "socket") current.requests += 1;
    if (failure !== undefined || closeCode === abnormalClosure) current.errors += 1;
  };

  /** From now on, new tasks of a service are meant to see no other node. */
  keepApart(service: string): void {
    this.#apart.add(service);
  }

  /** Notes what is done from outside, such as a fault or the next part of a scenario. */
  note(text: string): void {
    this.#events.push({ at: systemClock.now(), kind: "done", text });
  }

  /** Notes faults of one lab that begin or end. */
  changed(texts: readonly string[], at: number): void {
    for (const text of texts) this.#events.push({ at, kind: "change", text });
  }

  /** Notes where the model's check has found a violation. @param at milliseconds since 1970 */
  violated(text: string, at: number): void {
    this.#events.push({ at, kind: "problem", text: `model, ${text}` });
    this.#events.sort((one, other) => one.at - other.at);
  }

  /** Counts a lab's denied packets every second, for as long as it runs. */
  watchDenied(lab: Lab): void {
    const before = this.#deniedBefore;
    const look = async () => {
      const { denied } = await lab.runtime.counters();
      const packets = before + denied.reduce((sum, counter) => sum + counter.packets, 0);
      if (packets !== (this.#denied.at(-1)?.packets ?? 0)) this.#denied.push({ at: systemClock.now(), packets });
    };
    const timer = setInterval(() => void look().catch(() => undefined), 1000);
    void lab.runtime.closed.then(() => {
      clearInterval(timer);
      this.#deniedBefore = this.#denied.at(-1)?.packets ?? 0;
    });
  }

  /** Whether any task has started. */
  get hasRun(): boolean {
    return this.#tasks.size > 0;
  }

  /** What has happened so far. */
  recorded(): Recorded {
    return {
      from: this.#from,
      to: systemClock.now(),
      tasks: [...this.#tasks.values()],
      events: this.#events,
      traffic: this.#traffic,
      denied: this.#denied,
    };
  }

  #task({
    at,
    taskId: id,
    service,
    taskDefinition,
    address,
    status,
    health,
    end,
    exitCodes,
  }: Extract<LabEvent, { kind: "task" }>): void {
    const definition = lastPartOf(taskDefinition);
    const apart = this.#apart.has(service) ? { apart: true as const } : {};
    const task = this.#tasks.get(id) ?? { id, service, definition, states: [], peers: [], ...apart };
    this.#tasks.set(id, task);
    if (address) task.address = address;
    const last = task.states.at(-1);
    if (last?.status !== status || last.health !== health) task.states.push({ at, status, health });
    const codes = Object.entries(exitCodes).map(([container, code]) => `${container} exit code ${code}`);
    if (end) task.end = [end.stoppedReason, ...codes].join(", ");
  }

  /** Also between two labs, of which the second finds what was changed meanwhile. */
  #changes(applied: AppliedSnapshot, at: number): void {
    const changes = this.#applied ? changesBetween(this.#applied, applied) : [];
    this.#applied = applied;
    for (const text of changes) this.#events.push({ at, kind: "change", text });
  }

  #output(id: string, line: string, at: number): void {
    const change = peerChange(line);
    if (change) this.#tasks.get(id)?.peers.push({ at, ...change });
  }
}

function peerChange(line: string): Omit<PeerChange, "at"> | undefined {
  const down = said.down.exec(line);
  if (down) return { peer: down[1]!, gone: down[2]! };
  const up = said.up.exec(line);
  return up ? { peer: up[1]! } : undefined;
}
