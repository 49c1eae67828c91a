import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { CreateSubnetCommand, CreateVpcCommand } from "@aws-sdk/client-ec2";
import { DescribeServicesCommand } from "@aws-sdk/client-ecs";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { type LocalAws, startLocalAws } from "../../src/lab/local-aws/aws";
import { type AwsClients, awsClients } from "../../src/lab/local-aws/aws-clients";
import { labPatches } from "../../src/lab/lab";
import { projectRoot } from "../../src/project-root";
import { fencesOf } from "../docs/fences";
import { install, pack, writeFiles } from "../package/consumer";
import { type Paste, pasteInto } from "../package/paste";
import { scratchFolder } from "../scratch";
import { describeWithTerraform } from "../terraform-here";

const page = fencesOf("docs/from-plain-hcl.md");
const blocks = (language: string) => page.filter((fence) => fence.language === language).map(({ body }) => body);
/** Without the first, which shows that one need not move. */
const [synth, list, apply] = blocks("sh").slice(1) as [string, string, string];
const [imports, removals] = blocks("hcl") as [string, string];
const [environments] = blocks("json") as [string];
/** The names of shop in a block, and those of the other services. */
const services = ["shop", "orders", "mailer"] as const;

interface Resource {
  readonly module?: string;
  readonly type: string;
  readonly name: string;
  readonly instances: readonly { readonly attributes: { readonly id: string; readonly arn: string } }[];
}

// `npm run test:import`
describeWithTerraform("from plain HCL, as docs/from-plain-hcl.md says", () => {
  const scratch = scratchFolder("from-plain-hcl");
  const hcl = path.join(scratch, "hcl");
  const project = path.join(scratch, "project");
  const stack = path.join(project, "cdktf.out", "stacks", "prod");
  let aws: LocalAws;
  let clients: AwsClients;
  let paste: Paste;
  /** The page's ids, and those of local AWS. */
  let ids: readonly (readonly [string, string])[];

  const withIds = (text: string) => ids.reduce((changed, [shown, own]) => changed.replaceAll(shown, own), text);

  beforeAll(async () => {
    aws = await startLocalAws({ patches: labPatches });
    clients = awsClients(aws);
    paste = pasteInto(aws, scratch);
    ids = await networkOf(clients);
    const given = { Name: "/acme/prod/release-cookie", Value: "cookie", Type: "SecureString" } as const;
    await clients.ssm.send(new PutParameterCommand(given));
    await createBucket(aws, "acme-terraform-state");
    // GIVEN the example, applied
    cpSync(path.join(projectRoot, "examples", "from-plain-hcl", "hcl"), hcl, { recursive: true });
    const main = path.join(hcl, "main.tf");
    writeFileSync(main, withIds(readFileSync(main, "utf8")));
    await paste(hcl, "terraform init && terraform apply -auto-approve");
    // AND a project with the package and the page's environments.json
    writeFiles(project, {
      "package.json": { name: "acme", private: true, scripts: { synth: "elixir-cluster synth" } },
      "environments.json": withIds(environments),
    });
    await install((await pack(scratch)).tarball, project);
  });

  afterAll(async () => {
    clients?.destroy();
    await aws?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  const state = () =>
    (JSON.parse(readFileSync(path.join(hcl, "terraform.tfstate"), "utf8")) as { resources: Resource[] }).resources;

  const running = async () => {
    const found = await clients.ecs.send(new DescribeServicesCommand({ cluster: "acme", services: [...services] }));
    return found.services!.map(({ serviceArn, status, createdAt }) => ({ serviceArn, status, createdAt }));
  };

  it("imports 16 resources, destroys none, and plans nothing more", async () => {
    const before = await running();
    expect(before).toHaveLength(3);
    // WHEN the page's commands run, with its import blocks for each service
    await paste(project, synth);
    const addresses = (await paste(project, list)).split("\n");
    writeFileSync(path.join(stack, "import.tf"), withIds(importsOf(addresses, state())));
    const printed = await paste(project, apply);
    // THEN
    expect(printed).toMatch(/^Plan: 16 to import, \d+ to add, \d+ to change, 0 to destroy\.$/m);
    expect(printed).toMatch(/^Apply complete! Resources: 16 imported, \d+ added, \d+ changed, 0 destroyed\.$/m);
    await paste(stack, "terraform plan -detailed-exitcode");
    expect(await running()).toEqual(before);
  });

  it("forgets them in the HCL, which then destroys nothing but what the page names", async () => {
    const before = await running();
    // WHEN modules, namespace and rules are deleted, and the page's removed blocks added
    const main = path.join(hcl, "main.tf");
    const kept = readFileSync(main, "utf8").replace(
      /^(?:module "\w+"|resource "aws_service_discovery_private_dns_namespace" "main") {\n[^]*?^}\n/gm,
      "",
    );
    expect(kept).not.toContain("module");
    const [namespace, ...ofShop] = sections(removals, "removed");
    const removed = services.flatMap((name) => ofShop.map((block) => block.replace("module.shop", `module.${name}`)));
    writeFileSync(main, [kept, namespace, ...removed].join("\n"));
    rmSync(path.join(hcl, "rules.tf"));
    await paste(hcl, "terraform init && terraform plan -out plan.bin");
    const { resource_changes: changes } = JSON.parse(await paste(hcl, "terraform show -json plan.bin")) as {
      resource_changes: { type: string; change: { actions: string[] } }[];
    };
    await paste(hcl, "terraform apply plan.bin");
    // THEN
    const destroyed = changes.filter(({ change }) => change.actions.join() === "delete").map(({ type }) => type);
    expect([...new Set(destroyed)].sort()).toEqual([
      "aws_ecs_task_definition",
      "aws_iam_role_policy",
      "aws_security_group",
      "aws_vpc_security_group_egress_rule",
      "aws_vpc_security_group_ingress_rule",
    ]);
    expect(changes.filter(({ change }) => /create|update/.test(change.actions.join()))).toEqual([]);
    expect(state().map(({ type }) => type)).toEqual(["aws_ecs_cluster"]);
    // AND the services run, and their new configuration has nothing to change
    expect(await running()).toEqual(before);
    await paste(stack, "terraform plan -detailed-exitcode");
  });
});

const sections = (hcl: string, kind: string) => hcl.split(new RegExp(`^(?=${kind} {)`, "m")).map((text) => text.trim());

/** The page's import blocks, the last five for each service, with the ids that the HCL's state has. */
function importsOf(addresses: readonly string[], state: readonly Resource[]): string {
  const idOf = (type: string, module?: string) =>
    state.find((each) => each.type === type && each.module === module)!.instances[0]!.attributes.id;
  const [namespace, ...ofShop] = sections(imports, "import");
  const repeated = services.flatMap((service) =>
    ofShop.map((block) =>
      block
        .replace(/to = (\w+)\.services_shop_(\S+)_[0-9A-F]{8}/, (_, type: string, rest: string) => {
          const start = `${type}.services_${service}_${rest}_`;
          return `to = ${addresses.find((address) => address.startsWith(start))}`;
        })
        .replace("srv-0123456789abcdef", idOf("aws_service_discovery_service", `module.${service}`))
        .replace(/(id = ".*)shop/, `$1${service}`),
    ),
  );
  return [
    namespace!.replace("ns-0123456789abcdef", idOf("aws_service_discovery_private_dns_namespace")),
    ...repeated,
  ].join("\n\n");
}

/** A VPC with two subnets, in place of those that the page names. */
async function networkOf({ ec2, region }: AwsClients) {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
  const { VpcId } = Vpc!;
  const subnet = async (CidrBlock: string, zone: string) => {
    const asked = { VpcId, CidrBlock, AvailabilityZone: `${region}${zone}` };
    return (await ec2.send(new CreateSubnetCommand(asked))).Subnet!.SubnetId!;
  };
  return [
    ["vpc-0abc1234def567890", VpcId!],
    ["subnet-0aaa1111bbb22223c", await subnet("10.0.1.0/24", "a")],
    ["subnet-0bbb2222ccc33334d", await subnet("10.0.2.0/24", "b")],
  ] as const;
}

async function createBucket({ endpoint, region }: LocalAws, Bucket: string): Promise<void> {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }));
  s3.destroy();
}
