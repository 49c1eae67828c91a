import { isObject } from "../../read/traversal";
import type { Endpoint } from "../../network/firewall";
import type { TaskSource } from "../../network/internet-egress";
import { roleOf } from "../../iam/policies";
import type { Resource, Resources } from "../../read/resources";
import { block, isAbsent, isReference, isUnknown, text, type Value, type Values } from "../../read/value";
import {
  containersOf,
  findTaskDefinition,
  isNode,
  nodeCommands,
  releaseCommandOf,
  type Container,
} from "../node/containers";
import { endpointOf } from "./endpoints";
import { Inference } from "../inferred";
import type { Service } from "../services";

/** A task that EventBridge starts: a schedule of EventBridge Scheduler, or a rule's target. */
export interface ScheduledTask extends TaskSource {
  /** What the report calls it: `schedule nightly`, `rule nightly`. */
  readonly name: string;
  readonly resource: Resource;
  /** The AWS service that starts it. */
  readonly principal: "scheduler.amazonaws.com" | "events.amazonaws.com";
  /** Such as `cron(0 3 * * ? *) Europe/Berlin`; `undefined` where it isn't known, or starts at events. */
  readonly when: string | undefined;
  /** Its group's or its own name in the ARN that a trust policy may require. */
  readonly source: string | undefined;
  /** The ARN of the ECS cluster, and of the task definition. */
  readonly cluster: Value | undefined;
  readonly target: Value | undefined;
  /** Whether it names a role, and that role where it is in the plan. */
  readonly hasRole: boolean;
  readonly role: Resource | undefined;
  /** The service that runs the same task definition. */
  readonly service: Service | undefined;
  readonly endpoint: Endpoint;
  /** The command that replaces the container's own; `undefined` where none does, or it isn't known. */
  readonly command: readonly string[] | undefined;
  /** What makes it a node of the cluster; `undefined` where it isn't one, or that isn't known. */
  readonly joins: string | undefined;
}

/** All tasks that EventBridge starts in ECS. */
export function findScheduledTasks(services: readonly Service[], resources: Resources): readonly ScheduledTask[] {
  return [...schedules(resources), ...ruleTargets(resources)].map((found) => scheduled(found, services, resources));
}

/** What the two kinds of resource have in common. */
interface Found {
  readonly resource: Resource;
  readonly name: string;
  readonly principal: ScheduledTask["principal"];
  readonly when: string | undefined;
  readonly source: string | undefined;
  readonly roleArn: Value | undefined;
  readonly cluster: Value | undefined;
  readonly ecs: Values;
  readonly input: Value | undefined;
}

/** Source: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_EcsParameters.html */
function* schedules(resources: Resources): Generator<Found> {
  for (const resource of resources.of("aws_scheduler_schedule")) {
    const { name, group_name, schedule_expression, schedule_expression_timezone, target } = resource.values;
    const { arn, role_arn, ecs_parameters, input } = block(target) ?? {};
    const ecs = block(ecs_parameters);
    if (!ecs) continue;
    yield {
      resource,
      name: `schedule ${text(name) ?? resource.address}`,
      principal: "scheduler.amazonaws.com",
      when: [text(schedule_expression), text(schedule_expression_timezone)].filter(Boolean).join(" ") || undefined,
      source: isAbsent(group_name) ? "default" : text(group_name),
      roleArn: role_arn,
      cluster: arn,
      ecs,
      input,
    };
  }
}

/** Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_EcsParameters.html */
function* ruleTargets(resources: Resources): Generator<Found> {
  for (const resource of resources.of("aws_cloudwatch_event_target")) {
    const { rule, arn, role_arn, ecs_target, input } = resource.values;
    const ecs = block(ecs_target);
    if (!ecs) continue;
    const found =
      resources.named(rule, "aws_cloudwatch_event_rule") ??
      resources.of("aws_cloudwatch_event_rule").find(({ values }) => values.name === rule);
    const name = text(found?.values.name) ?? text(rule);
    yield {
      resource,
      name: `rule ${name ?? resource.address}`,
      principal: "events.amazonaws.com",
      when: text(found?.values.schedule_expression),
      source: name,
      roleArn: role_arn,
      cluster: arn,
      ecs,
      input,
    };
  }
}

function scheduled(
  { ecs, input, roleArn, ...found }: Found,
  services: readonly Service[],
  resources: Resources,
): ScheduledTask {
  const taskDefinition = findTaskDefinition(ecs.task_definition_arn, resources);
  const service = taskDefinition && services.find((each) => each.taskDefinition === taskDefinition);
  const containers = containersOf(taskDefinition, "its task definition is not in this plan");
  const networked: Resource = {
    address: found.resource.address,
    type: found.resource.type,
    mode: found.resource.mode,
    actions: found.resource.actions,
    values: ecs,
  };
  const override = overrideOf(input, service?.node);
  return {
    ...found,
    target: ecs.task_definition_arn,
    hasRole: !isAbsent(roleArn),
    role: isUnknown(roleArn) ? undefined : roleOf(roleArn, resources),
    taskDefinition,
    service,
    containers,
    launch: ecs,
    endpoint: endpointOf(networked, taskDefinition, resources, new Inference(networked, resources)),
    command: override?.command,
    joins: service?.node && override && joinsBy(service.node, override),
  };
}

/** What a task changes of a container. */
interface Override {
  readonly command: readonly string[] | undefined;
  readonly environment: ReadonlyMap<string, string>;
}

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskOverride.html */
function overrideOf(input: Value | undefined, node: Container | undefined): Override | undefined {
  if (isUnknown(input) || isReference(input)) return undefined;
  const none = { command: undefined, environment: new Map<string, string>() };
  if (typeof input !== "string" || input === "") return none;
  try {
    const all = listOf((JSON.parse(input) as { containerOverrides?: unknown } | null)?.containerOverrides);
    const own = node ? all.find(({ name }) => name === node.name) : all[0];
    if (!own) return none;
    return {
      command: Array.isArray(own.command) ? own.command.map(String) : undefined,
      environment: new Map(listOf(own.environment).map(({ name, value }) => [String(name), String(value)])),
    };
  } catch {
    return undefined;
  }
}

const listOf = (value: unknown) => (Array.isArray(value) ? value.filter(isObject) : []);

/** `eval` has no distribution unless the image's `env.sh` gives it one; any other command of a release that runs a node has. */
function joinsBy(node: Container, { command, environment }: Override): string | undefined {
  const variable = (name: string) => environment.get(name) ?? node.environment.get(name);
  if (variable("RELEASE_DISTRIBUTION") === "none" || !isNode(node)) return undefined;
  const words = command ?? node.command;
  const release = releaseCommandOf(words) ?? "";
  if (release === "eval") {
    const kind = variable("EVAL_DISTRIBUTION");
    return ["name", "sname"].includes(kind ?? "") ? `EVAL_DISTRIBUTION=${kind}` : undefined;
  }
  return words.length === 0 || nodeCommands.includes(release) ? "it runs a node" : undefined;
}

/** Longest part of a command that a report repeats. */
const commandLength = 80;

/** Sentences for the report: which service a schedule runs, what, and when. */
export function describeSchedules(tasks: readonly ScheduledTask[]): readonly string[] {
  return tasks.map(({ name, resource, service, taskDefinition, target, command, when }) => {
    const definition = taskDefinition?.address ?? text(target);
    const of = service
      ? `${service.name}: `
      : `${resource.address}: ${definition === undefined ? "" : `of ${definition}, which no service here runs, `}`;
    const words = command?.join(" ");
    const what =
      words === undefined
        ? "the task definition's own command"
        : words.length > commandLength
          ? `${words.slice(0, commandLength)}…`
          : words;
    return `${of}${name}${when === undefined ? "" : `, ${when},`} runs ${what}`;
  });
}
