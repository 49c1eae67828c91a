import { deploymentPercent, maxTasks } from "../aws/ecs/deployment-percent";
import type { ResourceChange } from "./read/plan-format";

/** What apply does to a resource, or an action that it invokes. */
export type Action = "create" | "update" | "replace" | "delete" | "forget" | "import" | "move" | "invoke";

type Values = Readonly<Record<string, unknown>>;

interface Change {
  readonly before: Values;
  readonly after: Values;
  /** Attributes whose value only apply shows are true here. */
  readonly unknown: Values;
  readonly createsFirst: boolean;
}

type Meaning = string | ((change: Change) => string | undefined);
type Meanings = Readonly<Partial<Record<Action, Meaning>>>;

const rule: Meanings = {
  replace: "the rule is missing for a moment; connections that stand stay up",
  delete: "connections that stand stay up; new ones are refused",
};

const logsAreLost = ({ before }: Change) =>
  before.skip_destroy === true ? undefined : "the logs in it are deleted with it";

/** What an action on a resource of a type means for the cluster, where there is something particular to say. */
const meanings: Readonly<Record<string, Meanings>> = {
  aws_service_discovery_service: {
    replace:
      "replaces the Cloud Map service: ECS does not re-register running tasks in the new one, so nobody finds them until they are replaced",
    delete: "its DNS name is gone: nodes keep their links, but none finds a new one",
  },
  aws_service_discovery_private_dns_namespace: {
    replace: ({ createsFirst }) =>
      createsFirst
        ? "replaces the namespace: new tasks register in the new one, and old tasks can't be found once the old one is deleted"
        : "replaces the namespace: it can't be removed while services are registered in it, and every name in it is gone meanwhile",
    delete: "every DNS name in it is gone",
  },
  aws_cloudwatch_log_group: { replace: logsAreLost, delete: logsAreLost },
  aws_ecs_task_definition: {
    replace: "new revision of the task definition: the service deploys it, unless it pins another",
  },
  aws_ecs_service: {
    create: ({ after }) => {
      const tasks = tasksOf(after);
      return tasks === undefined ? undefined : `starts ${inTasks(tasks)}`;
    },
    update: updatedService,
    replace: "stops all its tasks, then starts new ones: no rolling deployment",
    delete: "stops all its tasks",
  },
  aws_security_group: {
    replace:
      "replaces the security group: rules that name the old one no longer match, and tasks get the new one with a deployment",
  },
  aws_security_group_rule: rule,
  aws_vpc_security_group_ingress_rule: rule,
  aws_vpc_security_group_egress_rule: rule,
  aws_ssm_parameter: {
    update:
      "running tasks keep the old value: new tasks get the new one, and with another cookie they don't connect to old ones",
  },
};

/** What changing a resource means for the cluster; `undefined` where there is nothing particular to say. */
export function meaningOf({ type, change }: ResourceChange, action: Action): string | undefined {
  if (action === "forget") return "it stays in AWS as it is, and Terraform doesn't manage it any more";
  if (change.actions.includes("forget"))
    return "the old one stays in AWS as it is, and Terraform doesn't manage it any more";
  const meaning = Object.hasOwn(meanings, type) ? meanings[type]![action] : undefined;
  if (typeof meaning !== "function") return meaning;
  return meaning({
    before: (change.before ?? {}) as Values,
    after: (change.after ?? {}) as Values,
    unknown: (change.after_unknown ?? {}) as Values,
    createsFirst: change.actions[0] === "create",
  });
}

/** Attributes whose change is a deployment too. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html */
const deployed = [
  "network_configuration",
  "force_new_deployment",
  "platform_version",
  "service_registries",
  "load_balancer",
  "enable_execute_command",
];

function updatedService({ before, after, unknown }: Change): string | undefined {
  const newDefinition = unknown.task_definition === true || before.task_definition !== after.task_definition;
  const deploys =
    newDefinition || deployed.some((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  const tasks = tasksOf(after);
  if (!deploys) {
    const from = count(before.desired_count);
    const differs = from !== undefined && tasks !== undefined && from !== tasks;
    return differs ? `from ${inTasks(from)} to ${inTasks(tasks)}` : undefined;
  }
  const refused = refusal(after);
  if (refused !== undefined) return refused;
  const limit = tasks === undefined ? "" : `, up to ${inTasks(maxRunning(tasks, after))} at once`;
  return `${newDefinition ? "new task definition: " : ""}rolling deployment${limit}`;
}

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html */
function refusal({ deployment_controller: controllers }: Values): string | undefined {
  const controller = (controllers as readonly { type?: unknown }[] | undefined)?.[0]?.type;
  if (controller !== "CODE_DEPLOY" && controller !== "EXTERNAL") return undefined;
  const who = controller === "CODE_DEPLOY" ? "CodeDeploy" : "an external controller, through task sets,";
  return `ECS refuses this update: ${who} deploys this service`;
}

/** A DAEMON service has no number of tasks: desired_count is 0 there. */
const tasksOf = (service: Values): number | undefined =>
  service.scheduling_strategy === "DAEMON" ? undefined : count(service.desired_count);

const maxRunning = (tasks: number, { deployment_maximum_percent: percent }: Values): number =>
  Math.max(tasks, maxTasks(tasks, count(percent) ?? deploymentPercent.maximum));

const count = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

const inTasks = (count: number): string => (count === 1 ? "1 task" : `${count} tasks`);
