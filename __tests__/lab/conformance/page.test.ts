import { readFileSync } from "node:fs";
import path from "node:path";
import { withFigures } from "../../../src/lab/conformance/page";
import { projectRoot } from "../../../src/project-root";

const page = readFileSync(path.join(projectRoot, "docs", "conformance.md"), "utf8");
const run = {
  ...{ seed: 7, seconds: 61, layouts: 200, peered: 90, withAcls: 120, withRouteTables: 130, tasks: 1200, rules: 2400 },
  ...{
    pairs: 6000,
    connections: 72_000,
    passed: 18_000,
    packets: 90_000,
    deniedByAcls: 9_000,
    layoutsDeniedByAcls: 100,
    deniedByRoutes: 2_000,
    disagreements: 0,
    mixed: 14_000,
    cautious: 300,
  },
};

describe("docs/conformance.md", () => {
  it("gets the figures of a run in place of those before", () => {
    const once = withFigures(page, run);
    expect(once).toMatch(/\| layouts +\| 200, from seed 7 on +\|/);
    expect(once).toMatch(/\| of these passed +\| 18,000 \(25\.0 %\) +\|/);
    expect(once).toMatch(/\| denied by network ACLs alone +\| 9,000, in 100 layouts +\|/);
    expect(withFigures(once, run)).toBe(once);
    expect(withFigures(once, { ...run, seconds: 62 })).not.toBe(once);
    expect(() => withFigures("# A page", run)).toThrow("The page has no place for the table");
  });
});
