/** Numbers that look random and are the same for the same seed: mulberry32. Source: https://github.com/cprosche/mulberry32 */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** One of `things`. @throws RangeError when there is none */
  of<Thing>(things: readonly Thing[]): Thing {
    if (things.length === 0) throw new RangeError("There is nothing to choose from.");
    return things[Math.floor(this.next() * things.length)]!;
  }

  /** From `least` up to `most`. */
  between(least: number, most: number): number {
    return least + this.next() * (most - least);
  }
}
