import { execa } from "execa";
import { lastPartOf } from "../aws/arn";
import { advice, ecsExec } from "../advice";
import { remoteShell } from "../containers/remote-shell";
import { didYouMean } from "../environment/nearest";
import type { Aws } from "../aws/sdk/clients";
import type { DeployedEnvironment, DeployedService } from "./deployed-environment";
import { ecsServiceOf } from "./ecs-service";
import { ecsTasks, type EcsTask, tasksOf } from "./tasks";
import { UserError } from "../user-error";

/** Options of {@link consoleCommand}. */
export interface ConsoleOptions {
  /** Id of the task, or its beginning. @default a healthy one whose agent runs, the newest */
  readonly task?: string | undefined;
  /** Command to run in the container. @default the release's remote shell */
  readonly command?: string | undefined;
}

/** A command to run on this machine. */
export type CommandLine = readonly [string, ...string[]];

/** The page to install each tool from. */
const tools = {
  aws: "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
  "session-manager-plugin":
    "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html",
};

/**
 * The command that opens a shell in a running task, after all checks that are possible beforehand.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
 *
 * @throws UserError with what is missing and what to do.
 */
export async function consoleCommand(
  aws: Aws,
  environment: DeployedEnvironment,
  service: DeployedService,
  { task: wanted, command = remoteShell(service.releaseName) }: ConsoleOptions = {},
): Promise<CommandLine> {
  await ecsServiceOf(aws, environment, service);
  // A task may have stopped since it was listed.
  const listed = await tasksOf(aws, environment.cluster, service.ecsService, "RUNNING");
  const task =
    wanted === undefined ? best(listed, environment, service) : await chosen(aws, environment, service, listed, wanted);
  mustTakeSessions(task, environment, service);
  return execCommand(environment, service, task.id, command);
}

/** The command that runs another command in a task's container, on a terminal there. */
export const execCommand = (
  { cluster, options: { region } }: DeployedEnvironment,
  { name: container }: DeployedService,
  taskId: string,
  command: string,
): CommandLine => ecsExec({ region, cluster, task: taskId, container, command });

/** @throws UserError when the AWS CLI or its Session Manager plugin is not on the path. */
export async function mustHaveTools(): Promise<void> {
  for (const [tool, page] of Object.entries(tools)) {
    const { code } = await execa(tool, ["--version"], { reject: false, stdin: "ignore" });
    if (code === "ENOENT")
      throw new UserError(`${tool} is not installed, and ECS Exec needs it. Install it from ${page}`);
  }
}

/** Runs a command with this terminal as its own. @returns its exit code. */
export async function runInTerminal([file, ...args]: CommandLine): Promise<number> {
  // Ctrl-C reaches the whole foreground group. It is for the remote shell, and must not end this process first.
  const ignore = () => undefined;
  process.on("SIGINT", ignore);
  try {
    const { exitCode } = await execa(file, args, { stdio: "inherit", reject: false });
    return exitCode ?? 1;
  } finally {
    process.off("SIGINT", ignore);
  }
}

const isThere = ({ status }: EcsTask) => status !== "STOPPED";

const hasAgent = (task: EcsTask, { name }: DeployedService) => task.execAgents[name] === "RUNNING";

/** The best running task: with an agent first, then healthy, then the newest. */
function best(tasks: readonly EcsTask[], environment: DeployedEnvironment, service: DeployedService): EcsTask {
  const rank = (task: EcsTask) =>
    (task.status === "RUNNING" ? 4 : 0) + (hasAgent(task, service) ? 2 : 0) + (task.health === "UNHEALTHY" ? 0 : 1);
  const age = ({ startedAt }: EcsTask) => startedAt?.getTime() ?? 0;
  const [first] = tasks.filter(isThere).sort((a, b) => rank(b) - rank(a) || age(b) - age(a));
  if (first) return first;
  throw new UserError(`${service.name} has no running task. To see why: ${advice.doctor(environment)}`);
}

async function chosen(
  aws: Aws,
  { cluster }: DeployedEnvironment,
  service: DeployedService,
  listed: readonly EcsTask[],
  wanted: string,
): Promise<EcsTask> {
  const id = lastPartOf(wanted);
  const tasks = listed.filter(isThere);
  const fits = tasks.filter((task) => task.id.startsWith(id));
  if (fits.length === 1) return fits[0]!;
  const ids = tasks.map((task) => task.id);
  if (fits.length > 1)
    throw new UserError(`Several tasks begin with "${wanted}": ${fits.map((task) => task.id).join(", ")}.`);
  const [ended] = await ecsTasks(aws, cluster, [listed.find((task) => task.id.startsWith(id))?.id ?? id]);
  if (ended?.stopped) throw new UserError(`Task ${ended.id} has stopped: ${ended.stopped}`);
  throw new UserError(
    `${service.name} has no running task "${wanted}". ` +
      (ids.length === 0 ? "It has none." : `It has: ${ids.join(", ")}.`) +
      didYouMean(id, ids),
  );
}

function mustTakeSessions(task: EcsTask, environment: DeployedEnvironment, service: DeployedService): void {
  if (task.status !== "RUNNING") {
    throw new UserError(
      `Task ${task.id} is ${task.status}: try again when it runs${task.stopped ? `. ${task.stopped}` : ""}.`,
    );
  }
  const { cluster, options } = environment;
  const named = { region: options.region, cluster, service: service.ecsService };
  if (!task.executeCommand) {
    throw new UserError(
      service.options.executeCommand
        ? `ECS Exec is off in task ${task.id}, though ${service.name} has executeCommand on: the task started before this was applied. ` +
            `Apply it and replace the tasks: ${advice.apply(environment)} && ${advice.redeployService(named)}`
        : `ECS Exec is off: ${service.name} has "executeCommand": false. Remove that, then: ${advice.apply(environment)}`,
    );
  }
  const agent = task.execAgents[service.name];
  if (agent === "RUNNING") return;
  throw new UserError(
    `The ECS Exec agent of task ${task.id} ${agent === undefined ? "has not reported yet" : `is ${agent}`}. If this lasts: ` +
      `the role ${service.taskRole} needs ssmmessages:CreateControlChannel, CreateDataChannel, OpenControlChannel and ` +
      "OpenDataChannel, the task a route to the ssmmessages endpoint (NAT gateway or VPC endpoint), and a read-only root its writableVolumes.",
  );
}
