import { type Faults, faultsInWords } from "./faults";

/** Which faults of one lab begin and end. */
export class FaultChanges {
  #inForce: readonly string[] = [];

  /** @returns a line for each that has begun or ended since the last time. */
  since(faults: Faults): string[] {
    const now = faultsInWords(faults);
    const begun = now.filter((text) => !this.#inForce.includes(text)).map((text) => `fault: ${text}`);
    const ended = this.#inForce.filter((text) => !now.includes(text)).map((text) => `fault over: ${text}`);
    this.#inForce = now;
    return [...begun, ...ended];
  }
}
