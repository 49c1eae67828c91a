import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DescribeSecurityGroupsCommand } from "@aws-sdk/client-ec2";
import {
  DescribeServicesCommand,
  ListServicesCommand,
  ListTaskDefinitionsCommand,
  type TaskDefinitionStatus,
} from "@aws-sdk/client-ecs";
import { ListRolesCommand } from "@aws-sdk/client-iam";
import {
  ListInstancesCommand,
  ListNamespacesCommand,
  ListServicesCommand as ListDiscoveryServicesCommand,
  RegisterInstanceCommand,
} from "@aws-sdk/client-servicediscovery";
import { execa } from "execa";
import { parseEnvironments } from "../../src/environment";
import { type LocalAws, startLocalAws } from "../../src/lab/local-aws/aws";
import { type AwsClients, awsClients } from "../../src/lab/local-aws/aws-clients";
import { createPrerequisites } from "../../src/lab/local-aws/prerequisites/prerequisites";
import { labPatches } from "../../src/lab/lab";
import { synthesizeInto } from "../../src/lab/local-aws/terraform/synthesized";
import { Terraform } from "../../src/lab/local-aws/terraform/terraform";
import { projectRoot } from "../../src/project-root";
import { describeWithTerraform } from "../terraform-here";
import { scratchFolder } from "../scratch";
import { required } from "../environment/example";

describeWithTerraform("docs/plain-terraform.md: the synthesized folder alone", () => {
  const scratch = scratchFolder("plain-terraform-test");
  const copied = path.join(scratch, "elsewhere", "prod");
  const environment = {
    ...required,
    services: { myapp: { image: { variable: "myapp_image" }, tasks: 2 } },
  };
  let aws: LocalAws;
  let clients: AwsClients;
  let terraform: Terraform;

  beforeAll(async () => {
    aws = await startLocalAws({ patches: labPatches });
    clients = awsClients(aws);
    const file = path.join(scratch, "environments.json");
    writeFileSync(file, JSON.stringify({ prod: environment }));
    await createPrerequisites(aws, parseEnvironments(readFileSync(file, "utf8"), file).prod!);
    const outdir = path.join(scratch, "cdktf.out");
    await synthesizeInto(outdir, file);
    cpSync(path.join(outdir, "stacks", "prod"), copied, { recursive: true });
    rmSync(outdir, { recursive: true });
    terraform = new Terraform(copied, scratch, {
      environment: { ...aws.environment, PATH: await pathWithTerraformAlone() },
    });
  });

  afterAll(async () => {
    clients?.destroy();
    await aws?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  async function pathWithTerraformAlone(): Promise<string> {
    const { stdout } = await execa("sh", ["-c", "command -v terraform"]);
    const folder = path.join(scratch, "bin");
    mkdirSync(folder);
    symlinkSync(stdout.trim(), path.join(folder, "terraform"));
    return folder;
  }

  it("is one file, and is deployed without Node, the image by variable", async () => {
    // GIVEN
    expect(readdirSync(copied)).toEqual(["cdk.tf.json"]);
    const image = ["-var", "myapp_image=ghcr.io/acme/myapp:1.0.0"];
    // WHEN
    await terraform.init();
    await terraform.plan("first", ...image);
    await terraform.apply("first");
    // THEN
    expect(await terraform.plan("second", ...image)).toEqual({ add: 0, change: 0, destroy: 0 });
    const { services } = (await terraform.outputs()) as { services: { myapp: { dns_name: string } } };
    expect(services.myapp.dns_name).toBe("myapp.organization.local");
  });

  it("can be used from another configuration as the page shows, by its state's output", async () => {
    // GIVEN the page's Terraform in a folder of its own, with local AWS behind it
    const page = readFileSync(path.join(projectRoot, "docs", "plain-terraform.md"), "utf8");
    const own = path.join(scratch, "own");
    mkdirSync(own);
    writeFileSync(path.join(own, "main.tf"), /```hcl\n([^]*?)```/.exec(page)![1]!);
    const { bucket, key } = environment.state.s3;
    const config = { bucket, key, region: aws.region, use_path_style: true, skip_metadata_api_check: true };
    const { required_providers } = (
      JSON.parse(readFileSync(path.join(copied, "cdk.tf.json"), "utf8")) as {
        terraform: { required_providers: object };
      }
    ).terraform;
    writeFileSync(
      path.join(own, "local_override.tf.json"),
      JSON.stringify({ data: { terraform_remote_state: { elixir_cluster: { config } } } }),
    );
    writeFileSync(
      path.join(own, "provider.tf.json"),
      JSON.stringify({ terraform: { required_providers }, provider: { aws: { region: aws.region } } }),
    );
    // WHEN
    const scratchOfOwn = path.join(scratch, "own-run");
    mkdirSync(scratchOfOwn);
    const other = new Terraform(own, scratchOfOwn, { environment: aws.environment });
    await other.init();
    await other.plan("own");
    // THEN its rule names the security group of myapp's tasks
    const { services } = (await terraform.outputs()) as { services: { myapp: { security_group_id: string } } };
    expect(services.myapp.security_group_id).toMatch(/^sg-/);
    expect(await other.show("own")).toContain(`"referenced_security_group_id":"${services.myapp.security_group_id}"`);
  });

  it("has outputs that its own folder can't use, and resources that it can", async () => {
    const file = path.join(copied, "own.tf");
    const { resource } = JSON.parse(readFileSync(path.join(copied, "cdk.tf.json"), "utf8")) as {
      resource: { aws_security_group: Record<string, unknown> };
    };
    const [group] = Object.keys(resource.aws_security_group);
    try {
      writeFileSync(file, `locals {\n  group = aws_security_group.${group}.id\n}\n`);
      await terraform.validate();
      writeFileSync(file, "locals {\n  services = output.services\n}\n");
      await expect(terraform.validate()).rejects.toThrow(/undeclared resource/);
    } finally {
      rmSync(file);
    }
  });

  it("is destroyed in one run with tasks running and registered, and leaves nothing but what AWS keeps", async () => {
    // GIVEN
    const { Services: [registry] = [] } = await clients.serviceDiscovery.send(new ListDiscoveryServicesCommand({}));
    for (const number of [1, 2]) {
      const id = `${number}`.repeat(32);
      await run(id);
      await clients.serviceDiscovery.send(
        new RegisterInstanceCommand({
          ServiceId: registry!.Id!,
          InstanceId: id,
          Attributes: { AWS_INSTANCE_IPV4: `10.0.1.1${number}` },
        }),
      );
    }
    const { Instances } = await clients.serviceDiscovery.send(new ListInstancesCommand({ ServiceId: registry!.Id! }));
    expect(Instances).toHaveLength(2);
    expect(await logGroups()).toEqual(["/ecs/prod-myapp"]);
    // WHEN
    await terraform.destroy("-var", "myapp_image=ghcr.io/acme/myapp:1.0.0");
    // THEN nothing is left
    const { Services: registries } = await clients.serviceDiscovery.send(new ListDiscoveryServicesCommand({}));
    const { Namespaces: namespaces } = await clients.serviceDiscovery.send(new ListNamespacesCommand({}));
    expect([registries, namespaces]).toEqual([[], []]);
    const { serviceArns = [] } = await clients.ecs.send(new ListServicesCommand({ cluster: "my-cluster" }));
    expect(await activeServices(serviceArns)).toEqual([]);
    const { Roles = [] } = await clients.iam.send(new ListRolesCommand({}));
    expect(Roles.map(({ RoleName }) => RoleName!).filter((name) => name.startsWith("prod-"))).toEqual([]);
    const { SecurityGroups = [] } = await clients.ec2.send(new DescribeSecurityGroupsCommand({}));
    expect(SecurityGroups.map(({ GroupName }) => GroupName!).filter((name) => name !== "default")).toEqual([]);
    expect(await logGroups()).toEqual([]);
    // AND of the task definitions only what AWS keeps: inactive revisions
    expect(await definitions("ACTIVE")).toEqual([]);
    expect(await definitions("INACTIVE")).toEqual([expect.stringMatching(/\/prod-myapp:1$/)]);
  });

  /** A task of myapp in ECS, as the lab puts them. */
  async function run(id: string): Promise<void> {
    const arn = (kind: string) => `arn:aws:ecs:${aws.region}:123456789012:${kind}/my-cluster`;
    const task = {
      taskArn: `${arn("task")}/${id}`,
      clusterArn: arn("cluster"),
      taskDefinitionArn: (await definitions("ACTIVE"))[0],
      group: "service:myapp",
      lastStatus: "RUNNING",
      desiredStatus: "RUNNING",
    };
    const body = JSON.stringify({ region: aws.region, tasks: [task] });
    const { ok } = await fetch(`${aws.endpoint}/moto-api/lab/ecs`, { method: "PUT", body });
    expect(ok).toBe(true);
  }

  async function activeServices(services: string[]): Promise<string[]> {
    if (services.length === 0) return [];
    const described = await clients.ecs.send(new DescribeServicesCommand({ cluster: "my-cluster", services }));
    return (described.services ?? [])
      .filter(({ status }) => status === "ACTIVE")
      .map(({ serviceName }) => serviceName!);
  }

  const definitions = async (status: TaskDefinitionStatus) =>
    (await clients.ecs.send(new ListTaskDefinitionsCommand({ status }))).taskDefinitionArns ?? [];

  /** By hand: the project needs no client of CloudWatch Logs otherwise. */
  async function logGroups(): Promise<string[]> {
    const response = await fetch(aws.endpoint, {
      method: "POST",
      headers: {
        "x-amz-target": "Logs_20140328.DescribeLogGroups",
        authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/${aws.region}/logs/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify({ logGroupNamePrefix: "/ecs/prod-" }),
    });
    const { logGroups: found } = (await response.json()) as { logGroups: { logGroupName: string }[] };
    return found.map(({ logGroupName }) => logGroupName);
  }
});
