import type { FargateTask } from "../control-plane/task/fargate-task";

/** Lines of each task, characters of each line, and tasks: with a status of each service, a failure's message has about 40 lines. */
const [maxLines, maxCharacters, maxTasks] = [7, 200, 4];

interface WatchedService {
  readonly lastStatusMessage: string | undefined;
  readonly newestTasks: readonly FargateTask[];
}

/** The last status message of each service, and then the last output of their tasks: of each service's first task first. */
export function whyNotSteady(services: readonly WatchedService[]): string {
  const byService = services.map(({ newestTasks }) => newestTasks);
  const rounds = Math.max(0, ...byService.map(({ length }) => length));
  const tasks = Array.from({ length: rounds }, (_, at) => byService.flatMap((all) => all.slice(at, at + 1))).flat();
  return [...services.map(({ lastStatusMessage }) => lastStatusMessage), lastOutput(tasks)].filter(Boolean).join("\n");
}

/** What tasks wrote last, for the message of a failure; empty where there is none. */
export function lastOutput(tasks: readonly FargateTask[]): string {
  const shown = tasks.slice(0, maxTasks).map(ofOne);
  const more = tasks.length - shown.length;
  return [...shown, ...(more > 0 ? [`and of ${more} more tasks, not shown`] : [])].join("\n");
}

function ofOne(task: FargateTask): string {
  const { id, order, networkInterface, status, health, end } = task;
  const about = [order.serviceName, networkInterface?.address, status, health, end?.stoppedReason].filter(Boolean);
  const log = task.containers.telling?.running?.log() ?? "";
  const lines = log.split("\n").filter((line) => line.trim() !== "");
  const words = lines.filter((line) => !isMetrics(line));
  const text =
    words.length > 0 ? words.slice(-maxLines).map(shortened) : [lines.length > 0 ? "(only metrics)" : "(nothing)"];
  return [`Last output of task ${id.slice(0, 8)} (${about.join(", ")}):`, ...text.map((line) => `  ${line}`)].join(
    "\n",
  );
}

/** A line in CloudWatch's embedded metric format: it says nothing about a failure, and there is one every few seconds. */
const isMetrics = (line: string): boolean => line.trimStart().startsWith("{") && line.includes('"_aws":');

const shortened = (line: string): string =>
  line.length > maxCharacters ? `${line.slice(0, maxCharacters - 1)}…` : line;
