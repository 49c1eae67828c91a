import { describeFargateMemory, fargateCpus, fargateMemory } from "../../../aws/ecs/fargate-sizes";
import { list, number } from "../../read/value";
import { type Check, type Problem, runningDefinitions, type Subject } from "../check";

export const fargateSize: Check = {
  id: "fargate-size",
  title: "Fargate doesn't offer this CPU with this memory, or the containers exceed them",
  severity: "error",
  rationale: "AWS rejects the task definition at apply, after Terraform has changed other resources.",
  remediation:
    "Use a pair from the table in the AWS documentation. Omit cpu and memory of an init container: nothing else in the task runs at the same time.",
  sources: [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
  ],
  *find(subject) {
    yield* beyondTheTask(subject);
    for (const { address, values } of subject.resources.of("aws_ecs_task_definition")) {
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

/** What the containers reserve together must fit into the task. */
function* beyondTheTask(subject: Subject): Generator<Problem> {
  for (const { service, definition } of runningDefinitions(subject)) {
    if (!("known" in service.containers)) continue;
    for (const [what, unit] of [
      ["cpu", "CPU units"],
      ["memory", "MiB"],
    ] as const) {
      const has = number(definition.values[what]);
      const reserved = service.containers.known.reduce((sum, container) => sum + container[what], 0);
      if (has === undefined || reserved <= has) continue;
      const each = service.containers.known.map((container) => `${container.name} ${container[what]}`).join(", ");
      yield {
        address: definition.address,
        message: `its containers reserve ${reserved} ${unit} (${each}); the task has ${has}`,
      };
    }
  }
}
