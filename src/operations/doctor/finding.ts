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
}

export const error = (about: string, text: string, advice?: string): Finding => finding("error", about, text, advice);
export const note = (about: string, text: string, advice?: string): Finding => finding("note", about, text, advice);
export const unchecked = (about: string, text: string, advice?: string): Finding =>
  finding("unchecked", about, text, advice);

const finding = (severity: Finding["severity"], about: string, text: string, advice?: string): Finding => ({
  severity,
  about,
  text,
  ...(advice === undefined ? {} : { advice }),
});

/** `1 task`, `2 tasks`, `2 addresses`. */
export const counted = (count: number, what: string, plural = "s"): string =>
  `${count} ${what}${count === 1 ? "" : plural}`;
