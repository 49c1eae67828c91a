import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "../../src/environment";
import { createPrerequisites } from "../../src/lab/local-aws/prerequisites/prerequisites";
import type { Terraform } from "../../src/lab/local-aws/terraform/terraform";
import { type Stage, withStage } from "../../src/lab/stage";
import { reviewPlan } from "../../src/review/review";
import { describeWithTerraform } from "../terraform-here";

const image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:1";
const prod = (create: object) => ({
  region: "eu-west-1",
  state: { local: {} },
  vpc: { create: { cidr: "10.20.0.0/16", ...create } },
  ecsCluster: { create: "shop-prod" },
  namespace: { create: "shop.local" },
  releaseCookie: { ssmParameter: "/shop/prod/release-cookie" },
  services: { shop: { image: { uri: image }, tasks: 3 } },
});

/** From endpoints alone to a third zone with NAT, and to NAT in each zone. */
const changes = [
  { zones: 2, nat: "none", endpoints: true },
  { zones: 3, nat: "one", endpoints: true },
  { zones: 3, nat: "each-zone", endpoints: false },
];

const idsOf = async (terraform: Terraform): Promise<Record<string, string>> => {
  const { values } = JSON.parse(await terraform.showState()) as {
    values: { root_module: { resources: { address: string; type: string; values: { id: string } }[] } };
  };
  const kept = values.root_module.resources.filter(({ type }) => type === "aws_vpc" || type === "aws_subnet");
  return Object.fromEntries(kept.map((resource) => [resource.address, resource.values.id]));
};

// `npm run test:vpc`: three minutes.
describeWithTerraform("a created VPC, changed on local AWS", () => {
  it("takes one apply for zones and NAT, keeps its subnets, and runs in the lab", async () => {
    await withStage({ region: "eu-west-1" }, async (stage) => {
      let before: Record<string, string> = {};
      for (const create of changes) {
        const terraform = await applied(stage, create);
        const after = await idsOf(terraform);
        expect(after).toMatchObject(before);
        expect(Object.keys(after).length).toBeGreaterThan(0);
        before = after;
      }
      await stage.lab(async ({ waits }) => waits.meshed(3));
    });
  });

  async function applied(stage: Stage, create: object): Promise<Terraform> {
    const file = path.join(stage.scratch, "environments.json");
    writeFileSync(file, JSON.stringify({ prod: prod(create) }));
    const terraform = await stage.synthesize(file, "prod");
    if (create === changes[0]) {
      await createPrerequisites(stage.aws, parseEnvironments(readFileSync(file, "utf8"), file).prod!);
      await terraform.init();
    }
    await terraform.plan("change");
    const { findings, matrix } = reviewPlan(JSON.parse(await terraform.show("change")));
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(matrix.pairs.map(({ state }) => state)).toEqual(["connects"]);
    await terraform.apply("change");
    expect(await terraform.plan("again")).toEqual({ add: 0, change: 0, destroy: 0 });
    return terraform;
  }
});
