import { all, type TerraformJson } from "../constructs/layout";
import { service, stackJson } from "./environment";

const rule = /^aws_vpc_security_group_(in|e)gress_rule$/;

/** A cluster of so many services in an environment that creates all that it can. */
const clusterOf = (count: number, options: object = {}): TerraformJson =>
  stackJson({
    ecsCluster: { create: "prod" },
    services: Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`s${index}`, service({ cluster: "web" })]),
    ),
    ...options,
  });

const countOf = ({ resource }: TerraformJson) =>
  Object.values(resource!).reduce((sum, blocks) => sum + Object.keys(blocks).length, 0);

/** Rules whose other end is a security group. */
const rulesBetweenGroups = (json: TerraformJson) =>
  Object.keys(json.resource!)
    .filter((type) => rule.test(type))
    .flatMap((type) => all(json, type))
    .filter(({ referenced_security_group_id }) => referenced_security_group_id !== undefined);

describe("a cluster of k services", () => {
  it.each([1, 2, 10, 40])("has 9 resources a service and at most 20 for the environment: k = %i", (count) => {
    const resources = countOf(clusterOf(count));
    expect(resources - 9 * count).toBeGreaterThan(0);
    expect(resources - 9 * count).toBeLessThanOrEqual(20);
  });

  it.each([1, 10, 40])("has four rules between security groups: k = %i", (count) => {
    expect(rulesBetweenGroups(clusterOf(count))).toHaveLength(4);
  });

  it("has two rules with a single port", () => {
    expect(rulesBetweenGroups(clusterOf(10, { distribution: { singlePort: 9000 } }))).toHaveLength(2);
  });

  it("has four rules for each pair by pairs", () => {
    expect(rulesBetweenGroups(clusterOf(10, { distributionRules: "pairs" }))).toHaveLength(400);
  });
});
