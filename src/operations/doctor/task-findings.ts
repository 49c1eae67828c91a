import { advice } from "../../advice";
import type { DeployedEnvironment } from "../deployed-environment";
import type { EcsTask } from "../tasks";
import { counted, error, type Finding, note } from "./finding";
import type { Observation } from "./observation";

/** ECS's kinds of ends that nobody asked for. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html */
const unasked = ["TaskFailedToStart", "EssentialContainerExited", "SpotInterruption", "TerminationNotice"];

/** Reasons that are shown, the newest first. */
const shownReasons = 3;

/** Counts against what Terraform meant, deployments, and why tasks stopped. */
export function taskFindings(environment: DeployedEnvironment, observation: Observation): Finding[] {
  const { service, ecs } = observation;
  const { name } = service;
  if (!ecs) {
    return [error(name, `is not deployed in the ECS cluster ${environment.cluster}`, advice.apply(environment))];
  }
  return [
    ...meant(environment, observation),
    ...counts(observation),
    ...deployments(observation),
    ...ends(observation),
  ];
}

function meant(environment: DeployedEnvironment, { service, ecs }: Observation): Finding[] {
  const { tasks, autoscaled, executeCommand } = service.options;
  const apply = `to see the difference: ${advice.plan(environment)}`;
  return [
    ...(ecs!.desiredCount !== tasks && !autoscaled
      ? [
          error(
            service.name,
            `is to run ${counted(ecs!.desiredCount ?? 0, "task")}, the environment says ${tasks}`,
            apply,
          ),
        ]
      : []),
    ...((ecs!.enableExecuteCommand ?? false) !== executeCommand
      ? [error(service.name, `has ECS Exec ${executeCommand ? "off" : "on"}, the environment says otherwise`, apply)]
      : []),
  ];
}

function counts({ service, ecs, tasks }: Observation): Finding[] {
  const running = tasks.filter(({ status }) => status === "RUNNING");
  const desired = ecs!.desiredCount ?? 0;
  const unhealthy = running.filter(({ health }) => health === "UNHEALTHY");
  return [
    ...(running.length < desired
      ? [
          error(
            service.name,
            `runs ${running.length} of ${counted(desired, "task")}${tasks.length > running.length ? `; ${describeBeginning(tasks)}` : ""}`,
            ecs!.events?.[0]?.message && `ECS says: ${ecs!.events[0].message}`,
          ),
        ]
      : []),
    ...unhealthy.map((task) =>
      error(service.name, `task ${task.id}${task.address ? ` (${task.address})` : ""} fails its health check`),
    ),
  ];
}

const describeBeginning = (tasks: readonly EcsTask[]) =>
  tasks
    .filter(({ status }) => status !== "RUNNING")
    .map(({ id, status }) => `${id} is ${status}`)
    .join(", ");

function deployments({ service, ecs, tasks }: Observation): Finding[] {
  const older = tasks.filter(({ taskDefinitionArn }) => taskDefinitionArn !== ecs!.taskDefinition);
  return (ecs!.deployments ?? []).flatMap((deployment) => {
    const reason = deployment.rolloutStateReason ? `: ${deployment.rolloutStateReason}` : "";
    if (deployment.rolloutState === "FAILED") return [error(service.name, `its deployment failed${reason}`)];
    if (deployment.rolloutState !== "IN_PROGRESS" || deployment.status !== "PRIMARY") return [];
    const old = older.length > 0 ? `, ${counted(older.length, "task")} of an older definition` : "";
    return [note(service.name, `is being deployed${old}`)];
  });
}

/** Why tasks stopped that nobody had asked to: an error while tasks are missing, else a note. */
function ends({ service, ecs, tasks, stopped }: Observation): Finding[] {
  const isShort = tasks.filter(({ status }) => status === "RUNNING").length < (ecs!.desiredCount ?? 0);
  const failed = stopped.filter(
    ({ stopCode, stopped: reason }) => unasked.includes(stopCode ?? "") || /health check/i.test(reason ?? ""),
  );
  const newestFirst = [...failed].sort((a, b) => (b.stoppedAt?.getTime() ?? 0) - (a.stoppedAt?.getTime() ?? 0));
  const reasons = [...new Set(newestFirst.map(({ stopped: reason }) => reason ?? "no reason given"))];
  const findings = reasons.slice(0, shownReasons).map((reason) => {
    const count = failed.filter(({ stopped: other }) => (other ?? "no reason given") === reason).length;
    return (isShort ? error : note)(service.name, `${counted(count, "task")} stopped: ${reason}`);
  });
  const left = reasons.length - shownReasons;
  return left > 0 ? [...findings, note(service.name, `and for ${counted(left, "further reason")}`)] : findings;
}
