import { alarmsIn, type AppliedAlarm, breaches } from "../../../src/lab/monitoring/applied-alarms";

it("alarms are found in modules of a state too", () => {
  const own = { namespace: "ElixirCluster", alarm_name: "in a module", metric_name: "MissingPeers" };
  const resources = [{ type: "aws_cloudwatch_metric_alarm", values: own }];
  const root_module = { child_modules: [{ child_modules: [{ resources }] }] };
  expect(alarmsIn({ values: { root_module } }, "ElixirCluster").map(({ name }) => name)).toEqual(["in a module"]);
  expect(alarmsIn({ values: {} }, "ElixirCluster")).toEqual([]);
});

it.each([
  ["GreaterThanThreshold", [false, false, true]],
  ["GreaterThanOrEqualToThreshold", [false, true, true]],
  ["LessThanThreshold", [true, false, false]],
  ["LessThanOrEqualToThreshold", [true, true, false]],
])("%s compares", (comparison, expected) => {
  const alarm = { comparison, threshold: 1 } as AppliedAlarm;
  expect([0, 1, 2].map((value) => breaches(alarm, value))).toEqual(expected);
});
