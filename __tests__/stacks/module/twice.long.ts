import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { CreateClusterCommand } from "@aws-sdk/client-ecs";
import { shortName } from "../../../src/aws/short-name";
import { parseEnvironments } from "../../../src/environment";
import { type LocalAws, startLocalAws } from "../../../src/lab/local-aws/aws";
import { awsClients } from "../../../src/lab/local-aws/aws-clients";
import { createPrerequisites } from "../../../src/lab/local-aws/prerequisites/prerequisites";
import { Terraform } from "../../../src/lab/local-aws/terraform/terraform";
import { placeholder, withExpressions } from "../../../src/placeholder";
import { reviewPlan } from "../../../src/review/review";
import { exampleFile } from "../../examples";
import { describeWithTerraform } from "../../terraform-here";
import { scratchFolder } from "../../scratch";
import { testedProvider, writeModuleOf } from "./written-module";

const scratch = scratchFolder("module");
// `npm run test:module`
describeWithTerraform("a module", () => {
  let aws: LocalAws;
  beforeAll(async () => {
    // "cloud_map": two namespaces in one VPC.
    aws = await startLocalAws({ patches: ["cloud_map"] });
  });
  afterAll(() => aws?.stop());

  it("runs by for_each and by count in one root, with its provider, and plans nothing more", async () => {
    // GIVEN a module, and its VPC and cookie in AWS
    const file = exampleFile("minimal");
    writeModuleOf(file, "prod", path.join(scratch, "modules", "twice"));
    const { prod } = parseEnvironments(
      readFileSync(file, "utf8").replace(/"vpc": \{[^}]*\}+/, '"vpc": { "tags": { "Name": "prod" } }'),
      file,
    );
    const { vpcId, subnetIds } = await createPrerequisites(aws, {
      ...prod!,
      state: { local: {} },
      vpc: { tags: { Name: "prod" } },
      subnets: { private: true },
    });
    const { ecs } = awsClients(aws);
    for (const clusterName of ["blue", "green", "count-0", "count-1"])
      await ecs.send(new CreateClusterCommand({ clusterName }));
    const folder = path.join(scratch, "twice");
    mkdirSync(folder);
    writeFileSync(
      path.join(folder, "main.tf"),
      `${testedProvider}
provider "aws" {
  alias  = "here"
  region = "${aws.region}"
  default_tags {
    tags = { Team = "platform" }
  }
}

module "twice" {
  source      = "../modules/twice"
  for_each    = { blue = ["${subnetIds[0]}"], green = null }
  providers   = { aws = aws.here }
  name        = each.key
  vpc_id      = "${vpcId}"
  subnet_ids  = each.value
  namespace   = "\${each.key}.example.local"
  ecs_cluster = each.key
  tags        = { Instance = each.key }
}

module "counted" {
  source      = "../modules/twice"
  count       = 2
  providers   = { aws = aws.here }
  name        = "count-\${count.index}"
  vpc_id      = "${vpcId}"
  subnet_ids  = ["${subnetIds[1]}"]
  namespace   = "count-\${count.index}.example.local"
  ecs_cluster = "count-\${count.index}"
}

output "twice" {
  value = module.twice
}

output "counted" {
  value = module.counted
}

locals {
  name = "a-name-that-doesnt-fit"
}

output "short_name" {
  value = "${withExpressions(shortName(`${placeholder("local.name")}-web`, ["vpc"]))}"
}
`,
    );
    const terraform = new Terraform(folder, scratch, { environment: aws.environment });

    // WHEN
    await terraform.init();
    await terraform.plan("first");
    const { findings, services } = reviewPlan(JSON.parse(await terraform.show("first")));
    await terraform.apply("first");

    // THEN the review has nothing against it, and each instance has its own names
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(services.map(({ name }) => /^module\.\w+\[.*?\]/.exec(name)?.[0]).sort()).toEqual([
      "module.counted[0]",
      "module.counted[1]",
      'module.twice["blue"]',
      'module.twice["green"]',
    ]);
    const outputs = (await terraform.outputs()) as {
      twice: Record<string, unknown>;
      counted: unknown[];
      short_name: string;
    };
    expect(outputs.counted).toMatchObject([{ name: "count-0" }, { name: "count-1" }]);
    expect(outputs.twice).toMatchObject({ blue: { name: "blue" }, green: { name: "green" } });
    expect(outputs.short_name).toMatch(/^a-name-that-doesnt-fit-[0-9a-f]{8}$/);
    expect(await terraform.plan("second")).toEqual({ add: 0, change: 0, destroy: 0 });
  });
});
