/** One thing that the doctor found. */
export interface Finding {
  /**
   * - `error`: nodes are kept apart or down by it, or soon will be;
   * - `unchecked`: AWS or the network didn't answer, so nobody knows;
   * - `note`: worth knowing, and nothing to mend.
   */
  readonly severity: "error" | "unchecked" | "note";
  /** The service, or the secret, that it is about. */
  readonly about: string;
  /** What is so. */
  readonly text: string;
  /** What to do. */
  readonly advice?: string;
  /** What shows it, a line each, such as the last lines of a log. */
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
