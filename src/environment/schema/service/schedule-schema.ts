import { z } from "zod";
import { scheduleDefaults } from "../../../aws/defaults";
import { wrongCron } from "../../../aws/cron";
import * as format from "../formats";
import { filledList, flag, mapOf, object, option, seconds, wholeNumber } from "../shapes";

const cronAllowed = 'a cron expression of six fields such as "0 3 * * ? *", with a "?" for day of month or day of week';
export const cron = z.string({ error: cronAllowed }).superRefine((text, context) => {
  const allowed = wrongCron(text);
  if (allowed !== undefined) context.addIssue({ code: "custom", message: allowed });
});

const timezoneAllowed = 'a time zone such as "Europe/Berlin" or "UTC"';
export const timezone = z.string({ error: timezoneAllowed }).refine(isTimezone, { error: timezoneAllowed });

/** The names of IANA, which EventBridge Scheduler takes; not an offset such as `+01:00`, which Intl takes too. */
function isTimezone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Source: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html */
const retry = object({
  attempts: option(wholeNumber(0, 185), scheduleDefaults.retry.attempts, "Further attempts").meta({ examples: [10] }),
  seconds: option(seconds(60, 86400), scheduleDefaults.retry.seconds, "Seconds after which Scheduler gives up").meta({
    examples: [1800],
  }),
});

const scheduledTask = object({
  cron: cron
    .describe('When: minutes, hours, day of month, month, day of week, year, such as "0 3 * * ? *".')
    .meta({ examples: ["0 3 * * ? *"] }),
  timezone: option(timezone, scheduleDefaults.timezone, "The time zone of cron, by its IANA name").meta({
    examples: ["Europe/Berlin"],
  }),
  command: filledList(format.anyText, 'words such as ["eval", "Shop.Report.run()"]')
    .describe(
      'What runs: ["eval", "Shop.Report.run()"] runs the release\'s script, ["bin/report"] a program of the image.',
    )
    .meta({ examples: [["eval", "Shop.Report.run()"]] }),
  join: option(flag, scheduleDefaults.join, "Whether the task is a node of the service's cluster"),
  retry: retry
    .prefault({})
    .describe("How long Scheduler retries if ECS doesn't start the task: { attempts, seconds }.")
    .meta({ examples: [{ attempts: 10, seconds: 1800 }] }),
  deadLetterQueue: format.queueArn
    .optional()
    .describe("ARN of an SQS queue that gets the tasks which Scheduler couldn't start; default: none."),
});

/** A service's schedules by name, each a task that runs a command. */
export const schedule = mapOf(format.dnsLabel, scheduledTask);
