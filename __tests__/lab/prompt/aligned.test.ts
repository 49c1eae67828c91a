import { aligned } from "../../../src/lab/prompt/tasks-here";

it("a table keeps each row on its line, whatever a service is called", () => {
  const service = "svc\u001b[2J\n::error::forged";
  expect(
    aligned([
      ["TASK", "SERVICE", "AGE"],
      ["c6e21b66", service, "0 s"],
    ]).split("\n"),
  ).toEqual(["TASK      SERVICE                        AGE", "c6e21b66  svc\\u{1b}[2J\\n::error::forged  0 s"]);
});
