import { type Command } from "./command";
import { aligned, shortId } from "./tasks-here";

/** Commands about schedules, which nothing starts at their times in the lab. */
export const schedules: readonly Command[] = [
  {
    usage: "schedules",
    does: "every schedule with its times and its command",
    async run({ lab, print }) {
      const rows = (await lab.schedules.all()).map(({ group, name, expression, timezone, overrides }) => [
        `${group}/${name}`,
        `${expression} ${timezone}`,
        commandOf(overrides),
      ]);
      print(rows.length === 0 ? "None." : aligned([["SCHEDULE", "TIMES", "COMMAND"], ...rows]));
    },
  },
  {
    usage: "run-schedule <schedule>",
    does: "runs a schedule's task now, as EventBridge Scheduler does at its times, until it ends",
    async run({ lab, print }, name) {
      const task = await lab.schedules.run(name!);
      print(`Task ${shortId(task)} runs ${task.order.definition.family}:${task.order.definition.revision}.`);
      await task.stopped;
      const output = task.containers.telling?.running?.log().trimEnd();
      if (output) print(output);
      const exit = task.containers.all.find(({ definition }) => definition.essential)?.exit;
      if (exit?.exitCode === 0) return print(`Task ${shortId(task)} ended: exit code 0.`);
      const why = exit ? `exit code ${exit.exitCode}` : (task.end?.stoppedReason ?? "it never ran");
      // Scheduler tries again only when the start fails.
      throw new Error(`Task ${shortId(task)} ended: ${why}.`);
    },
  },
];

const commandOf = ({ containerOverrides = [] }: { readonly containerOverrides?: readonly { command?: string[] }[] }) =>
  containerOverrides.flatMap(({ command }) => (command ? [command.join(" ")] : [])).join("; ");
