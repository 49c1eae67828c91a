import { readFileSync } from "node:fs";
import path from "node:path";
import { formula, powerFit, valueAt } from "../../bench/scale/fit";
import { Measured, median, quantile } from "../../bench/scale/measured";
import { secondsUntilKnown } from "../../bench/scale/newcomer";
import { charts, costTable, newcomerTable } from "../../bench/scale/scale";
import { Chance } from "../../src/lab/scenarios/steps/chance";
import { projectRoot } from "../../src/project-root";

const docs = (...names: string[]) => readFileSync(path.join(projectRoot, "docs", ...names), "utf8");
const measured = Measured.read();

describe("powerFit", () => {
  it("finds the curve that points are on, and how well others follow it", () => {
    const square = powerFit([1, 10, 50, 100].map((n) => [n, 3 * n ** 2] as const));
    expect([square.factor, square.power, square.r2].map((each) => Number(each.toFixed(6)))).toEqual([3, 2, 1]);
    expect(formula(square)).toBe("3·n^2.0 (R² 1.00)");
    expect(valueAt(square, 150)).toBeCloseTo(67_500);
    expect(
      powerFit([
        [1, 1],
        [10, 30],
        [100, 40],
      ] as const).r2,
    ).toBeLessThan(0.9);
    expect(() =>
      powerFit([
        [10, 1],
        [10, 2],
      ] as const),
    ).toThrow(RangeError);
  });
});

describe("secondsUntilKnown", () => {
  const times = (nodes: number, answers: "random" | "cached", links: "mesh" | "apart") => {
    const chance = new Chance(1);
    return Array.from({ length: 100 }, () => secondsUntilKnown({ nodes, answers, links }, chance));
  };

  it("needs one poll in a full mesh, however many nodes there are", () => {
    for (const nodes of [10, 1000])
      expect(Math.max(...times(nodes, "random", "mesh"), ...times(nodes, "cached", "mesh"))).toBe(0);
  });

  it("follows the coupon collector's law without a full mesh", () => {
    // Each second each of the others finds the newcomer, or is found: about 16 of n. All are found after about n/16·(ln n + 0.58).
    const expected = (300 / 16) * (Math.log(300) + 0.58);
    const seen = times(300, "random", "apart").reduce((sum, each) => sum + each, 0) / 100;
    expect(seen).toBeGreaterThan(expected * 0.85);
    expect(seen).toBeLessThan(expected * 1.2);
  });

  it("waits for the answer that names the newcomer where all get the same one", () => {
    // One answer in n/8 names it; there is one in 10 s.
    const seen = times(200, "cached", "apart").reduce((sum, each) => sum + each, 0) / 100;
    expect(seen).toBeGreaterThan(180);
    expect(seen).toBeLessThan(330);
  });
});

describe("quantile", () => {
  it("takes the middle, and what is between two values", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(quantile([0, 10], 0.95)).toBe(9.5);
    expect(() => median([])).toThrow(RangeError);
  });
});

describe("docs/scale.md", () => {
  const cellsOf = (text: string) =>
    text
      .split("\n")
      .filter((line) => line.startsWith("|") && !line.includes("---"))
      .map((line) => line.split("|").map((cell) => cell.trim()));

  it.each([
    ["costs", costTable(measured)],
    ["newcomers", newcomerTable(measured)],
  ])("has the table of %s that the measurements give: npm run docs:scale", (name, table) => {
    const [, rest] = docs("scale.md").split(`<!-- ${name} -->`);
    expect(cellsOf(rest!.split(`<!-- end of ${name} -->`)[0]!)).toEqual(cellsOf(table));
  });

  it.each(Object.entries(charts(measured)))(
    "shows %s with the fits of the measurements",
    (name, { title, points, lines }) => {
      const svg = docs("scale", name);
      expect(docs("scale.md")).toContain(`(scale/${name})`);
      expect(svg).toContain(title);
      const series = [...new Set(lines.map((point) => point.series))];
      expect(series.filter((each) => !svg.includes(each))).toEqual([]);
      expect(points.length).toBeGreaterThan(0);
    },
  );
});
