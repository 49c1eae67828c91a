import type { LabEvent } from "../lab-event";
import { said } from "../cluster/cluster-watch";
import { Stopwatch } from "../waiting/machine";
import type { History, HistoryEvent, HistorySettings } from "./history";

type Untimed<Event> = Event extends unknown ? Omit<Event, "at"> : never;

/** Writes the history of one lab from its events. */
export class HistoryRecord {
  readonly #stopwatch = new Stopwatch();
  readonly #events: HistoryEvent[] = [];
  /** When each event happened on this machine's clock: milliseconds since 1970. */
  readonly #clock: number[] = [];
  readonly #registered = new Map<string, string>();
  #to: number | undefined;

  /** Takes an event of the lab; some mean nothing to a history. */
  readonly take = (event: LabEvent): void => {
    const taken = this.#to === undefined ? this.#asHistory(event) : undefined;
    if (!taken) return;
    this.#events.push({ ...taken, at: this.#stopwatch.measured.workMs });
    this.#clock.push(event.at);
  };

  /** Ends it: what happens from now on is the end of the lab. */
  end(): void {
    this.#to ??= this.#stopwatch.measured.workMs;
    this.#stopwatch.stop();
  }

  history(settings: HistorySettings): History {
    return { to: this.#to ?? this.#stopwatch.measured.workMs, settings, events: this.#events };
  }

  /** A moment of the history on this machine's clock: milliseconds since 1970. */
  clockAt(at: number): number {
    const next = this.#events.findIndex((event) => event.at > at);
    return this.#clock.at(next < 0 ? -1 : Math.max(0, next - 1)) ?? Date.now();
  }

  #asHistory(event: LabEvent): Untimed<HistoryEvent> | undefined {
    if (event.kind === "faults" || event.kind === "answer") return event;
    if (event.kind === "registered") return this.#isNewRegistration(event) ? event : undefined;
    if (event.kind === "output") return reported(event.taskId, event.line);
    if (event.kind !== "task") return undefined;
    const { taskId: task, service, address, version, status, end } = event;
    return {
      ...{ kind: "task", task, service, status, ending: end !== undefined },
      ...(address === undefined ? {} : { address }),
      ...(version === undefined ? {} : { version }),
    };
  }

  #isNewRegistration({ name, addresses }: Extract<LabEvent, { kind: "registered" }>): boolean {
    const text = [...addresses].sort().join(" ");
    if (this.#registered.get(name) === text) return false;
    this.#registered.set(name, text);
    return true;
  }
}

/** What a line of a node's log means. */
function reported(task: string, line: string): Untimed<HistoryEvent> | undefined {
  const down = said.down.exec(line);
  if (down) return { kind: "disconnect", task, peer: down[1]!, reason: down[2]! };
  const up = said.up.exec(line);
  if (up) return { kind: "connect", task, peer: up[1]! };
  if (said.left.test(line)) return { kind: "leaves", task };
  return said.born.test(line) ? { kind: "looks", task } : undefined;
}
