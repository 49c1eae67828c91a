/** Input that can't be reviewed. The message says what it is instead and what to do; the command ends with code 2. */
export class UnusableInput extends Error {
  override readonly name = "UnusableInput";
}

/**
 * Runs what walks through parsed JSON from the root to the leaves. Throws `UnusableInput` where it is nested deeper than the
 * call stack, by thousands of levels: no Terraform configuration is.
 */
export function withinStack<T>(name: string, walk: () => T): T {
  try {
    return walk();
  } catch (error) {
    if (error instanceof RangeError && error.message.includes("call stack"))
      throw new UnusableInput(`${name} is nested too deeply: thousands of lists or objects stand one inside another.`);
    throw error;
  }
}
