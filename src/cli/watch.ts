import { printError } from "../foreign-text";

/** Seconds between two looks of `--watch` without a number. */
export const defaultInterval = 5;

/**
 * Looks once, or at an interval until Ctrl-C. When AWS fails, a repeated look prints why, and looks again.
 *
 * @param watch seconds; `true` for {@link defaultInterval}; `undefined` for a single look. @returns the last look's exit code.
 */
export async function watching(watch: number | true | undefined, look: () => Promise<number>): Promise<number> {
  if (watch === undefined) return look();
  const [{ awsFailure }, { eachLook }] = await Promise.all([
    import("../operations/aws-failure"),
    import("../operations/doctor/watch"),
  ]);
  return eachLook(watch === true ? defaultInterval : watch, () =>
    look().catch((error: unknown) => {
      // The network may be down for a moment.
      const why = awsFailure(error);
      if (why === undefined) throw error;
      printError(why);
      return 2;
    }),
  );
}
