import { merged, without, type PortRange } from "../../aws/network/ports";

/** TCP ports as disjoint ranges in order: a set that stays small however many rules are put into it. */
export class PortSet {
  private constructor(private readonly ranges: readonly PortRange[]) {}

  static readonly empty = new PortSet([]);

  static of(...ranges: readonly PortRange[]): PortSet {
    return new PortSet(merged(ranges.filter(({ from, to }) => from <= to)));
  }

  union(other: PortSet): PortSet {
    if (other.ranges.length === 0) return this;
    return this.ranges.length === 0 ? other : PortSet.of(...this.ranges, ...other.ranges);
  }

  has(port: number): boolean {
    return this.ranges.some(({ from, to }) => from <= port && port <= to);
  }

  /** The part of a range that is not in the set. */
  missing(range: PortRange): readonly PortRange[] {
    return without(range, this.ranges);
  }
}
