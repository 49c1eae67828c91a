import { deploymentDefaults } from "../../../../src/deployment";
import { deployment, waitForSteadyState } from "../../../../src/environment/schema/service/deployment-schema";

const parsed = (strategy: object) => deployment.parse({ strategy }).strategy;
const errors = (value: object) => deployment.safeParse(value).error?.issues.map(({ message }) => message) ?? [];
const messages = (name: string, options: object) => errors({ strategy: { [name]: options } }).join("; ");

it("adds no strategy, and no alarms", () => {
  expect(deployment.parse({})).toEqual({ alarms: [] });
});

it("fills in the defaults of each strategy", () => {
  const { bakeMinutes, canary, linear, healthyPercent } = deploymentDefaults;
  expect(parsed({ rolling: {} })).toEqual({ rolling: { healthyPercent } });
  expect(parsed({ blueGreen: {} })).toEqual({ blueGreen: { bakeMinutes } });
  expect(parsed({ canary: {} })).toEqual({ canary: { bakeMinutes, ...canary } });
  expect(parsed({ linear: {} })).toEqual({ linear: { bakeMinutes, ...linear } });
});

describe.each([
  ["rolling", "maximumPercent", 100, 200],
  ["rolling", "healthyPercent", 0, 100],
  ["blueGreen", "bakeMinutes", 0, 1440],
  ["canary", "percent", 1, 99],
  ["canary", "canaryMinutes", 0, 1440],
  ["linear", "stepPercent", 3, 99],
  ["linear", "stepMinutes", 0, 1440],
])("%s.%s", (name, option, least, most) => {
  it(`accepts ${least} to ${most}`, () => {
    for (const value of [least, most])
      expect(parsed({ [name]: { [option]: value } })).toMatchObject({ [name]: { [option]: value } });
  });

  it.each([least - 1, most + 1, least + 0.5, "50"])("rejects %j", (value) => {
    expect(messages(name, { [option]: value })).toContain(`${least} to ${most}`);
  });
});

it.each([
  ["two strategies", { strategy: { rolling: {}, blueGreen: {} } }],
  ["a strategy that ECS doesn't know", { strategy: { recreate: {} } }],
  ["an option of another strategy", { strategy: { blueGreen: { percent: 5 } } }],
  ["a share of requests with rolling", { strategy: { rolling: { percent: 5 } } }],
  ["an alarm without a name", { alarms: [""] }],
  ["an alarm's name beyond 255 characters", { alarms: ["a".repeat(256)] }],
])("rejects %s", (_what, value) => {
  expect(errors(value)).not.toEqual([]);
});

it("accepts ten alarms", () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `alarm ${index}`);
  expect(deployment.parse({ alarms: names(10) }).alarms).toHaveLength(10);
  expect(errors({ alarms: names(11) })).toEqual(["a list of alarm names, at most 10"]);
});

describe("testHeader", () => {
  const accepts = (header: object) => deployment.safeParse({ strategy: { canary: { testHeader: header } } }).success;

  it.each([
    [{ name: "x-deployment", value: "green" }, true],
    [{ name: "x_version!", value: "a=b/c:d@e+f" }, true],
    [{ name: "n".repeat(40), value: "v".repeat(128) }, true],
    [{ name: "n".repeat(41), value: "green" }, false],
    [{ name: "x-deployment", value: "v".repeat(129) }, false],
    [{ name: "x deployment", value: "green" }, false],
    // The load balancer reads * and ? in a value as wildcards.
    [{ name: "x-deployment", value: "gr*" }, false],
    [{ name: "x-deployment", value: "gree?" }, false],
    [{ name: "x-deployment" }, false],
  ])("%j: %s", (header, expected) => {
    expect(accepts(header)).toBe(expected);
  });
});

describe("waitForSteadyState", () => {
  it("is true by default", () => {
    expect(waitForSteadyState.parse(undefined)).toBe(true);
  });

  it.each([true, false, { minutes: 5 }, { minutes: 4320 }])("accepts %j", (value) => {
    expect(waitForSteadyState.parse(value)).toEqual(value);
  });

  it.each([{ minutes: 4 }, { minutes: 4321 }, {}, 30, "true"])("rejects %j", (value) => {
    expect(waitForSteadyState.safeParse(value).success).toBe(false);
  });
});
