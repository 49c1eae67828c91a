import { bothOf } from "../../data-plane/faults/faults";
import type { Faults, TaskRuntime } from "../../data-plane/data-plane";

/** Faults that overlap: each begins and ends by itself, and all that are in force are applied together. */
export class FaultsAtOnce {
  readonly #inForce = new Set<Faults>();
  #applying: Promise<void> = Promise.resolve();

  constructor(private readonly runtime: Pick<TaskRuntime, "applyFaults">) {}

  /** @returns what ends it. */
  async begin(faults: Faults): Promise<() => Promise<void>> {
    this.#inForce.add(faults);
    await this.#apply();
    return async () => {
      this.#inForce.delete(faults);
      await this.#apply();
    };
  }

  /** Ends all. */
  async heal(): Promise<void> {
    this.#inForce.clear();
    await this.#apply();
  }

  #apply(): Promise<void> {
    const next = () => this.runtime.applyFaults([...this.#inForce].reduce(bothOf, {}));
    return (this.#applying = this.#applying.then(next, next));
  }
}
