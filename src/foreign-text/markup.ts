/** The format of a text. */
export type Format = "terminal" | "markdown" | "mermaid" | "dot" | "html" | "json";

/** Text that is safe in its format: from our own templates, with foreign text escaped. Only a {@link Tag} creates it. */
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

  /** The pieces between matches of `at`. */
  split(at: RegExp): readonly Markup<F>[] {
    return this.text.split(at).map((piece) => new Markup(this.format, piece));
  }

  toString(): string {
    return this.text;
  }
}

/** A value in a template of the format: a plain string is foreign, and escaped. */
export type Part<F extends Format> = string | number | Markup<F> | readonly Markup<F>[];

/** A template's tag. The template's own text is trusted; values are escaped, unless they are markup of the format. */
export interface Tag<F extends Format> {
  (template: TemplateStringsArray, ...parts: readonly Part<F>[]): Markup<F>;
  /** Joins parts with markup between them. */
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
