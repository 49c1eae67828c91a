import { readFileSync } from "node:fs";
import { parseEnvironments } from "../../src/environment";
import { planOfServices } from "../../bench/plan-of-services";
import { type Review, reviewPlan } from "../../src/review/review";
import { ElixirClusterStack } from "../../src/stacks/elixir-cluster-stack";
import { App } from "cdktf";
import { jsonOf } from "../constructs/layout";
import { exampleFile, exampleNames } from "../examples";
import { scratchFolder } from "../scratch";
import { service, stackJson } from "../stacks/environment";

const found = ({ findings }: Review) => findings.filter(({ check }) => check.id === "overlapping-partitions");
const names = Array.from({ length: 12 }, (_, index) => `service${index}`);

describe("twelve services of which each polls four others", () => {
  it("by hand, in pairs: one warning, with the count, some pairs and the services", () => {
    // GIVEN a ring in which each service reaches its two neighbours on either side
    const review = reviewPlan(planOfServices(12, "peers"));

    // THEN the pairs with a common neighbour that can't reach each other are one finding
    expect(found(review).map(({ severity, message }) => [severity, message])).toEqual([
      [
        "warning",
        "24 of 66 pairs of services cluster with a common third, but no packet passes between the two: " +
          "service0 and service3; service0 and service4; service0 and service8; 21 more. " +
          `The services are ${names.join(", ")}`,
      ],
    ]);
  });

  it.each(["group", "pairs", "all-traffic"])("as a cluster: none, with rules %s", (distributionRules) => {
    const services = Object.fromEntries(names.map((name) => [name, service({ cluster: "ring" })]));
    const review = reviewPlan(stackJson({ services, distributionRules }));
    expect(found(review)).toEqual([]);
    expect(review.matrix.pairs.filter(({ state }) => state === "connects")).toHaveLength(144);
  });

  it("as three clusters: none, and no service connects with one of another cluster", () => {
    const services = Object.fromEntries(
      names.map((name, at) => [name, service({ tasks: 2, cluster: `ring${at % 3}` })]),
    );
    const review = reviewPlan(stackJson({ services }));
    expect(found(review)).toEqual([]);
    expect(review.matrix.pairs.filter(({ state }) => state === "connects")).toHaveLength(3 * 16);
  });
});

describe("what synthesis writes never is a partial mesh", () => {
  it.each(exampleNames)("examples/%s", (example) => {
    const environments = parseEnvironments(readFileSync(exampleFile(example), "utf8"), example);
    const findings = Object.entries(environments).flatMap(([name, environment]) => {
      const app = new App({ outdir: scratchFolder("out") });
      return found(reviewPlan(jsonOf(new ElixirClusterStack(app, name, environment))));
    });
    expect(findings).toEqual([]);
  });
});
