/** Flags for one release of OTP alone. Which one an image has isn't in a plan, so they count. */
const ofRelease = /^ERL_OTP\d+_FLAGS$/;

/** Variables of flags for the BEAM, in the order in which they stand on its command line. */
const before = ["ERL_AFLAGS", "ELIXIR_ERL_OPTIONS"] as const;
const after = ["ERL_FLAGS", "ERL_ZFLAGS"] as const;

type Flag = readonly [name: string, ...values: string[]];

/**
 * The flags that a container's environment gives the BEAM. `ERL_OTP<release>_FLAGS` and `ERL_AFLAGS` come first, then the
 * command line, which `ELIXIR_ERL_OPTIONS` begins, then `ERL_FLAGS` and `ERL_ZFLAGS`.
 * Source: https://www.erlang.org/doc/apps/erts/erl_cmd.html#environment-variables
 */
export class EmulatorFlags {
  private readonly early: readonly Flag[];
  private readonly late: readonly Flag[];

  constructor(environment: ReadonlyMap<string, string>) {
    const read = (names: readonly string[]) => names.flatMap((name) => parse(environment.get(name) ?? ""));
    this.early = read([...[...environment.keys()].filter((name) => ofRelease.test(name)), ...before]);
    this.late = read(after);
  }

  /** A parameter of the kernel application: of several, the last counts. `late`: what comes after the command line alone. */
  kernel(parameter: string, late = false): string | undefined {
    return this.in(late)
      .filter(([name]) => name === "-kernel")
      .flatMap(([, ...values]) => values.filter((_, at) => at > 0 && at % 2 === 1 && values[at - 1] === parameter))
      .at(-1);
  }

  /** The value of a flag that counts only if it occurs once. */
  once(flag: string): string | undefined {
    const found = this.all(flag);
    return found.length === 1 ? found[0]![1] : undefined;
  }

  /** Every occurrence of a flag, with its values. */
  all(flag: string): readonly Flag[] {
    return this.in(false).filter(([name]) => name === flag);
  }

  private in(late: boolean): readonly Flag[] {
    return late ? this.late : [...this.early, ...this.late];
  }
}

/** Splits as a shell does: at blanks, save in quotes. A flag's values end where the next flag begins. */
function parse(text: string): readonly Flag[] {
  const words = [...text.matchAll(/"((?:\\.|[^"\\])*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => ({
    word: double ?? single ?? bare ?? "",
    flag: bare !== undefined && /^[-+]/.test(bare),
  }));
  const flags: [string, ...string[]][] = [];
  for (const { word, flag } of words)
    if (flag) flags.push([word]);
    else flags.at(-1)?.push(word);
  return flags;
}
