import { setTimeout as pause } from "node:timers/promises";
import type { Command } from "commander";
import type { LogLine, LogReader } from "../../operations/logs/log-reader";
import { type Colours, coloursOf, print, printError, terminal } from "../../foreign-text";
import { pointInTime } from "../arguments";
import { type Interruption, interruption } from "../interruption";
import { operation, type OperationOptions, run } from "./operation";

interface LogsOptions extends OperationOptions {
  readonly since: number | string;
  readonly follow?: true;
}

/** Milliseconds between two reads of `--follow`. CloudWatch Logs allows at least five reads a second. */
const followMs = 2000;
/** Reads after which `--follow` looks for containers that a deployment has added. */
const readsPerLook = 15;

/** `logs <environment> <service>`. Exit code 0, even after Ctrl-C; 2 when the logs can't be read. */
export function logsCommand(): Command {
  return operation("logs", "print the log lines of all tasks of a service, by time")
    .argument("<service>", "a service of the environment")
    .option("--since <time>", "from this long ago (90s, 10m, 2h, 7d), or from a time such as 2026-11-26T09:30Z", "10m")
    .option("--follow", "print new lines until Ctrl-C")
    .addHelpText(
      "after",
      "\nExamples:\n  npm run logs -- prod myapp\n  npm run logs -- prod myapp --since 2h --follow\n" +
        "\nExit codes: 0 the lines were printed, 2 they can't be read.",
    )
    .action((environment: string, service: string, options: LogsOptions) =>
      run(() => logs(environment, service, options)),
    );
}

async function logs(name: string, serviceName: string, { environments, since, follow }: LogsOptions): Promise<number> {
  const [{ readEnvironment, serviceNamed }, { withAws }, { LogReader }, { serviceLogSources }] = await Promise.all([
    import("../../operations/deployed-environment"),
    import("../../aws/sdk/clients"),
    import("../../operations/logs/log-reader"),
    import("../../operations/logs/service-logs"),
  ]);
  const from = pointInTime(String(since), Date.now());
  const environment = readEnvironment(environments, name);
  const service = serviceNamed(environment, serviceName);
  const interrupted = interruption();
  try {
    return await withAws(environment.options.region, async (aws) => {
      const { sources, elsewhere } = await serviceLogSources(aws, environment, service);
      elsewhere.forEach((sentence) => printError(sentence));
      if (sources.length === 0) return 2;
      const reader = new LogReader(aws, sources, { since: from, signal: interrupted.signal });
      const printed = await printNew(reader, service.name);
      if (follow) {
        const look = async () => reader.read((await serviceLogSources(aws, environment, service)).sources);
        await untilInterrupted(interrupted, look, () => printNew(reader, service.name));
      } else if (printed === 0 && !interrupted.signal.aborted) {
        printError(
          `${service.name} logged nothing since ${new Date(from).toISOString()}. Look further back: --since 1d`,
        );
      }
      return 0;
    });
  } finally {
    interrupted.end();
  }
}

async function untilInterrupted(
  { signal }: Interruption,
  look: () => Promise<void>,
  read: () => Promise<unknown>,
): Promise<void> {
  const { awsFailure } = await import("../../operations/aws-failure");
  for (let reads = 1; !signal.aborted; reads += 1) {
    await pause(followMs, undefined, { signal }).catch(() => undefined);
    try {
      if (reads % readsPerLook === 0) await look();
      await read();
    } catch (error) {
      // The network may be down for a moment: read again, from the last line on.
      const why = awsFailure(error);
      if (why === undefined) throw error;
      printError(why);
    }
  }
}

const pc = coloursOf();
const colours: readonly (keyof Colours)[] = ["cyan", "green", "yellow"];
/** Colour of each task, by its id. */
const coloured = new Map<string, keyof Colours>();

/** @returns the number of lines. */
async function printNew(reader: LogReader, mainContainer: string): Promise<number> {
  let lines = 0;
  for await (const line of reader.newLines()) {
    print(shown(line, mainContainer));
    lines += 1;
  }
  return lines;
}

/** The characters of a task's id that are shown: enough to tell tasks apart, and for `--task` of other commands. */
const shortId = 8;

function shown({ taskId, container, text }: LogLine, mainContainer: string) {
  const colour = coloured.get(taskId) ?? colours[coloured.size % colours.length]!;
  coloured.set(taskId, colour);
  const from = terminal`${taskId.slice(0, shortId)}${container === mainContainer ? "" : ` ${container}:`}`;
  return terminal`${pc[colour](from)} ${text}`;
}
