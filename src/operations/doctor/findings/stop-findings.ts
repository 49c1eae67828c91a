import { lastPartOf } from "../../../aws/arn";
import { advice } from "../../../advice";
import type { Aws } from "../../../aws/sdk/clients";
import { awsFailure } from "../../aws-failure";
import type { DeployedEnvironment } from "../../deployed-environment";
import { type FailedDeployment, failedDeployment } from "../../service-deployments";
import { FailedTaskLogs } from "../../failed-task-logs";
import { byReason, isUnexpected } from "../../stopped-tasks";
import type { EcsTask } from "../../tasks";
import { counted, error, type Finding, note, unchecked } from "./finding";
import type { Observation } from "../observation";

/** Maximum of reasons in a report, the newest first. */
const shownReasons = 3;

/** Why tasks stopped unexpectedly, and the deployment that failed because of it. */
export async function stopFindings(
  aws: Aws,
  environment: DeployedEnvironment,
  observation: Observation,
): Promise<Finding[]> {
  const { service, ecs, stopped } = observation;
  if (!ecs) return [];
  const logs = new FailedTaskLogs(aws);
  const found = await lookUp(aws, environment, observation);
  const failed = "failed" in found ? found.failed : undefined;
  const ofDeployment = failed ? stopped.filter((task) => task.taskDefinitionArn === failed.taskDefinition) : [];
  const others = stopped.filter((task) => !ofDeployment.includes(task) && isUnexpected(task));
  const findings = [
    ...("refused" in found ? [unchecked(service.name, `its deployments: ${found.refused}`)] : []),
    ...(failed
      ? [await failedFinding(environment, observation, failed, ofDeployment, logs)]
      : stillFailed(observation)),
    ...(await ends(observation, others, logs)),
  ];
  return [...findings, ...logs.refused.map((why) => unchecked(service.name, `the logs of its tasks: ${why}`))];
}

/** The failed deployment, if any; or why ECS can't be asked. */
async function lookUp(
  aws: Aws,
  { cluster }: DeployedEnvironment,
  { service }: Observation,
): Promise<{ readonly failed: FailedDeployment | undefined } | { readonly refused: string }> {
  try {
    return { failed: await failedDeployment(aws, cluster, service.ecsService) };
  } catch (failure) {
    const refused = awsFailure(failure);
    if (refused === undefined) throw failure;
    return { refused };
  }
}

/** A failed deployment without further details. */
const stillFailed = ({ service, ecs }: Observation): Finding[] =>
  (ecs!.deployments ?? [])
    .filter(({ rolloutState }) => rolloutState === "FAILED")
    .map(({ rolloutStateReason: reason }) =>
      error(service.name, `its deployment failed${reason ? `: ${reason}` : ""}`),
    );

/** ECS's status of a deployment in words; any other one means that it failed. */
const inWords: Readonly<Record<string, string>> = {
  ROLLBACK_REQUESTED: "is being rolled back",
  ROLLBACK_IN_PROGRESS: "is being rolled back",
  ROLLBACK_SUCCESSFUL: "was rolled back",
  ROLLBACK_FAILED: "failed, and its rollback failed too",
};

async function failedFinding(
  environment: DeployedEnvironment,
  observation: Observation,
  failed: FailedDeployment,
  tasks: readonly EcsTask[],
  logs: FailedTaskLogs,
): Promise<Finding> {
  const { service } = observation;
  const what = failed.taskDefinition === undefined ? "" : ` of ${lastPartOf(failed.taskDefinition)}`;
  const back = failed.rolledBackTo === undefined ? "" : ` to ${lastPartOf(failed.rolledBackTo)}`;
  const text =
    `its deployment${what}${at(failed.startedAt)} ${inWords[failed.status] ?? "failed"}${back}${at(failed.failedAt)}` +
    (failed.failures ? `, after ${counted(failed.failures.count, "task")} failed` : "") +
    (failed.reason ? `: ${failed.reason}` : "");
  const details = tasks.length > 0 ? await stops(tasks, logs) : await fromEvents(observation, failed, logs);
  const whatToDo = `fix the cause, then: ${advice.apply(environment)}`;
  return failed.isPast
    ? note(service.name, `${text}; another deployment has started since`, undefined, details)
    : error(service.name, text, whatToDo, details);
}

const at = (date: Date | undefined) => (date ? ` at ${date.toISOString()}` : "");

/**
 * ECS forgets a stopped task after about an hour. The service's events still name the tasks that the deployment started,
 * and their logs remain.
 */
async function fromEvents({ ecs }: Observation, failed: FailedDeployment, logs: FailedTaskLogs): Promise<string[]> {
  const from = failed.startedAt?.getTime() ?? 0;
  const to = failed.failedAt?.getTime() ?? Infinity;
  const started = (ecs!.events ?? [])
    .filter(({ createdAt, message }) => {
      const time = createdAt?.getTime() ?? 0;
      return time >= from && time <= to && / has started \d+ tasks?:/.test(message ?? "");
    })
    .flatMap(({ message }) => [...message!.matchAll(/\(task ([0-9a-f-]{32,36})\)/g)].map(([, id]) => id!));
  const expired = "ECS no longer knows why its tasks stopped: it keeps reasons for about an hour";
  for (const id of started) {
    const lines = await logs.of(failed.taskDefinition, id);
    if (lines.length > 0) return [expired, ...lines];
  }
  return [expired];
}

/** Why tasks stopped: each reason once, with the log of the newest task. */
async function stops(tasks: readonly EcsTask[], logs: FailedTaskLogs): Promise<string[]> {
  const lines: string[] = [];
  for (const { reason, all } of byReason(tasks).slice(0, shownReasons)) {
    const { id, taskDefinitionArn, containers } = all[0];
    lines.push(`${counted(all.length, "task")} stopped, ${id} last: ${reason}`);
    lines.push(...(await logs.of(taskDefinitionArn, id, containers)));
  }
  return lines;
}

/** Why tasks stopped unexpectedly: an error while tasks are missing, otherwise a note. */
async function ends(
  { service, ecs, tasks }: Observation,
  failed: readonly EcsTask[],
  logs: FailedTaskLogs,
): Promise<Finding[]> {
  const isShort = tasks.filter(({ status }) => status === "RUNNING").length < (ecs!.desiredCount ?? 0);
  const reasons = byReason(failed);
  const findings: Finding[] = [];
  for (const { reason, all } of reasons.slice(0, shownReasons)) {
    const { id, taskDefinitionArn, containers } = all[0];
    const lines = await logs.of(taskDefinitionArn, id, containers);
    const text = `${counted(all.length, "task")} stopped: ${reason}`;
    findings.push((isShort ? error : note)(service.name, text, undefined, lines));
  }
  const left = reasons.length - shownReasons;
  return left > 0 ? [...findings, note(service.name, `and for ${counted(left, "further reason")}`)] : findings;
}
