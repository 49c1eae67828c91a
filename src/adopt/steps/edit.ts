/** What a step found in one file. */
export type Edit =
  /** What it adds is there, or something of its owner's that does the same. */
  | { readonly kind: "present" }
  /** The file's new text. */
  | { readonly kind: "edited"; readonly text: string }
  /** It is missing, but the file has a shape that isn't edited blindly. */
  | { readonly kind: "by-hand"; readonly why: string; readonly todo: string; readonly lines?: string };

/** One thing that a project needs in order to cluster. */
export interface Step {
  /** What is added, as one reads it in a list: "the supervisor child Cluster.Supervisor". */
  readonly what: string;
  /** The file it goes to, relative to the project, with `/`. */
  readonly file: string;
  /** From the file's text (line ends `\n`, no byte-order mark; `undefined` when there is no such file) to the change. */
  readonly edit: (text: string | undefined) => Edit;
}

export const present: Edit = { kind: "present" };

export function edited(text: string): Edit {
  return { kind: "edited", text };
}

/**
 * @param why what keeps it from being edited.
 * @param todo what its owner does instead, as a sentence without its end: "Add this to the list of dependencies".
 * @param lines what `todo` calls "this", indented as it goes into the file.
 */
export function byHand(why: string, todo: string, lines?: string): Edit {
  return { kind: "by-hand", why, todo, lines };
}
