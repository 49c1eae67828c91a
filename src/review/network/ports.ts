/** First and last TCP port, both included. */
export type PortRange = readonly [from: number, to: number];

/** Any TCP port. */
export const everyPort: PortRange = [0, 65535];

/** TCP ports as disjoint ranges in order: a set that stays small however many rules are put into it. */
export class PortSet {
  private constructor(private readonly ranges: readonly PortRange[]) {}

  static readonly empty = new PortSet([]);

  static of(...ranges: readonly PortRange[]): PortSet {
    const sorted = ranges.filter(([from, to]) => from <= to).sort((a, b) => a[0] - b[0]);
    const merged: [number, number][] = [];
    for (const [from, to] of sorted) {
      const last = merged.at(-1);
      if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
      else merged.push([from, to]);
    }
    return new PortSet(merged);
  }

  union(other: PortSet): PortSet {
    if (other.ranges.length === 0) return this;
    return this.ranges.length === 0 ? other : PortSet.of(...this.ranges, ...other.ranges);
  }

  has(port: number): boolean {
    return this.ranges.some(([from, to]) => from <= port && port <= to);
  }

  /** The part of a range that is not in the set. */
  missing([from, to]: PortRange): readonly PortRange[] {
    const gaps: PortRange[] = [];
    let next = from;
    for (const [low, high] of this.ranges) {
      if (high < next) continue;
      if (low > to) break;
      if (low > next) gaps.push([next, low - 1]);
      next = high + 1;
    }
    if (next <= to) gaps.push([next, to]);
    return gaps;
  }

  get isEmpty(): boolean {
    return this.ranges.length === 0;
  }
}

/** `9000–9010`, or `4369` for a single port. */
export function showPorts([from, to]: PortRange): string {
  return from === to ? `${from}` : `${from}–${to}`;
}

export function overlaps([from, to]: PortRange, [low, high]: PortRange): boolean {
  return from <= high && low <= to;
}
