/** The last of several attempts. */
export interface Attempted<Value> {
  readonly value: Value;
  /** How many there were. */
  readonly attempts: number;
}

/**
 * Tries something that chance decides, again and again until it is as wanted, `max` times at most.
 *
 * @returns the first attempt that is as wanted, or the last one.
 */
export async function attempted<Value>(
  max: number,
  attempt: () => Promise<Value>,
  wanted: (value: Value) => boolean,
): Promise<Attempted<Value>> {
  let attempts = 1;
  let value = await attempt();
  for (; attempts < max && !wanted(value); attempts += 1) value = await attempt();
  return { value, attempts };
}
