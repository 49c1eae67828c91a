import { type AlarmState, evaluate, type MissingData } from "../../../src/lab/monitoring/alarm-evaluation";

/** A range as CloudWatch's documentation writes it: 0 is within the threshold, X beyond it, - has no data. */
const rangeOf = (text: string) => [...text.replaceAll(" ", "")].map((one) => (one === "-" ? undefined : one === "X"));

describe("evaluation with 3 of 3 data points", () => {
  // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
  const rows: [
    range: string,
    missing: AlarmState,
    ignore: AlarmState,
    breaching: AlarmState,
    notBreaching: AlarmState,
  ][] = [
    ["0 - X - X", "OK", "OK", "OK", "OK"],
    ["0 - - - -", "OK", "INSUFFICIENT_DATA", "OK", "OK"],
    ["- - - - -", "INSUFFICIENT_DATA", "INSUFFICIENT_DATA", "ALARM", "OK"],
    ["0 X X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
    ["- - X - -", "ALARM", "INSUFFICIENT_DATA", "ALARM", "OK"],
    ["0 0 X X X", "ALARM", "ALARM", "ALARM", "ALARM"],
    ["X X X X 0", "OK", "OK", "OK", "OK"],
  ];
  const kinds: MissingData[] = ["missing", "ignore", "breaching", "notBreaching"];
  const cases = rows.flatMap(([range, ...states]) =>
    kinds.map((missingData, index) => [range, missingData, states[index]!] as const),
  );

  it.each(cases)("of %s, missing data %s: %s", (range, missingData, state) => {
    const alarm = { evaluationPeriods: 3, datapointsToAlarm: 3, missingData };
    expect(evaluate(rangeOf(range), alarm, "INSUFFICIENT_DATA")).toBe(state);
  });
});

it.each([
  ["- - X 0 X 0 X", "ALARM"],
  ["X X X 0 X 0 0", "OK"],
] as const)("3 of 5 data points: %s is %s", (range, state) => {
  const alarm = { evaluationPeriods: 5, datapointsToAlarm: 3, missingData: "notBreaching" } as const;
  expect(evaluate(rangeOf(range), alarm, "OK")).toBe(state);
});
