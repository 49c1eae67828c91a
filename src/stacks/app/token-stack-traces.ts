/**
 * Runs `build` without stack traces. cdktf takes one, of full depth, for every token it makes: a third of a synth's time,
 * for a trace that only messages about unresolvable tokens show. `DEBUG` in the environment keeps them.
 */
export function withoutStackTraces<Result>(build: () => Result): Result {
  if (process.env.DEBUG) return build();
  const limit = Object.getOwnPropertyDescriptor(Error, "stackTraceLimit")!;
  // cdktf sets the limit itself, so that a number here would be overwritten; V8 takes no trace when it finds no number.
  Object.defineProperty(Error, "stackTraceLimit", { configurable: true, get: () => undefined, set: () => {} });
  try {
    return build();
  } finally {
    Object.defineProperty(Error, "stackTraceLimit", limit);
  }
}
