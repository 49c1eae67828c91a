import { changed } from "../../example";
import { messagesOf } from "../../messages";

const at = "environments.prod.services.myapp";
const messages = (tasks: object, more: Readonly<Record<string, unknown>> = {}) =>
  messagesOf(
    changed({
      "prod/services/myapp/tasks": tasks,
      ...Object.fromEntries(Object.entries(more).map(([key, value]) => [`prod/services/myapp/${key}`, value])),
    }),
  );
const beyond = (message: string) => [expect.stringContaining(message)];

describe("a range of tasks", () => {
  it.each([
    [{ max: 4, cpuPercent: 60 }],
    [{ min: 4, max: 4, memoryPercent: 60 }],
    [{ min: 0, max: 2, schedule: [{ cron: "0 7 ? * MON-FRI *", min: 1 }] }],
    [{ min: 2, max: 12, schedule: [{ cron: "0 7 ? * MON-FRI *", timezone: "Europe/Berlin", min: 4, max: 20 }] }],
  ])("may be %j", (tasks) => {
    expect(messages(tasks)).toEqual([]);
  });

  it("has a max that isn't below its min", () => {
    expect(messages({ min: 3, max: 2, cpuPercent: 60 })).toEqual([
      `${at}.tasks.max: 2. Allowed: at least min, which is 3.`,
    ]);
  });

  it("has something that scales it", () => {
    expect(messages({ min: 1, max: 2 })).toEqual(
      beyond(
        "Allowed: at least one of cpuPercent, memoryPercent, requestsPerTask and schedule: otherwise nothing changes",
      ),
    );
  });

  it("begins with a task, or a schedule that starts one", () => {
    expect(messages({ min: 0, max: 2, cpuPercent: 60 })).toEqual(
      beyond(`${at}.tasks.min: 0. Allowed: 1 or more, or a schedule with a min of 1 or more`),
    );
  });

  it("has no time at which min is above max, also by default", () => {
    const schedule = [{ cron: "0 7 ? * MON-FRI *", min: 5 }];
    expect(messages({ min: 1, max: 4, cpuPercent: 60, schedule })).toEqual(
      beyond("Allowed: a min (here 5) that is at most max (here 4)"),
    );
  });

  it("counts the requests of a load balancer, this project's or another's", () => {
    const tasks = { max: 4, requestsPerTask: 1000 };
    expect(messages(tasks)).toEqual(beyond(`${at}.tasks.requestsPerTask: 1000. Allowed: only with web:`));
    const arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/a/0123456789abcdef";
    const web = { targetGroup: { arn, securityGroupId: "sg-0123456789abcdef0" } };
    expect(messages(tasks, { web })).toEqual([]);
  });

  it("leaves nothing to others", () => {
    expect(messages({ max: 4, cpuPercent: 60 }, { autoscaled: true })).toEqual(
      beyond(`${at}.autoscaled: true. Allowed: false: tasks has min and max here`),
    );
  });

  it("leaves room for a new task when it has the fewest", () => {
    const deployment = { strategy: { rolling: { maximumPercent: 120 } } };
    expect(messages({ min: 2, max: 12, cpuPercent: 60 }, { deployment })).toEqual(
      beyond("maximumPercent: 120. Allowed: 150 to 200 with 2 tasks"),
    );
  });
});

describe("capacity", () => {
  const said = (capacity: object, more: Readonly<Record<string, unknown>> = {}) =>
    messagesOf(
      changed({
        "prod/services/myapp/capacity": capacity,
        ...Object.fromEntries(Object.entries(more).map(([key, value]) => [`prod/services/myapp/${key}`, value])),
      }),
    );

  it.each([
    [{ spot: {} }],
    [{ onDemand: { base: 2, weight: 0 }, spot: { weight: 3 } }],
    [{ onDemand: { weight: 1 }, spot: { base: 1, weight: 0 } }],
  ])("may be %j", (capacity) => {
    expect(said(capacity)).toEqual([]);
  });

  it("has a share", () => {
    expect(said({})).toEqual(beyond("capacity: {}. Allowed: spot, onDemand or both"));
  });

  it("has a weight, without which ECS starts no task", () => {
    expect(said({ spot: { base: 1, weight: 0 }, onDemand: { weight: 0 } })).toEqual(
      beyond("Allowed: a weight above 0 in spot or onDemand"),
    );
  });

  it("has one base", () => {
    expect(said({ spot: { base: 1 }, onDemand: { base: 2 } })).toEqual(
      beyond(`${at}.capacity.spot.base: 1. Allowed: 0: only one of spot and onDemand may have a base`),
    );
  });
});
