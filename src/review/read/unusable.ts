import { UserError } from "../../user-error";

/**
 * Runs what walks through parsed JSON from the root to the leaves. Throws `UserError` where it is nested deeper than the
 * call stack, by thousands of levels: no Terraform configuration is.
 */
export function withinStack<T>(name: string, walk: () => T): T {
  try {
    return walk();
  } catch (error) {
    if (error instanceof RangeError && error.message.includes("call stack"))
      throw new UserError(`${name} is nested too deeply: thousands of lists or objects stand one inside another.`);
    throw error;
  }
}
