const gibibytes = (first: number, last: number, step = 1): readonly number[] =>
  Array.from({ length: (last - first) / step + 1 }, (_, index) => (first + index * step) * 1024);

/**
 * Memory in MiB that Fargate allows for each number of CPU units (1024 units are one vCPU).
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
 */
const memoryOf: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, 1024, 2048]],
  [512, gibibytes(1, 4)],
  [1024, gibibytes(2, 8)],
  [2048, gibibytes(4, 16)],
  [4096, gibibytes(8, 30)],
  [8192, gibibytes(16, 60, 4)],
  [16384, gibibytes(32, 120, 8)],
]);

/** CPU units that Fargate offers. */
export const fargateCpus: readonly number[] = [...memoryOf.keys()];

/** Memory in MiB that may go with `cpu` units; empty when Fargate has no such CPU size. */
export function fargateMemory(cpu: number): readonly number[] {
  return memoryOf.get(cpu) ?? [];
}

const all = [...memoryOf.values()].flat();
/** The smallest and the largest memory in MiB that Fargate has for any CPU size. */
export const fargateMemoryRange = { least: Math.min(...all), most: Math.max(...all) };

/** The memory sizes for `cpu` as a sentence names them: all of a few, or the range and its step. */
export function describeFargateMemory(cpu: number): string {
  const sizes = fargateMemory(cpu);
  if (sizes.length <= 4) return `${sizes.join(", ")} MiB`;
  return `${sizes[0]} to ${sizes.at(-1)} MiB in steps of ${sizes[1]! - sizes[0]!}`;
}
