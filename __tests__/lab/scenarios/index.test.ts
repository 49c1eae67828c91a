import { scenariosNamed } from "../../../src/lab/scenarios";

describe("scenariosNamed", () => {
  it("gives what is named, in that order, and everything for all", () => {
    expect(scenariosNamed(["negative-cases", "forms"]).map(({ name }) => name)).toEqual(["negative-cases", "forms"]);
    expect(scenariosNamed(["all"]).map(({ name }) => name)).toEqual([
      "forms",
      "negative-cases",
      "ports",
      "conformance",
      "untrusted-node",
      "encrypted",
      "dns-record-limit",
      "rolling",
      "versions",
      "departure",
      "task-protection",
      "broken-deploy",
      "migration",
      "database",
      "spot",
      "web",
      "deployment",
      "failure-detection",
      "cold-start",
      "scale",
      "chaos",
    ]);
  });

  it("refuses an unknown name with those there are", () => {
    expect(() => scenariosNamed(["form"])).toThrow(
      /^There is no scenario "form"\. Did you mean "forms"\? Scenarios are: forms, negative-cases, /,
    );
  });
});
