import { closest, distance } from "fastest-levenshtein";

/** The key in `allowed` that is spelled most like `key`; `undefined` when none is near. */
export function nearest(key: string, allowed: readonly string[]): string | undefined {
  if (allowed.length === 0) return undefined;
  const spelled = allowed.map((word) => word.toLowerCase());
  const candidate = closest(key.toLowerCase(), spelled);
  const isNear = distance(key.toLowerCase(), candidate) <= Math.max(2, key.length / 3);
  return isNear ? allowed[spelled.indexOf(candidate)] : undefined;
}

/** ` Did you mean "…"?` for a message about a wrong key; empty when none is near. */
export function didYouMean(key: string, allowed: readonly string[]): string {
  const suggestion = nearest(key, allowed);
  return suggestion === undefined ? "" : ` Did you mean "${suggestion}"?`;
}
