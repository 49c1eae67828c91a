import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "../../src/environment";
import { labPatches } from "../../src/lab/lab";
import { type LocalAws, startLocalAws } from "../../src/lab/local-aws/aws";
import { createPrerequisites } from "../../src/lab/local-aws/prerequisites";
import { synthesizeInto } from "../../src/lab/local-aws/synthesized";
import { Terraform } from "../../src/lab/local-aws/terraform";
import { reviewPlan } from "../../src/review/review";
import { exampleFile } from "../examples";
import { describeWithTerraform } from "../terraform-here";
import { scratchFolder } from "../scratch";

const scratch = scratchFolder("web-test");
const image = ["-var", "shop_image=ghcr.io/acme/shop:1.0.0"];

/** The example with a second name, in an ECS cluster that exists, its state here, and its load balancer without protection. */
function environmentFile(name: string, options: object = {}): string {
  const { prod } = JSON.parse(readFileSync(exampleFile("phoenix-on-the-web"), "utf8")) as {
    prod: { services: { shop: object } };
  };
  const folder = path.join(scratch, name);
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "environments.json");
  const changed = {
    state: { local: {} },
    ecsCluster: { name: "shop-prod" },
    services: {
      shop: { ...prod.services.shop, web: { domain: "shop.example.com", extraDomains: ["www.example.com"] } },
    },
    loadBalancer: { create: { zone: "example.com", deletionProtection: false, ...options } },
  };
  writeFileSync(file, JSON.stringify({ prod: { ...prod, ...changed } }));
  return file;
}

describeWithTerraform("examples/phoenix-on-the-web on local AWS", () => {
  let aws: LocalAws;

  beforeAll(async () => {
    aws = await startLocalAws({ patches: labPatches });
    const file = environmentFile("prerequisites");
    await createPrerequisites(aws, parseEnvironments(readFileSync(file, "utf8"), file).prod!);
  });
  afterAll(() => aws?.stop());

  async function terraformOf(file: string): Promise<Terraform> {
    const outdir = path.join(path.dirname(file), "cdktf.out");
    expect(await synthesizeInto(outdir, file)).toBe("");
    const terraform = new Terraform(path.join(outdir, "stacks", "prod"), scratch, { environment: aws.environment });
    await terraform.init();
    return terraform;
  }

  it("plans load balancer, listeners, certificate and records, and the review finds nothing", async () => {
    const terraform = await terraformOf(environmentFile("planned"));
    await terraform.plan("planned", ...image);
    const plan = JSON.parse(await terraform.show("planned")) as { resource_changes: { type: string }[] };
    const web = /^aws_(lb|acm|route53)/;
    const types = plan.resource_changes.map(({ type }) => type).filter((type) => web.test(type));
    expect([...new Set(types)].sort()).toEqual([
      "aws_acm_certificate",
      "aws_acm_certificate_validation",
      "aws_lb",
      "aws_lb_listener",
      "aws_lb_listener_certificate",
      "aws_lb_listener_rule",
      "aws_lb_target_group",
      "aws_route53_record",
    ]);
    const { findings, web: services } = reviewPlan(plan);
    expect(findings).toEqual([]);
    expect(services.map(({ deployment }) => deployment?.total)).toEqual([[30, 90]]);
  });

  it("says which zones there are when there are too few", async () => {
    const terraform = await terraformOf(environmentFile("nowhere", { subnets: { tags: { Tier: "public" } } }));
    await expect(terraform.plan("nowhere", ...image)).rejects.toThrow(
      /at least two availability zones\. The VPC has subnets tagged Tier\s+= public in: none\. Name the subnets/,
    );
  });

  // Most of its two minutes is the provider's own waiting: `npm run test:web`.
  (process.env.WEB === "applied" ? it : it.skip)("applies, plans nothing more, and is destroyed", async () => {
    const terraform = await terraformOf(environmentFile("applied"));
    await terraform.plan("first", ...image);
    await terraform.apply("first");
    expect(await terraform.outputs()).toMatchObject({ urls: { shop: "https://shop.example.com" } });
    expect(await terraform.plan("second", ...image)).toEqual({ add: 0, change: 0, destroy: 0 });
    await terraform.destroy(...image);
    expect(JSON.parse(await terraform.showState())).not.toHaveProperty("values.root_module.resources");
  });
});
