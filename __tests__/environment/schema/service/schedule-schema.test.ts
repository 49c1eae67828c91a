import { schedule } from "../../../../src/environment/schema/service/schedule-schema";

const nightly = { cron: "0 3 * * ? *", command: ["eval", "1"] };
const errors = (name: string, change: object) =>
  schedule.safeParse({ [name]: { ...nightly, ...change } }).error?.issues.map(({ message }) => message) ?? [];

it("fills in the defaults", () => {
  expect(schedule.parse({ nightly })).toEqual({
    nightly: { ...nightly, timezone: "UTC", join: false, retry: { attempts: 185, seconds: 3600 } },
  });
});

it.each([
  ["five fields", "a", { cron: "0 3 * * *" }, "six fields"],
  ["no text", "a", { cron: 3 }, "a cron expression"],
  ["no such time zone", "a", { timezone: "Europe/Bärlin" }, "a time zone such as"],
  ["an offset", "a", { timezone: "+01:00" }, "a time zone such as"],
  ["no command", "a", { command: [] }, "at least one"],
  ["a queue by its name", "a", { deadLetterQueue: "failed" }, "an ARN such as"],
  ["too short a retry", "a", { retry: { seconds: 59 } }, "60 to 86400"],
])("rejects %s", (_what, name, change, words) => {
  expect(errors(name, change).join()).toContain(words);
});

it("rejects a name of 64 characters, the schedule's in AWS", () => {
  expect(schedule.safeParse({ ["n".repeat(63)]: nightly }).success).toBe(true);
  expect(schedule.safeParse({ ["n".repeat(64)]: nightly }).success).toBe(false);
});
