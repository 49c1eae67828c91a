import { DescribeTaskDefinitionCommand, RunTaskCommand } from "@aws-sdk/client-ecs";
import { parseArn } from "../../aws/arn";
import type { AwsClients } from "../local-aws/aws-clients";
import { evaluateAccess } from "./access/iam-policy";
import { readRole, trusts } from "./applied/roles";
import { type AppliedSchedule, readSchedules } from "./applied/schedules";
import type { OneOffTasks } from "./one-off-tasks";
import type { FargateTask } from "./task/fargate-task";

const principal = "scheduler.amazonaws.com";

/** Schedules of EventBridge Scheduler. Nothing starts them at their times here: a person does. */
export class Schedules {
  constructor(
    private readonly clients: AwsClients,
    private readonly tasks: Pick<OneOffTasks, "started">,
    /** Starts what clients have asked for. */
    private readonly sync: () => Promise<void>,
  ) {}

  all(): Promise<readonly AppliedSchedule[]> {
    return readSchedules(this.clients);
  }

  /**
   * Runs one now, as Scheduler does at its times.
   * @param name its name, with the name of its group in front where others have the same: `prod-shop/nightly`
   * @returns its task, which starts. @throws Error that names the schedules there are, or says why its role can't start the task
   */
  async run(name: string): Promise<FargateTask> {
    const schedule = await this.#named(name);
    await this.#mustBeAllowed(schedule);
    const { clusterArn: cluster, taskDefinitionArn: taskDefinition, network, overrides } = schedule;
    const { tasks = [], failures = [] } = await this.clients.ecs.send(
      new RunTaskCommand({ cluster, taskDefinition, networkConfiguration: network, overrides, launchType: "FARGATE" }),
    );
    if (!tasks[0]) throw new Error(`ECS didn't start the task: ${failures[0]?.reason ?? "it gave no reason"}`);
    const started = this.tasks.started(tasks[0].taskArn!);
    await this.sync();
    return started;
  }

  async #named(name: string): Promise<AppliedSchedule> {
    const all = await this.all();
    const found = all.filter((one) => [one.name, fullName(one)].includes(name));
    if (found.length === 1) return found[0]!;
    const known = all.map(fullName).join(", ") || "none";
    throw new Error(
      `${found.length === 0 ? "There is no schedule" : "Several services have a schedule"} "${name}". Schedules are: ${known}.`,
    );
  }

  /** What Scheduler would be refused at the schedule's time. Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html */
  async #mustBeAllowed({ roleArn, clusterArn, taskDefinitionArn, group }: AppliedSchedule): Promise<void> {
    const refused = (why: string) => new Error(`EventBridge Scheduler can't start the task: ${why}.`);
    const role = await readRole(this.clients, roleArn);
    if (!role) throw refused(`its role ${roleArn} doesn't exist`);
    const { partition, account } = parseArn(roleArn) ?? {};
    const source = `arn:${partition}:scheduler:${this.clients.region}:${account}:schedule-group/${group}`;
    if (!trusts(role, principal, source)) throw refused(`${role.name} doesn't trust ${principal} for ${source}`);
    const { taskDefinition } = await this.clients.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: taskDefinitionArn }),
    );
    const { taskDefinitionArn: arn, executionRoleArn, taskRoleArn } = taskDefinition!;
    const passed = [executionRoleArn, taskRoleArn].flatMap((one) => one ?? []);
    for (const request of [
      { action: "ecs:RunTask", resource: arn!, context: { "ecs:cluster": clusterArn } },
      ...passed.map((resource) => ({
        action: "iam:PassRole",
        resource,
        context: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
      })),
    ]) {
      const access = evaluateAccess(role, request);
      if (!access.allowed)
        throw refused(`${role.name} may not ${request.action} on ${request.resource}: ${access.because}`);
    }
  }
}

const fullName = ({ group, name }: AppliedSchedule) => `${group}/${name}`;
