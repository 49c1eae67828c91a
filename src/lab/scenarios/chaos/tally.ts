import type { Finding } from "../scenario";
import type { Effect } from "./effects";
import type { FaultKind, PlannedFault } from "./planned-fault";

/** What became of the faults of one kind. */
interface KindTally {
  carriedOut: number;
  /** Faults without a task to strike at that moment, or that failed. */
  notCarriedOut: number;
  /** Faults that could be seen to do what they say, and those that were seen not to. */
  seen: number;
  notSeen: number;
}

/** From so many faults of a kind on that were seen not to work, and none that was seen to, the kind doesn't work. */
const brokenFrom = 3;

/** Counts, by kind, what became of faults. */
export class Tally {
  readonly #kinds = new Map<FaultKind["kind"], KindTally>();
  #unknown = 0;

  /** A fault that was carried out. @param onKnown called once its effect is known, if there is one */
  struck({ kind }: PlannedFault, effect: Promise<Effect>, onKnown: (effect: Effect) => void): void {
    const tally = this.#of(kind);
    tally.carriedOut += 1;
    this.#unknown += 1;
    void effect.then((known) => {
      this.#unknown -= 1;
      if (known.seen === true) tally.seen += 1;
      if (known.seen === false) tally.notSeen += 1;
      onKnown(known);
    });
  }

  notCarriedOut({ kind }: PlannedFault): void {
    this.#of(kind).notCarriedOut += 1;
  }

  /** Whether all effects are known. */
  get isComplete(): boolean {
    return this.#unknown === 0;
  }

  get kinds(): Readonly<Record<string, Readonly<KindTally>>> {
    return Object.fromEntries([...this.#kinds].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  /** The faults in a line, and each kind that doesn't do what it says. */
  findings(): Finding[] {
    const kinds = Object.entries(this.kinds);
    const counts = kinds.map(([kind, { carriedOut, seen }]) => `${kind} ${seen}/${carriedOut}`).join(", ");
    const missed = kinds.reduce((sum, [, { notCarriedOut }]) => sum + notCarriedOut, 0);
    const more = missed > 0 ? `; ${missed} not carried out` : "";
    return [
      { ok: true, line: `faults seen to work, of those carried out: ${counts}${more}` },
      ...kinds
        .filter(([, { seen, notSeen }]) => seen === 0 && notSeen >= brokenFrom)
        .map(([kind, { notSeen }]) => ({ ok: false, line: `${kind} has no effect: ${notSeen} were measured` })),
    ];
  }

  #of(kind: FaultKind["kind"]): KindTally {
    const tally = this.#kinds.get(kind) ?? { carriedOut: 0, notCarriedOut: 0, seen: 0, notSeen: 0 };
    this.#kinds.set(kind, tally);
    return tally;
  }
}
