import { pause, systemClock } from "../../clock";
import type { Lab } from "../../lab";
import type { LabEvent } from "../../lab-event";
import { type LoadSummary, type Outcome, summaryOf } from "../../load/outcomes";
import { WebLoad } from "../../load/web-load";
import type { RunningLab } from "../../stage";
import { host } from "./web-layout";

/** Milliseconds between two looks at how many nodes there are. */
const lookMs = 200;

/** What was seen from the beginning of a part of the scenario to its end. */
export interface SeenOfWeb extends LoadSummary {
  readonly name: string;
  readonly seconds: number;
  /** Milliseconds without any healthy target. */
  readonly withoutTargetMs: number;
  /** Fewest and most nodes that ran, and how much of the time each saw each other. */
  readonly members: readonly [number, number];
  readonly meshShare: number;
  /** Tasks that began to drain. */
  readonly leaving: readonly LeavingTask[];
  /** Seconds from the creation of each task that came until its own health checks succeeded. */
  readonly boots: readonly number[];
}

/** When a task was taken out of its target group, got SIGTERM, and had ended; milliseconds since 1970. */
export interface LeavingTask {
  readonly drainingAt: number;
  readonly stoppingAt: number;
  readonly stoppedAt: number;
}

/** When what of a task was first seen. */
type Moments = Partial<Record<"created" | "booted" | "draining" | "stopping" | "stopped", number>>;

/** A load on the load balancer of a lab, and what becomes of it. */
export class WatchedWeb {
  readonly outcomes: Outcome[] = [];
  readonly #targets = new Map<string, string>();
  readonly #healthy: { readonly at: number; readonly count: number }[] = [];
  readonly #members: { readonly at: number; readonly count: number }[] = [];
  readonly #tasks = new Map<string, Moments>();
  #load: WebLoad | undefined;
  #close: () => void = () => {};

  /** Takes an event of the lab. */
  readonly take = (event: LabEvent): void => {
    if (event.kind === "task") {
      const { status, health } = event;
      this.#see(event, "created");
      if (health === "HEALTHY") this.#see(event, "booted");
      if (status === "STOPPING") this.#see(event, "stopping");
      if (status === "STOPPED") this.#see(event, "stopped");
    }
    if (event.kind !== "target") return;
    this.#targets.set(event.taskId, event.health.state);
    if (event.health.state === "draining") this.#see(event, "draining");
    const count = [...this.#targets.values()].filter((state) => state === "healthy").length;
    this.#healthy.push({ at: event.at, count });
  };

  /** @param onOutcome gets each request that has ended, and each socket that was closed */
  async start(
    { lab, cluster }: RunningLab,
    slowSeconds: number,
    onOutcome?: (outcome: Outcome) => void,
  ): Promise<void> {
    const forwarding = await forwardTo(lab);
    const look = () => this.#members.push({ at: systemClock.now(), count: cluster.living.length });
    const timer = setInterval(look, lookMs);
    const load = new WebLoad({
      port: forwarding.port,
      host,
      slowSeconds,
      onOutcome: (outcome) => {
        this.outcomes.push(outcome);
        onOutcome?.(outcome);
      },
    });
    this.#load = load;
    this.#close = () => {
      clearInterval(timer);
      load.stop();
      // Done when the last connection has ended, for which nothing here has to wait.
      void forwarding.close();
    };
  }

  /** As {@link WebLoad.hold}. */
  holdRequests(count: number, seconds: number): () => void {
    return this.#load?.hold(count, seconds) ?? (() => {});
  }

  /** When the target of a task began to drain. */
  drainingAt(taskId: string): number | undefined {
    return this.#tasks.get(taskId)?.draining;
  }

  get openSockets(): number {
    return this.#load?.openSockets ?? 0;
  }

  stop(): void {
    this.#close();
  }

  /** Does something while the load goes on, and then waits until the requests that it may have hit have ended. */
  async during(
    name: string,
    { cluster }: RunningLab,
    afterMs: number,
    change: () => Promise<void>,
  ): Promise<SeenOfWeb> {
    const from = systemClock.now();
    await change();
    await pause(systemClock, afterMs);
    const to = systemClock.now();
    const members = this.#members.filter(({ at }) => at >= from && at <= to).map(({ count }) => count);
    return {
      name,
      seconds: (to - from) / 1000,
      ...summaryOf(this.outcomes, from, to),
      withoutTargetMs: this.#withoutTargetMs(from, to),
      members: [Math.min(...members), Math.max(...members)],
      meshShare: cluster.meshShare(from, to),
      ...this.#comingAndGoing(from, to),
    };
  }

  #see({ taskId, at }: { readonly taskId: string; readonly at: number }, what: keyof Moments): void {
    this.#tasks.set(taskId, { [what]: at, ...this.#tasks.get(taskId) });
  }

  #comingAndGoing(from: number, to: number): Pick<SeenOfWeb, "leaving" | "boots"> {
    const within = (at: number) => at >= from && at <= to;
    const all = [...this.#tasks.values()];
    return {
      leaving: all.flatMap(({ draining, stopping, stopped }) =>
        draining !== undefined && stopping !== undefined && stopped !== undefined && within(draining)
          ? [{ drainingAt: draining, stoppingAt: stopping, stoppedAt: stopped }]
          : [],
      ),
      boots: all.flatMap(({ created, booted }) =>
        created !== undefined && booted !== undefined && within(created) ? [(booted - created) / 1000] : [],
      ),
    };
  }

  #withoutTargetMs(from: number, to: number): number {
    const before = this.#healthy.filter(({ at }) => at <= from).at(-1)?.count ?? 0;
    let [sum, since, count] = [0, from, before];
    for (const { at, count: next } of [
      ...this.#healthy.filter((each) => each.at > from && each.at < to),
      { at: to, count: 0 },
    ]) {
      if (count === 0) sum += at - since;
      [since, count] = [at, next];
    }
    return sum;
  }
}

async function forwardTo(lab: Lab) {
  const [balancer] = lab.loadBalancing.loadBalancers;
  return lab.runtime.forwardToLoadBalancer(balancer!.arn, 80);
}
