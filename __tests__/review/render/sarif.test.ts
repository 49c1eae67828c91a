import "@microsoft/jest-sarif";
import { renderSarif } from "../../../src/review/render/sarif";
import { reviewFixture } from "../fixtures";
import { notEmpty } from "../../not-empty";

interface Sarif {
  runs: {
    tool: { driver: { rules: { id: string }[] } };
    results: { ruleId: string; ruleIndex: number; suppressions?: unknown[] }[];
  }[];
}
const sarif = (...options: Parameters<typeof reviewFixture>) =>
  JSON.parse(String(renderSarif([reviewFixture(...options)], { file: "plans/prod plan.json" }))) as Sarif;

describe("--sarif", () => {
  it("is valid against the schema of SARIF 2.1.0", () => {
    expect(sarif("guide")).toBeValidSarifLog();
    expect(sarif("changed")).toBeValidSarifLog();
  });

  it("and that schema refuses a wrong level", () => {
    const wrong = JSON.parse(JSON.stringify(sarif("guide")).replaceAll('"level":"error"', '"level":"fatal"')) as Sarif;
    expect(wrong).not.toBeValidSarifLog();
  });

  it("has a rule for every result", () => {
    const [run] = sarif("guide").runs;
    expect(run!.results.length).toBeGreaterThan(20);
    for (const { ruleId, ruleIndex } of notEmpty(run!.results))
      expect(run!.tool.driver.rules[ruleIndex]!.id).toBe(ruleId);
  });

  it("names the same rule of other scanners", () => {
    const { rules } = sarif("guide").runs[0]!.tool.driver;
    expect(rules.find(({ id }) => id === "public-ip")).toMatchObject({ properties: { tags: ["checkov CKV_AWS_333"] } });
  });

  it("keeps suppressed findings, as suppressed ones with their reason", () => {
    const suppressions = [{ check: "public-ip", address: "*", reason: "a firewall is in front" }];
    const [run] = sarif("guide", { suppressions }).runs;
    expect(run!.results.find(({ ruleId }) => ruleId === "public-ip")).toMatchObject({
      suppressions: [{ kind: "external", status: "accepted", justification: "a firewall is in front" }],
    });
  });
});
