import { deploymentPercent, maxTasks } from "../aws/ecs/deployment-percent";
import type { ResourceChange } from "./read/plan-format";

/** What apply does to a resource, or an action that it invokes. */
export type Action = "create" | "update" | "replace" | "delete" | "forget" | "import" | "move" | "invoke";

/** What changing a resource of a type means for the cluster; `undefined` where there is nothing particular to say. */
export function meaningOf({ type, change }: ResourceChange, action: Action): string | undefined {
  const after = (change.after ?? {}) as Record<string, unknown>;
  const before = (change.before ?? {}) as Record<string, unknown>;
  if (action === "forget") return "it stays in AWS as it is, and Terraform doesn't manage it any more";
  if (change.actions.includes("forget"))
    return "the old one stays in AWS as it is, and Terraform doesn't manage it any more";
  switch (type) {
    case "aws_service_discovery_service":
      if (action === "replace")
        return "replaces the Cloud Map service: ECS does not re-register running tasks in the new one, so nobody finds them until they are replaced";
      return action === "delete" ? "its DNS name is gone: nodes keep their links, but none finds a new one" : undefined;
    case "aws_service_discovery_private_dns_namespace":
      if (action === "replace")
        return change.actions[0] === "create"
          ? "replaces the namespace: new tasks register in the new one, and old tasks can't be found once the old one is deleted"
          : "replaces the namespace: it can't be removed while services are registered in it, and every name in it is gone meanwhile";
      return action === "delete" ? "every DNS name in it is gone" : undefined;
    case "aws_cloudwatch_log_group":
      return (action === "replace" || action === "delete") && before.skip_destroy !== true
        ? "the logs in it are deleted with it"
        : undefined;
    case "aws_ecs_task_definition":
      return action === "replace"
        ? "new revision of the task definition: the service deploys it, unless it pins another"
        : undefined;
    case "aws_ecs_service":
      return serviceMeaning(before, after, change.after_unknown, action);
    case "aws_security_group":
      return action === "replace"
        ? "replaces the security group: rules that name the old one no longer match, and tasks get the new one with a deployment"
        : undefined;
    case "aws_security_group_rule":
    case "aws_vpc_security_group_ingress_rule":
    case "aws_vpc_security_group_egress_rule":
      if (action === "replace") return "the rule is missing for a moment; connections that stand stay up";
      return action === "delete" ? "connections that stand stay up; new ones are refused" : undefined;
    case "aws_ssm_parameter":
      return action === "update"
        ? "running tasks keep the old value: new tasks get the new one, and with another cookie they don't connect to old ones"
        : undefined;
    default:
      return undefined;
  }
}

function serviceMeaning(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  unknown: unknown,
  action: Action,
): string | undefined {
  // A DAEMON service has no number of tasks: desired_count is 0 there.
  const tasks = after.scheduling_strategy === "DAEMON" ? undefined : count(after.desired_count);
  if (action === "create") return tasks === undefined ? undefined : `starts ${inTasks(tasks)}`;
  if (action === "delete") return "stops all its tasks";
  const most =
    tasks === undefined
      ? undefined
      : Math.max(tasks, maxTasks(tasks, count(after.deployment_maximum_percent) ?? deploymentPercent.maximum));
  if (action === "replace") return "stops all its tasks, then starts new ones: no rolling deployment";
  if (action !== "update") return undefined;
  const newDefinition =
    (unknown as Record<string, unknown> | undefined)?.task_definition === true ||
    before.task_definition !== after.task_definition;
  const otherwise = [
    "network_configuration",
    "force_new_deployment",
    "platform_version",
    "service_registries",
    "load_balancer",
    "enable_execute_command",
  ].some((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  const controller = (after.deployment_controller as readonly { type?: unknown }[] | undefined)?.[0]?.type;
  // Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
  if ((newDefinition || otherwise) && (controller === "CODE_DEPLOY" || controller === "EXTERNAL"))
    return `ECS refuses this update: ${controller === "CODE_DEPLOY" ? "CodeDeploy" : "an external controller, through task sets,"} deploys this service`;
  if (newDefinition || otherwise)
    return `${newDefinition ? "new task definition: " : ""}rolling deployment${most === undefined ? "" : `, up to ${inTasks(most)} at once`}`;
  const from = count(before.desired_count);
  return from !== undefined && tasks !== undefined && from !== tasks
    ? `from ${inTasks(from)} to ${inTasks(tasks)}`
    : undefined;
}

function count(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function inTasks(count: number): string {
  return count === 1 ? "1 task" : `${count} tasks`;
}
