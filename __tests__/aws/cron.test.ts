import { wrongCron } from "../../src/aws/cron";

// Source of the forms: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
it.each([
  "0 3 * * ? *",
  "0/15 8-18 ? * MON-FRI 2026",
  "0 10 ? * 6L 2026-2030",
  "30 0 1,15 JAN,jul".replace("jul", "JUL") + " ? *",
  "0 0 LW * ? *",
  "0 0 3W * ? *",
  "0 0 ? * TUE#2 *",
  "*/5 * * * ? *",
])("%s is a cron expression", (expression) => {
  expect(wrongCron(expression)).toBeUndefined();
});

it.each([
  ["0 3 * * *", "this has 5"],
  ["0 3 * * * *", 'a "?" in exactly one of'],
  ["0 3 ? * ? *", 'a "?" in exactly one of'],
  ["60 3 * * ? *", 'a valid field for minutes: "60" isn\'t one (0 to 59)'],
  ["0 24 * * ? *", "hours"],
  ["0 3 32 * ? *", "day of month"],
  ["0 3 * FOO ? *", "JAN to DEC"],
  ["0 3 ? * 0 *", "day of week"],
  ["0 3 * * ? 1969", "year"],
  ["0/0 3 * * ? *", "minutes"],
  ["? 3 * * ? *", "minutes"],
  ["1-2-3 3 * * ? *", "minutes"],
  ["", "six fields"],
])("%j is none", (expression, words) => {
  expect(wrongCron(expression)).toContain(words);
});
