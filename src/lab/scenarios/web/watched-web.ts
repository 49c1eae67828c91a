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
}

/** A load on the load balancer of a lab, and what becomes of it. */
export class WatchedWeb {
  readonly outcomes: Outcome[] = [];
  readonly #targets = new Map<string, string>();
  readonly #healthy: { readonly at: number; readonly count: number }[] = [];
  readonly #members: { readonly at: number; readonly count: number }[] = [];
  /** When a target began to drain, by task. */
  readonly draining = new Map<string, number>();
  #load: WebLoad | undefined;
  #close: () => void = () => {};

  /** Takes an event of the lab. */
  readonly take = (event: LabEvent): void => {
    if (event.kind !== "target") return;
    this.#targets.set(event.taskId, event.health.state);
    if (event.health.state === "draining") this.draining.set(event.taskId, event.at);
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
