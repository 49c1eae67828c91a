import type { Command } from "commander";
import { advice } from "../../advice";
import type { Aws } from "../../aws/sdk/clients";
import { print, printError } from "../../foreign-text";
import type { DeployedEnvironment, DeployedService } from "../../operations/deployed-environment";
import type { OneOffOptions, StartedTask } from "../../operations/run-task/start-task";
import type { EcsTask } from "../../operations/tasks";
import { confirm, type Terminal } from "./confirm";
import { operation, type OperationOptions, run } from "./operation";

interface TaskOptions extends OperationOptions {
  readonly join?: true;
  readonly image?: string;
}

const ownTerminal: Terminal = { input: process.stdin, output: process.stderr };

/** `task <environment> <service> -- <command…>`. Exit code: the container's; 2 when it never ran. */
export function taskCommand(terminal: Terminal = ownTerminal): Command {
  return operation("task", "run a command once, in a task like those of a service, and follow its output")
    .argument("<service>", "a service of the environment")
    .argument("<command...>", "after --: a command of the release, or a program's path and its arguments")
    .option("--join", "make the task a node of the service's cluster")
    .option("--image <uri>", "run this image, such as the one to deploy next (default: the deployed image)")
    .addHelpText(
      "after",
      "\nExamples:\n  npm run task -- prod shop -- eval 'Shop.Release.seed()'\n" +
        "  npm run task -- prod shop --image registry.example/shop:1.5.0 -- eval 'Shop.Release.migrate()'\n" +
        "  npm run task -- prod shop --join -- eval 'Application.ensure_all_started(:shop); Shop.Report.run()'\n" +
        "\nCtrl-C stops the task, and asks first. Standard output is the container's, standard error shows the task's status.\n" +
        "\nExit codes: the container's own; 2 when it never ran.",
    )
    .action((environment: string, service: string, command: string[], options: TaskOptions) =>
      run(() => runOnce(environment, service, { ...options, command }, terminal)),
    );
}

async function runOnce(
  name: string,
  serviceName: string,
  { environments, ...options }: TaskOptions & OneOffOptions,
  terminal: Terminal,
): Promise<number> {
  const [{ readEnvironment, serviceNamed }, { withAws }, { startTask }] = await Promise.all([
    import("../../operations/deployed-environment"),
    import("../../aws/sdk/clients"),
    import("../../operations/run-task/start-task"),
  ]);
  const environment = readEnvironment(environments, name);
  const service = serviceNamed(environment, serviceName);
  return withAws(environment.options.region, async (aws) => {
    // A signal before the task has an id must not end this process: a task would be left that nobody follows.
    const interrupts = new Interrupts(terminal);
    try {
      const task = await startTask(aws, environment, service, options);
      task.notices.forEach(printError);
      return await follow(aws, { environment, service, task, interrupts });
    } finally {
      interrupts.end();
    }
  });
}

interface Followed {
  readonly environment: DeployedEnvironment;
  readonly service: DeployedService;
  readonly task: StartedTask;
  readonly interrupts: Interrupts;
}

async function follow(aws: Aws, { environment, service, task, interrupts }: Followed): Promise<number> {
  const { followTask, stopTask } = await import("../../operations/run-task/follow-task");
  const { cluster, options } = environment;
  const { id } = task;
  interrupts.stops(`Stop task ${id}?`, async () => {
    await stopTask(aws, cluster, id);
    printError(`Task ${id} was asked to stop.`);
  });
  try {
    const ended = await followTask(aws, cluster, task, {
      onLine: print,
      onStatus: (status) => printError(`Task ${id}: ${status}`),
      hold: () => interrupts.asking,
    });
    const { exitInWords } = await import("../../operations/exit-codes");
    return report(ended, service, exitInWords);
  } catch (error) {
    printError(`Task ${id} keeps running. To stop it: ${advice.stopTask({ region: options.region, cluster }, id)}`);
    throw error;
  }
}

function report({ id, containers, stopped }: EcsTask, { name }: DeployedService, inWords: (code: number) => string) {
  const exitCode = containers.find((container) => container.name === name)?.exitCode;
  if (exitCode === undefined) {
    printError(`Task ${id} stopped before its container ran: ${stopped ?? "ECS gave no reason"}`);
    return 2;
  }
  printError(`Task ${id} ended: ${inWords(exitCode)}`);
  return exitCode;
}

/** Ctrl-C asks whether to stop the task. SIGTERM stops it, and so does Ctrl-C where there is no terminal to ask on. */
class Interrupts {
  /** Settled when a question has its answer. */
  asking: Promise<void> | undefined;
  #pending: NodeJS.Signals | undefined;
  #stop: ((signal: NodeJS.Signals) => Promise<void>) | undefined;
  readonly #listener = (signal: NodeJS.Signals) => this.#interrupt(signal);

  constructor(private readonly terminal: Terminal) {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, this.#listener);
  }

  /** What a signal does from now on; one that came before does it now. */
  stops(question: string, stop: () => Promise<void>): void {
    this.#stop = async (signal) => {
      const { input, output } = this.terminal;
      const ask = signal === "SIGINT" && input.isTTY === true && output.isTTY === true;
      if (!ask || (await confirm(question, {}, this.terminal))) await stop();
    };
    if (this.#pending) this.#interrupt(this.#pending);
  }

  end(): void {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, this.#listener);
  }

  /** npm passes Ctrl-C on to a process that the terminal has already sent it to: one question is asked at a time. */
  #interrupt(signal: NodeJS.Signals): void {
    this.#pending = signal;
    if (!this.#stop || this.asking) return;
    this.asking = this.#stop(signal)
      .catch((error: Error) => printError(`The task could not be stopped: ${error.message}`))
      .finally(() => (this.asking = undefined));
  }
}
