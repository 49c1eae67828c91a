/** What shrinking came to. */
export interface Shrunk<Item> {
  /** The fewest that failed. */
  readonly items: readonly Item[];
  /** How many lists were tried. */
  readonly attempts: number;
  /** Whether no item can be left out: not so when it was ended before. */
  readonly isMinimal: boolean;
}

/**
 * Delta debugging: leaves out as much of a failing list as it can while it fails. Of a list that fails only at times it gives
 * the shortest that was seen to fail. Source: Zeller, Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002
 *
 * @param fails tries a list @param goesOn asked before each try; `false` ends it with what it has
 */
export async function shrink<Item>(
  failing: readonly Item[],
  fails: (items: readonly Item[]) => Promise<boolean>,
  goesOn: () => boolean = () => true,
): Promise<Shrunk<Item>> {
  let attempts = 0;
  const tried = async (candidates: readonly (readonly Item[])[]): Promise<readonly Item[] | "over" | undefined> => {
    for (const candidate of candidates) {
      if (!goesOn()) return "over";
      attempts += 1;
      if (await fails(candidate)) return candidate;
    }
    return undefined;
  };
  // A long list takes long to try, and its end is most often to blame: so the shortest ends come first.
  const end = await tried(ends(failing));
  if (end === "over") return { items: failing, attempts, isMinimal: false };
  let items = end ?? failing;
  let parts = 2;
  while (items.length > 1) {
    const shorter = await tried(candidates(items, parts));
    if (shorter === "over") return { items, attempts, isMinimal: false };
    if (shorter) {
      parts = shorter.length <= items.length / 2 ? 2 : Math.max(2, parts - 1);
      items = shorter;
    } else if (parts < items.length) parts = Math.min(items.length, parts * 2);
    else break;
  }
  return { items, attempts, isMinimal: true };
}

/** The last item, the last two, the last four, and so on: all that are shorter than half of the list. */
function ends<Item>(items: readonly Item[]): (readonly Item[])[] {
  const sizes: number[] = [];
  for (let size = 1; size < items.length / 2; size *= 2) sizes.push(size);
  return sizes.map((size) => items.slice(-size));
}

/** Each part alone, then all but each part; the same list not twice. */
function candidates<Item>(items: readonly Item[], parts: number): (readonly Item[])[] {
  const size = Math.ceil(items.length / parts);
  const pieces = Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  );
  // The newest faults first: the last one is most often to blame.
  pieces.reverse();
  const complements = pieces.length > 2 ? pieces.map((piece) => items.filter((item) => !piece.includes(item))) : [];
  return [...pieces, ...complements];
}
