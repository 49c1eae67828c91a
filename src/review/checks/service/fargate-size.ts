import { list, number } from "../../read/value";
import type { Check } from "../check";

const gibibytes = (first: number, last: number, step = 1) =>
  Array.from({ length: (last - first) / step + 1 }, (_, at) => (first + at * step) * 1024);

/** MiB that Fargate allows for each number of CPU units. */
const memoryOf = new Map<number, readonly number[]>([
  [256, [512, 1024, 2048]],
  [512, gibibytes(1, 4)],
  [1024, gibibytes(2, 8)],
  [2048, gibibytes(4, 16)],
  [4096, gibibytes(8, 30)],
  [8192, gibibytes(16, 60, 4)],
  [16384, gibibytes(32, 120, 8)],
]);

export const fargateSize: Check = {
  id: "fargate-size",
  title: "CPU and memory that Fargate doesn't offer together",
  severity: "error",
  why: "AWS refuses the task definition at apply, after other resources are changed already.",
  mending: "Take a pair from the table in the AWS documentation.",
  sources: ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html"],
  *find({ resources }) {
    for (const { address, values } of resources.of("aws_ecs_task_definition")) {
      if (!list(values.requires_compatibilities).members.includes("FARGATE")) continue;
      const [cpu, memory] = [number(values.cpu), number(values.memory)];
      if (cpu === undefined || memory === undefined) continue;
      const sizes = memoryOf.get(cpu);
      if (!sizes) yield { address, message: `${cpu} CPU units; Fargate offers ${[...memoryOf.keys()].join(", ")}` };
      else if (!sizes.includes(memory))
        yield {
          address,
          message: `${memory} MiB with ${cpu} CPU units; Fargate offers ${sizes[0]} to ${sizes.at(-1)} MiB in steps of ${sizes.length > 2 ? sizes.at(-1)! - sizes.at(-2)! : 512}`,
        };
    }
  },
};
