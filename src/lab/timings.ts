/** What marks the measures of this file among those that libraries make. */
const ours = "lab";

/** Runs `work`, and keeps how long it took under `name` for {@link timingsTable}. */
export async function timed<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
  const start = performance.now();
  try {
    return await work();
  } finally {
    performance.measure(name, { start, end: performance.now(), detail: ours });
  }
}

/** A table of what {@link timed} has kept, longest first: how many times, seconds together, and the longest in seconds. */
export function timingsTable(): string {
  const byName = new Map<string, number[]>();
  for (const measure of performance.getEntriesByType("measure"))
    if ((measure as { detail?: unknown }).detail === ours)
      byName.set(measure.name, [...(byName.get(measure.name) ?? []), measure.duration / 1000]);
  const rows = [...byName]
    .map(([name, seconds]) => ({ name, times: seconds.length, total: sum(seconds), longest: Math.max(...seconds) }))
    .sort((a, b) => b.total - a.total);
  const width = Math.max("step".length, ...rows.map(({ name }) => name.length));
  const line = (name: string, times: string, total: string, longest: string) =>
    `${name.padEnd(width)}  ${times.padStart(5)}  ${total.padStart(9)}  ${longest.padStart(9)}\n`;
  return [
    line("step", "times", "seconds", "longest"),
    ...rows.map(({ name, times, total, longest }) => line(name, `${times}`, total.toFixed(2), longest.toFixed(2))),
    "Steps overlap: a wait for the mesh includes the start of its tasks.\n",
  ].join("");
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
