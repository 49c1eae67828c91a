import { capacityDefaults, scalingDefaults } from "../../../aws/defaults";
import { cron, timezone } from "./schedule-schema";
import { either, list, object, option, range, seconds, wholeNumber } from "../shapes";

// Cloud Map lists 1000 instances of a service. Source: https://docs.aws.amazon.com/cloud-map/latest/dg/cloud-map-limits.html
const count = wholeNumber(0, 1000).meta({ examples: [4] });
const percent = wholeNumber(1, 100, "percent").meta({ examples: [60] });

const scheduled = object({
  cron: cron
    .describe("When: minutes, hours, day of month, month, day of week, year.")
    .meta({ examples: ["0 7 ? * MON-FRI *"] }),
  timezone: option(timezone, scalingDefaults.timezone, "The time zone of cron, by its IANA name").meta({
    examples: ["Europe/Berlin"],
  }),
  min: count.optional().describe("Minimum from then on; default: the service's min."),
  max: count.optional().describe("Maximum from then on; default: the service's max."),
});

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html */
const scaled = object({
  min: option(count, scalingDefaults.min, "Minimum number of tasks, with which a new service starts"),
  max: count.describe(`Maximum number of tasks, ${range(count)}.`),
  cpuPercent: percent.optional().describe("Average CPU use that autoscaling keeps, in percent; default: not used."),
  memoryPercent: percent
    .optional()
    .describe("Average memory use that autoscaling keeps, in percent; default: not used."),
  requestsPerTask: wholeNumber(1, 1_000_000, "requests a minute")
    .meta({ examples: [1000] })
    .optional()
    .describe(
      "Requests per minute and task that autoscaling keeps, with web on the environment's load balancer or with a targetGroup of an Application Load Balancer; default: not used.",
    ),
  schedule: option(
    list(scheduled, "objects with the keys cron, timezone, min, max"),
    [],
    "Other limits from certain times on",
  ),
  cooldownSeconds: option(
    seconds(0, 3600).meta({ examples: [120] }),
    scalingDefaults.cooldownSeconds,
    "Seconds between two changes in the same direction",
  ),
});

/** How many tasks: a number, or a range for autoscaling. */
export const tasks = either(
  [count, scaled],
  `a whole number from ${range(count)}, or an object with the keys ${Object.keys(scaled.shape).join(", ")}`,
).meta({ examples: [4, { min: 2, max: 12, cpuPercent: 60 }] });

const share = (what: string) =>
  object({
    base: option(
      wholeNumber(0, 1000).meta({ examples: [2] }),
      capacityDefaults.base,
      `Tasks that run on ${what} before the weights count`,
    ),
    weight: option(
      wholeNumber(0, 1000).meta({ examples: [3] }),
      capacityDefaults.weight,
      `Its share of the tasks beyond the base`,
    ),
  });

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html */
export const capacity = object({
  spot: share("Fargate Spot")
    .optional()
    .describe("Fargate Spot is cheaper, but AWS can take a task back two minutes after a warning; default: none."),
  onDemand: share("Fargate").optional().describe("Fargate without interruptions; default: none."),
});
