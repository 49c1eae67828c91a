const block = /-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----/g;

/** The blocks of a PEM text with this label, in order, each without a line break at its end. */
export const pemBlocks = (text: string, label: "CERTIFICATE" | "PRIVATE KEY"): string[] =>
  [...text.matchAll(block)].flatMap(([whole, found]) => (found === label ? [whole] : []));

/** Blocks as one PEM text. */
export const pemText = (blocks: readonly string[]): string => blocks.map((each) => `${each}\n`).join("");
