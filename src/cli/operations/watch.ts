import type { Command } from "commander";
import { clear, print, type Printable, printError, printJson } from "../../foreign-text";
import { positiveNumber } from "../arguments";

/** Seconds between two looks of `--watch` without a number. */
const defaultInterval = 5;

/** Options of a command that looks at what is deployed. */
export interface WatchOptions {
  readonly watch?: number | true;
  readonly json?: true;
}

/** Adds the options that {@link watching} takes. */
export const withWatch = (command: Command): Command =>
  command
    .option(
      "--watch [seconds]",
      `look again at this interval (${defaultInterval} seconds), until Ctrl-C`,
      positiveNumber,
    )
    .option("--json", "print JSON, one document for each look");

/**
 * Looks and prints once, or at an interval until Ctrl-C. When AWS fails, a repeated look prints why, and looks again.
 *
 * @returns the last look's exit code.
 */
export async function watching<Seen>(
  { watch, json }: WatchOptions,
  look: () => Promise<Seen>,
  show: { readonly report: (seen: Seen) => Printable; readonly exitCodeOf: (seen: Seen) => number },
): Promise<number> {
  const repeats = watch !== undefined;
  const lookAndPrint = async () => {
    const seen = await look();
    if (repeats && !json) clear();
    if (json) printJson(seen, { oneLine: repeats });
    else print(show.report(seen));
    return show.exitCodeOf(seen);
  };
  if (!repeats) return lookAndPrint();
  const [{ awsFailure }, { eachLook }] = await Promise.all([
    import("../../operations/aws-failure"),
    import("../../operations/doctor/watch"),
  ]);
  return eachLook(watch === true ? defaultInterval : watch, () =>
    lookAndPrint().catch((error: unknown) => {
      // The network may be down for a moment.
      const why = awsFailure(error);
      if (why === undefined) throw error;
      printError(why);
      return 2;
    }),
  );
}
