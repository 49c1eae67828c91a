import { code, markdown, type Markup } from "../../../foreign-text";

type Text = Markup<"markdown">;

/** A part of the comment that may be cut, and the sentence that replaces the rest. */
export interface Part {
  readonly title?: Text;
  readonly text: Text;
  readonly instead: string;
  /** Whether half of it is of no use. */
  readonly whole?: true;
}

/** Folds the body behind a title of our own: Markdown's escapes don't count in a `<summary>`. */
export function foldIf(fold: boolean, title: string, body: Text): Text {
  return fold ? markdown`<details><summary>${title}</summary>\n\n${body}\n\n</details>` : body;
}

/** Addresses that one line names. */
const shown = 24;

/** The first addresses as code, and how many more there are. */
export function addressList(addresses: readonly string[]): Text {
  const listed = markdown.join(addresses.slice(0, shown).map(code), markdown`, `);
  const rest = addresses.length - shown;
  return markdown`${listed}${rest > 0 ? ` and ${rest} more` : ""}`;
}
