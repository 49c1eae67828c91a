import { lastPartOf } from "../../aws/arn";
import { coloursOf, type Markup, terminal, visible } from "../../foreign-text";
import type { DeploymentStatus, FailedTasks, ServiceStatus, Status } from "./status";
import { wrapped } from "./wrapped";

type Text = Markup<"terminal">;

const pc = coloursOf();
const marks = {
  steady: pc.green("✓"),
  deploying: pc.cyan("…"),
  failed: pc.red("✗"),
  unknown: pc.yellow("?"),
};

/** Columns of a terminal as it is opened: longer sentences are wrapped, and log lines are not. */
const columns = 80;

/** The status of an environment as text. */
export function statusReport({ environment, region, cluster, at, services }: Status): Text {
  const lines = [
    terminal`${pc.bold(environment)}  ${region}, ECS cluster ${cluster}  ${pc.dim(at)}`,
    ...services.flatMap((service) => ["", ...described(service)]),
  ];
  return terminal.join(lines, terminal`\n`);
}

function described(service: ServiceStatus): (Text | string)[] {
  const { name, state, desired, running, pending, targets } = service;
  const counts = `${running} of ${desired} tasks run${pending > 0 ? `, ${pending} start` : ""}`;
  return [
    terminal`${marks[state]} ${pc.bold(name)}  ${counts}${state === "steady" ? ", steady" : ""}`,
    ...service.deployments.flatMap((deployment) => paragraph(deployed(deployment))),
    ...service.problems.flatMap((problem) => paragraph(`! ${problem}`)),
    ...(service.failedDeployment ? paragraph(failure(service.failedDeployment)) : []),
    ...service.failedTasks.flatMap(stopped),
    ...targets.flatMap(({ group, address, port, state: health, reason, meaning }) =>
      paragraph(
        `target ${address}:${port} of ${group}: ${health}${reason ? `, ${reason}` : ""}${meaning ? `: ${meaning}` : ""}`,
      ),
    ),
    ...service.unchecked.flatMap((what) => paragraph(`? not read: ${what}`)),
  ];
}

function deployed(deployment: DeploymentStatus): string {
  const { revision, image, state, stage, desired, running, pending, failed, since } = deployment;
  return [
    `${revision} ${state}`,
    ...(stage ? [stages[stage] ?? stage] : []),
    ...(image ? [`image ${image}`] : []),
    `${running} of ${desired} tasks run${pending > 0 ? `, ${pending} start` : ""}`,
    ...(failed > 0 ? [`${failed} failed in a row`] : []),
    ...(since ? [`since ${since}`] : []),
  ].join("; ");
}

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html */
const stages: Readonly<Record<string, string>> = {
  RECONCILE_SERVICE: "ECS is cleaning up earlier deployments",
  PRE_SCALE_UP: "new tasks are about to start",
  SCALE_UP: "new tasks start",
  POST_SCALE_UP: "new tasks have started and get no traffic yet",
  TEST_TRAFFIC_SHIFT: "test traffic moves to the new tasks",
  POST_TEST_TRAFFIC_SHIFT: "test traffic goes to the new tasks",
  PRODUCTION_TRAFFIC_SHIFT: "traffic moves to the new tasks",
  POST_PRODUCTION_TRAFFIC_SHIFT: "traffic goes to the new tasks",
  BAKE_TIME: "new tasks have the traffic, and old tasks wait until bakeMinutes are over",
  CLEAN_UP: "old tasks are being stopped",
};

/** ECS's status of a deployment in words; any other one means that it failed. */
const outcomes: Readonly<Record<string, string>> = {
  ROLLBACK_REQUESTED: "is being rolled back",
  ROLLBACK_IN_PROGRESS: "is being rolled back",
  ROLLBACK_SUCCESSFUL: "was rolled back",
  ROLLBACK_FAILED: "failed, and its rollback failed too",
};

function failure(failed: NonNullable<ServiceStatus["failedDeployment"]>): string {
  const { taskDefinition, image, status, rolledBackTo, failures, alarms, reason, failedAt, isPast } = failed;
  const cause =
    alarms.length > 0
      ? ` by the alarm ${alarms.join(", ")}`
      : failures
        ? ` by the circuit breaker, which allows ${failures.threshold} failed tasks in a row and counted ${failures.count}`
        : "";
  return (
    `${taskDefinition ? lastPartOf(taskDefinition) : "the last deployment"}${image ? ` (${image})` : ""} ` +
    `${outcomes[status] ?? "failed"}${rolledBackTo ? ` to ${lastPartOf(rolledBackTo)}` : ""}` +
    `${failedAt ? ` at ${failedAt.toISOString()}` : ""}${cause}${reason ? `: ${reason}` : ""}` +
    (isPast ? " Another deployment has started since." : "")
  );
}

/** The characters of a task's id that tell tasks apart. */
const shortId = (id: string) => id.slice(0, 8);

function stopped({ revision: of, reason, tasks, stoppedAt, log }: FailedTasks): Text[] {
  const [newest = "", ...others] = tasks;
  const which = others.length === 0 ? `task ${shortId(newest)}` : `${tasks.length} tasks, ${shortId(newest)} last,`;
  return [
    ...paragraph(`${which} of ${of} stopped${stoppedAt ? ` at ${stoppedAt}` : ""}: ${reason}`),
    ...log.map((line) => pc.dim(terminal`      ${line}`)),
  ];
}

/** Indented, with what follows the first line further in. */
const paragraph = (text: string): Text[] =>
  wrapped(visible(text), columns - 6).map((line, at) => terminal`${at === 0 ? "    " : "      "}${line}`);
