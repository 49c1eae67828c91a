import { findings, type Seen } from "../../../../src/lab/scenarios/deployments/deployment";

const web = {
  name: "deployment",
  seconds: 20,
  requests: 100,
  failed: 0,
  causes: {},
  closed: 3,
  withoutCloseFrame: 0,
  closingMs: 1500,
  withoutTargetMs: 0,
  members: [3, 6],
  meshShare: 1,
  leaving: [],
  boots: [],
} as unknown as Seen["good"];

const seen: Seen = {
  migrated: [3, 3],
  good: web,
  failed: { ...web, name: "failed migration", closed: 0 },
  sameTasks: true,
  failedTasks: 3,
  failedTasksWithNode: 0,
  shown: true,
  said: ["(service myapp) (deployment ecs-svc/1) deployment failed: tasks failed to start."],
  losses: 0,
  reports: 40,
  nodeDowns: 9,
  alarms: [],
  quietAlarms: 4,
};

const failing = (change: Partial<Seen>) =>
  findings({ ...seen, ...change })
    .filter(({ ok }) => !ok)
    .map(({ line }) => line);

it("finds nothing wrong with a deployment, a failed migration and a rollback as they should be", () => {
  expect(failing({})).toEqual([]);
});

it.each<[change: Partial<Seen>, says: string]>([
  [{ migrated: [3, 2] }, "3 and 2 of 3 tasks ran the migration before their node started"],
  [{ good: { ...web, failed: 1 } }, "1 of 100 requests failed"],
  [{ good: { ...web, closed: 2 } }, "0 of 2 closed sockets"],
  [{ failed: { ...web, name: "failed migration" } }, "failed migration: rolled back"],
  [{ sameTasks: false }, "OTHER tasks run"],
  [{ failedTasks: 2 }, "2 tasks failed in their migration"],
  [{ failedTasksWithNode: 1 }, "1 of their nodes started"],
  [{ shown: false }, "the lab did NOT show why"],
  [{ said: ["has reached a steady state."] }, "ECS said: has reached a steady state."],
  [{ losses: 1 }, "1 links lost"],
  [{ nodeDowns: 0 }, "0 connections to old nodes that ended"],
  [{ alarms: ["lab-partition-myapp"] }, "alarms that went off: lab-partition-myapp"],
  [{ quietAlarms: 0 }, "alarms that went off: none"],
])("finds %j wrong", (change, says) => {
  expect(failing(change)).toEqual([expect.stringContaining(says)]);
});
