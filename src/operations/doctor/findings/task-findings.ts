import { advice } from "../../../advice";
import { taskRange } from "../../../aws/ecs/task-range";
import type { DeployedEnvironment } from "../../deployed-environment";
import type { EcsTask } from "../../tasks";
import { counted, error, type Finding, note } from "./finding";
import type { Observation } from "../observation";

/** Numbers of tasks compared with the configuration, and current deployments. */
export function taskFindings(environment: DeployedEnvironment, observation: Observation): Finding[] {
  const { service, ecs } = observation;
  const { name } = service;
  if (!ecs) {
    return [error(name, `is not deployed in the ECS cluster ${environment.cluster}`, advice.apply(environment))];
  }
  return [...settings(environment, observation), ...counts(observation), ...inProgress(observation)];
}

function settings(environment: DeployedEnvironment, { service, ecs }: Observation): Finding[] {
  const { tasks, autoscaled, executeCommand } = service.options;
  const { min, max } = taskRange(tasks);
  const desired = ecs!.desiredCount ?? 0;
  const apply = `to see the difference: ${advice.plan(environment)}`;
  return [
    ...((desired < min || desired > max) && !autoscaled
      ? [
          error(
            service.name,
            `ECS wants ${counted(desired, "task")}, ${environment.file} says ${min === max ? min : `${min} to ${max}`}`,
            apply,
          ),
        ]
      : []),
    ...((ecs!.enableExecuteCommand ?? false) !== executeCommand
      ? [
          error(
            service.name,
            `has ECS Exec ${executeCommand ? "off" : "on"}, ${environment.file} says otherwise`,
            apply,
          ),
        ]
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
            `runs ${running.length} of ${counted(desired, "task")}${tasks.length > running.length ? `; ${describeStarting(tasks)}` : ""}`,
            ecs!.events?.[0]?.message && `ECS says: ${ecs!.events[0].message}`,
          ),
        ]
      : []),
    ...unhealthy.map((task) =>
      error(service.name, `task ${task.id}${task.address ? ` (${task.address})` : ""} fails its health check`),
    ),
  ];
}

const describeStarting = (tasks: readonly EcsTask[]) =>
  tasks
    .filter(({ status }) => status !== "RUNNING")
    .map(({ id, status }) => `${id} is ${status}`)
    .join(", ");

function inProgress({ service, ecs, tasks }: Observation): Finding[] {
  const older = tasks.filter(({ taskDefinitionArn }) => taskDefinitionArn !== ecs!.taskDefinition);
  const old = older.length > 0 ? `, ${counted(older.length, "task")} of an older definition` : "";
  return (ecs!.deployments ?? [])
    .filter(({ rolloutState, status }) => rolloutState === "IN_PROGRESS" && status === "PRIMARY")
    .map(() => note(service.name, `is being deployed${old}`));
}
