import type { ClusterWatch } from "../cluster/cluster-watch";
import type { Lab } from "../lab";
import { lastOutput, whyNotSteady } from "./last-output";
import { timed } from "../timings";
import { type Bound, describeWait, waitFor, type Waited } from "./wait";

/** What has to be so before a test can say anything was not reached: the test has neither passed nor failed. */
export class PreconditionError extends Error {
  override readonly name = "PreconditionError";

  constructor(what: string, why: string) {
    super(`precondition not reached: ${what}: ${why}`);
  }
}

/** What a negative test must not see, and what has to be so before that means anything. */
export interface NegativeTest {
  /** What there is that must not be; `undefined` while there is nothing. */
  readonly offence: () => string | undefined;
  /** Such as `myapp2's nodes see each other`, and whether it is so. */
  readonly precondition: { readonly what: string; readonly holds: () => boolean | Promise<boolean> };
}

/** Waits on one lab for as long as what is applied there may take. */
export class ClusterWaits {
  constructor(
    private readonly lab: Lab,
    private readonly cluster: ClusterWatch,
    private readonly signal?: AbortSignal,
  ) {}

  /** Waits until so many nodes live. @throws PreconditionError with the last output of the tasks */
  async living(count: number): Promise<void> {
    const living = () => this.cluster.living.length;
    await this.#nodes(
      `${count} nodes run`,
      () => living() === count,
      () => `${living()} run`,
    );
  }

  /** Waits until so many nodes live and each two of them are linked; of `service` alone where it is given. */
  async mesh(count: number, service?: string): Promise<Waited<true>> {
    return this.until(() => this.cluster.isMesh(count, service), this.lab.bounds.mesh);
  }

  /** As {@link mesh}, where all that follows rests on it. @throws PreconditionError with the last output of the tasks */
  async meshed(count: number): Promise<void> {
    await this.#nodes(`full mesh of ${count} nodes`, () => this.cluster.isMesh(count), this.#links);
  }

  /** As {@link reached}, and not one moment longer than ECS still starts tasks. */
  async #nodes(what: string, condition: () => boolean, seen: () => string): Promise<void> {
    const holds = () => {
      if (condition()) return true;
      const stalled = this.lab.services.filter((service) => service.stalled);
      if (stalled.length > 0) throw new PreconditionError(what, `${seen()}\n${whyNotSteady(stalled)}`);
      return false;
    };
    await this.reached(what, holds, this.lab.bounds.mesh, seen);
  }

  async until(condition: () => boolean | Promise<boolean>, bound: Bound): Promise<Waited<true>> {
    return timed("wait for a condition", () =>
      waitFor(async () => (await condition()) && true, bound, { signal: this.signal }),
    );
  }

  /** Waits for what the rest of a test rests on. @param seen what there is instead @throws PreconditionError */
  async reached(
    what: string,
    condition: () => boolean | Promise<boolean>,
    bound: Bound,
    seen: () => string,
  ): Promise<void> {
    const waited = await this.until(condition, bound);
    if (waited.value) return;
    const tasks = this.lab.services.flatMap(({ newestTasks }) => newestTasks);
    throw new PreconditionError(what, `${seen()} ${describeWait(waited)}\n${lastOutput(tasks)}`);
  }

  /**
   * Waits for the precondition, and then goes on watching for as long as a join may take: the offence is looked for all
   * the while.
   * @returns what there was that must not be; `undefined` when there was nothing
   * @throws PreconditionError when the precondition was not reached, and no offence was seen
   */
  async never({ offence, precondition: { what, holds } }: NegativeTest): Promise<Waited<string>> {
    const { mesh, join } = this.lab.bounds;
    const options = { signal: this.signal };
    let seen: string | undefined;
    await this.reached(what, async () => (seen = offence()) !== undefined || (await holds()), mesh, this.#links);
    return timed("watch that nothing happens", () => waitFor(() => seen ?? offence(), join, options));
  }

  readonly #links = (): string => {
    const nodes = this.cluster.living;
    const links = nodes.map(({ address, peers }) => `${address} sees ${[...peers].join(", ") || "nobody"}`);
    return `${nodes.length} nodes run${nodes.length > 0 ? ` (${links.join("; ")})` : ""}`;
  };
}
