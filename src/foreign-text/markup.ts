/** What a text is written in. */
export type Format = "terminal" | "markdown" | "mermaid" | "dot" | "html" | "json";

/** Text that is safe in its format: written by our own templates, with foreign text escaped. Only a {@link Tag} makes it. */
export class Markup<F extends Format> {
  constructor(
    readonly format: F,
    private readonly text: string,
  ) {}

  /** Length in UTF-16 code units, as GitHub counts a comment. */
  get length(): number {
    return this.text.length;
  }

  trimEnd(): Markup<F> {
    return new Markup(this.format, this.text.trimEnd());
  }

  /** Its pieces between line ends that `at` matches. */
  split(at: RegExp): readonly Markup<F>[] {
    return this.text.split(at).map((piece) => new Markup(this.format, piece));
  }

  toString(): string {
    return this.text;
  }
}

/** What a template of the format may hold: a plain string is foreign, and escaped. */
export type Part<F extends Format> = string | number | Markup<F> | readonly Markup<F>[];

/** A template's tag. What the template itself says is ours; what is filled in is escaped, unless it is markup of the format. */
export interface Tag<F extends Format> {
  (template: TemplateStringsArray, ...parts: readonly Part<F>[]): Markup<F>;
  /** The parts with markup between them. */
  join(parts: readonly Part<F>[], between: Markup<F>): Markup<F>;
}

export function tag<F extends Format>(format: F, escape: (foreign: string) => string): Tag<F> {
  const written = (part: Part<F>): string => {
    if (Array.isArray(part)) return part.map(written).join("");
    return part instanceof Markup && part.format === format ? String(part) : escape(String(part));
  };
  const fill = (template: TemplateStringsArray, ...parts: readonly Part<F>[]) =>
    new Markup(
      format,
      template.reduce((text, piece, at) => text + written(parts[at - 1]!) + piece),
    );
  return Object.assign(fill, {
    join: (parts: readonly Part<F>[], between: Markup<F>) =>
      new Markup(format, parts.map(written).join(String(between))),
  });
}
