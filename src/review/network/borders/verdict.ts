import { parseIpv4Range, type Ipv4Range } from "../../../aws/network/ipv4";
import { overlaps, shared, without, type PortRange } from "../../../aws/network/ports";

/** Whether packets pass a border of a subnet, and what stops them, or why that is unknown. */
export type Verdict = { readonly passes: "yes" } | { readonly passes: "no" | "unknown"; readonly because: string };

export const passes: Verdict = { passes: "yes" };
export const stopped = (because: string): Verdict => ({ passes: "no", because });
export const unsure = (because: string): Verdict => ({ passes: "unknown", because });

/** One line of an ordered list: what it decides for the addresses of a block. */
export interface Line {
  /** `undefined` where it isn't known. */
  readonly cidr: string | undefined;
  readonly verdict: Verdict;
}

/**
 * What an ordered list decides for all addresses of some ranges: the first line that holds an address counts. Ranges
 * that aren't known (none given) are surely held by `0.0.0.0/0` alone.
 * @param rest what holds for addresses that no line has
 */
export function firstMatch(ranges: readonly Ipv4Range[], lines: readonly Line[], rest: Verdict): Verdict {
  const verdicts: Verdict[] = [];
  let left = ranges;
  for (const { cidr, verdict } of lines) {
    const block = cidr === undefined ? undefined : parseIpv4Range(cidr);
    if (cidr?.includes(":")) continue;
    if (ranges.length === 0) {
      verdicts.push(verdict);
      if (block && block.from === 0 && block.to === 0xffffffff) return common(verdicts);
    } else if (!block) verdicts.push(unsure(`a block isn't known before apply: ${becauseOf(verdict)}`));
    else if (left.some((range) => overlaps(range, block))) {
      verdicts.push(verdict);
      left = left.flatMap((range) => without(range, [block]));
      if (left.length === 0) return common(verdicts);
    }
  }
  return common([...verdicts, rest]);
}

const becauseOf = (verdict: Verdict) => (verdict.passes === "yes" ? "it lets packets through" : verdict.because);

/** The verdict for all of them, where they agree. */
export function common(verdicts: readonly Verdict[]): Verdict {
  const [first] = verdicts;
  if (!first || verdicts.every(({ passes }) => passes === first.passes)) return first ?? passes;
  const because =
    verdicts.find((verdict) => verdict.passes === "unknown") ?? verdicts.find((verdict) => verdict.passes === "no")!;
  return unsure(because.passes === "no" ? `for a part of it: ${because.because}` : becauseOf(because));
}

/** All of them must let packets through: what stops them surely counts, then what is unknown. */
export function all(verdicts: readonly Verdict[]): Verdict {
  return (
    verdicts.find((verdict) => verdict.passes === "no") ??
    verdicts.find((verdict) => verdict.passes === "unknown") ??
    passes
  );
}

/** A range cut where any of `others` begins or ends. */
export function cut(range: PortRange, others: readonly PortRange[]): readonly PortRange[] {
  const inside = others.flatMap((other) => shared(range, other) ?? []);
  const starts = new Set([range.from, ...inside.flatMap(({ from, to }) => [from, to + 1])]);
  const ordered = [...starts].filter((from) => from <= range.to).sort((a, b) => a - b);
  return ordered.map((from, at) => ({ from, to: (ordered[at + 1] ?? range.to + 1) - 1 }));
}
