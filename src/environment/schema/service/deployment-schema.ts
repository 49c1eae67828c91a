import { deploymentPercent } from "../../../aws/ecs/deployment-percent";
import { deploymentDefaults as defaults } from "../../../deployment";
import { dnsRecordLimit } from "../../../distribution";
import { choice, either, flag, list, object, option, range, text, wholeNumber } from "../shapes";

const minutes = (example: number) => wholeNumber(0, 1440, "minutes").meta({ examples: [example] });

const rolling = object({
  maximumPercent: wholeNumber(100, deploymentPercent.maximum, "percent")
    .optional()
    .describe(
      `Maximum number of tasks during a deployment, in percent of tasks, 100 to ${deploymentPercent.maximum}; default ${deploymentPercent.maximum}, or with discovery "dnspoll" as many as fit into the ${dnsRecordLimit} records of one DNS answer.`,
    )
    .meta({ examples: [150] }),
  healthyPercent: option(
    wholeNumber(0, 100, "percent").meta({ examples: [50] }),
    defaults.healthyPercent,
    "Tasks that stay healthy during a deployment, in percent of tasks",
  ),
});

/** A header of HTTP: its name is a token, its value printable text without wildcards. Source: RFC 9110, section 5.6.2 */
const testHeader = object({
  name: text(
    /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,40}$/,
    'a header\'s name such as "x-deployment", at most 40 characters',
    "x-deployment",
  ).describe('The header\'s name, such as "x-deployment".'),
  value: text(
    /^[A-Za-z0-9_.:/=+@-]{1,128}$/,
    "a header's value: 1 to 128 letters, digits and _ . : / = + @ -",
    "green",
  ).describe('Its value, such as "green".'),
});

const shifting = {
  bakeMinutes: option(
    minutes(10),
    defaults.bakeMinutes,
    "Minutes that the old tasks stay after the last shift, so that a rollback takes seconds",
  ),
  testHeader: testHeader
    .optional()
    .describe("A request header, { name, value }: requests with it reach the new tasks first; default: none."),
};

const strategy = choice({
  rolling: rolling.describe("Replaces old tasks with new ones, a few at a time: { maximumPercent, healthyPercent }."),
  blueGreen: object(shifting)
    .describe("Starts all new tasks, then sends them all requests at once: { bakeMinutes, testHeader }.")
    .meta({ examples: [{ bakeMinutes: 10 }] }),
  canary: object({
    percent: option(
      wholeNumber(1, 99, "percent").meta({ examples: [10] }),
      defaults.canary.percent,
      "Percent of requests that go first",
    ),
    canaryMinutes: option(minutes(15), defaults.canary.canaryMinutes, "Minutes until the rest follows"),
    ...shifting,
  })
    .describe(
      "Starts all new tasks, sends them a few percent of the requests first, and the rest later: { percent, canaryMinutes, bakeMinutes, testHeader }.",
    )
    .meta({ examples: [{ percent: 10 }] }),
  linear: object({
    stepPercent: option(
      wholeNumber(3, 99, "percent").meta({ examples: [20] }),
      defaults.linear.stepPercent,
      "Percent of requests in each step",
    ),
    stepMinutes: option(minutes(3), defaults.linear.stepMinutes, "Minutes between two steps"),
    ...shifting,
  })
    .describe(
      "Starts all new tasks, and shifts requests to them in equal steps: { stepPercent, stepMinutes, bakeMinutes, testHeader }.",
    )
    .meta({ examples: [{ stepPercent: 20 }] }),
});

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const alarmName = text(/^[\x20-\x7e]{1,255}$/, "the name of a CloudWatch alarm, 1 to 255 characters", "shop-5xx");

/** How a service is deployed. */
export const deployment = object({
  strategy: strategy
    .optional()
    .describe(
      "How ECS replaces tasks: rolling, or with a load balancer blueGreen, canary or linear, which need AWS provider 6.21; default: rolling.",
    ),
  alarms: option(
    list(alarmName, "alarm names").max(10, { error: "a list of alarm names, at most 10" }),
    [],
    "Names of CloudWatch alarms, at most 10. If one goes off during a deployment, ECS rolls back",
  ),
}).meta({ id: "deployment" });

const waitMinutes = wholeNumber(5, 4320, "minutes");

/** Whether `apply` waits for a deployment's end, and how long. */
export const waitForSteadyState = either(
  [
    flag,
    object({
      minutes: waitMinutes.meta({ examples: [30] }).describe(`Minutes until apply times out, ${range(waitMinutes)}.`),
    }),
  ],
  "true, false or { minutes }",
)
  .default(true)
  .describe(
    "Whether apply waits for the end of the deployment, and fails if ECS rolls back: true, false or { minutes }; default true, for 20 minutes plus the time in which requests shift.",
  );
