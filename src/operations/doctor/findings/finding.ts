/** A difference between the configuration and what runs. */
export interface Finding {
  /**
   * - `error`: it keeps nodes apart or down, or soon will;
   * - `unchecked`: AWS or the network didn't answer, so the result is unknown;
   * - `note`: information, nothing to fix.
   */
  readonly severity: "error" | "unchecked" | "note";
  /** The service or peer. */
  readonly about: string;
  /** The difference. */
  readonly text: string;
  /** What to do. */
  readonly advice?: string;
  /** Evidence, one on each line, such as the last lines of a log. */
  readonly details?: readonly string[];
}

type MakeFinding = (about: string, text: string, advice?: string, details?: readonly string[]) => Finding;

export const error: MakeFinding = (...rest) => finding("error", ...rest);
export const note: MakeFinding = (...rest) => finding("note", ...rest);
export const unchecked = (about: string, text: string, advice?: string): Finding =>
  finding("unchecked", about, text, advice);

const finding = (
  severity: Finding["severity"],
  about: string,
  text: string,
  advice?: string,
  details: readonly string[] = [],
): Finding => ({
  severity,
  about,
  text,
  ...(advice === undefined ? {} : { advice }),
  ...(details.length === 0 ? {} : { details }),
});

/** `1 task`, `2 tasks`, `2 addresses`. */
export const counted = (count: number, what: string, plural = "s"): string =>
  `${count} ${what}${count === 1 ? "" : plural}`;
