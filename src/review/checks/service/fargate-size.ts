import { describeFargateMemory, fargateCpus, fargateMemory } from "../../../aws/fargate-sizes";
import { list, number } from "../../read/value";
import type { Check } from "../check";

export const fargateSize: Check = {
  id: "fargate-size",
  title: "CPU and memory that Fargate doesn't offer together",
  severity: "error",
  rationale: "AWS rejects the task definition at apply, after other resources were changed.",
  remediation: "Use a pair from the table in the AWS documentation.",
  sources: ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html"],
  *find({ resources }) {
    for (const { address, values } of resources.of("aws_ecs_task_definition")) {
      if (!list(values.requires_compatibilities).members.includes("FARGATE")) continue;
      const [cpu, memory] = [number(values.cpu), number(values.memory)];
      if (cpu === undefined || memory === undefined) continue;
      const sizes = fargateMemory(cpu);
      if (sizes.length === 0) yield { address, message: `${cpu} CPU units; Fargate offers ${fargateCpus.join(", ")}` };
      else if (!sizes.includes(memory))
        yield { address, message: `${memory} MiB with ${cpu} CPU units; Fargate offers ${describeFargateMemory(cpu)}` };
    }
  },
};
