import { startTimeoutSeconds } from "../../../aws/limits";
import {
  type Container,
  type Dependency,
  isEnd,
  isNode,
  nodeCommands,
  releaseCommandOf,
  startsAfterEndOf,
} from "../../cluster/node/containers";
import { list } from "../../read/value";
import { type Check, type Problem, runningDefinitions } from "../check";

type Found = Omit<Problem, "address">;

export const containerDependencies: Check = {
  id: "container-dependencies",
  title: "A container waits for something that can't happen",
  severity: "error",
  rationale:
    "If containers can't start in the order of dependsOn, AWS rejects the task definition at apply. If the command never ends or always fails, no new task starts.",
  remediation:
    'Let the node depend on the SUCCESS of an init container of the same task with essential = false, whose command ends, such as ["eval", "Shop.Release.migrate()"]. Set no startTimeout for it.',
  limitations:
    "The check knows only the commands of releases. It reports nothing if the container definitions aren't known.",
  sources: [
    "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
  ],
  *find(subject) {
    for (const { service, definition } of runningDefinitions(subject)) {
      if (!("known" in service.containers)) continue;
      const all = service.containers.known;
      const { address } = definition;
      const onFargate = list(definition.values.requires_compatibilities).members.includes("FARGATE");
      for (const container of all) {
        for (const dependency of container.dependsOn)
          for (const problem of impossible(container, dependency, all)) yield { address, ...problem };
        for (const problem of startTimeouts(container, all, onFargate)) yield { address, ...problem };
      }
      const circle = all.filter(({ name }) => neededBy(name, all).has(name)).map(({ name }) => name);
      if (circle.length > 0) yield { address, message: `containers ${circle.join(" and ")} wait for each other` };
    }
  },
};

function* impossible(container: Container, dependency: Dependency, all: readonly Container[]): Generator<Found> {
  const { condition } = dependency;
  const waits = `container ${container.name} waits for the ${condition} of ${dependency.container}`;
  const other = all.find(({ name }) => name === dependency.container);
  if (!other) return yield { message: `${waits}, which isn't in the task definition` };
  if (condition === "HEALTHY" && !other.hasHealthCheck) yield { message: `${waits}, which has no health check` };
  if (!isEnd(dependency)) return;
  if (other.essential) yield { message: `${waits}, which is essential: its end would end the task` };
  const endless = whyEndless(other, container);
  if (endless) yield { message: `${waits}, ${endless}` };
  if (condition === "COMPLETE" && evaluates(other))
    yield {
      severity: "warning",
      message: `${waits}: the node also starts after a failure. With SUCCESS it doesn't`,
    };
}

/** Commands of a release that need a node. Source: https://hexdocs.pm/mix/Mix.Tasks.Release.html */
const ofARunningNode = ["rpc", "remote", "restart", "stop", "pid"];

const evaluates = ({ command }: Container): boolean => releaseCommandOf(command) === "eval";

function whyEndless(container: Container, dependant: Container): string | undefined {
  if (container.image !== dependant.image && !isNode(container)) return undefined;
  const first = releaseCommandOf(container.command) ?? "";
  if (ofARunningNode.includes(first)) return `whose command ${first} needs a running node`;
  if (nodeCommands.includes(first)) return `whose command ${first} runs a node and doesn't end`;
  if (container.command.length > 0 || container.image === undefined) return undefined;
  return "which has the command of its image, so it runs a node and doesn't end";
}

function* startTimeouts(
  { name, startTimeout }: Container,
  all: readonly Container[],
  onFargate: boolean,
): Generator<Found> {
  if (startTimeout === undefined) return;
  const { min, max } = startTimeoutSeconds;
  if (onFargate && !(min <= startTimeout && startTimeout <= max))
    yield { message: `container ${name} has a startTimeout of ${startTimeout} s; Fargate allows ${min} to ${max} s` };
  else if (all.some((container) => startsAfterEndOf(container).includes(name)))
    yield {
      severity: "warning",
      message: `container ${name} has a startTimeout of ${startTimeout} s: the task fails if it takes longer. Without startTimeout it has no limit`,
    };
}

/** Names of all containers that one waits for, directly or not. */
function neededBy(name: string, all: readonly Container[]): ReadonlySet<string> {
  const found = new Set<string>();
  const next = [name];
  for (let current = next.pop(); current !== undefined; current = next.pop()) {
    for (const { container } of all.find((each) => each.name === current)?.dependsOn ?? []) {
      if (!found.has(container)) next.push(container);
      found.add(container);
    }
  }
  return found;
}
