import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateSecurityGroupCommand } from "@aws-sdk/client-ec2";
import { CreateServiceCommand, DescribeServicesCommand, RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreatePrivateDnsNamespaceCommand,
  CreateServiceCommand as CreateDiscoveryServiceCommand,
  ListNamespacesCommand,
} from "@aws-sdk/client-servicediscovery";
import { parseEnvironments } from "../../src/environment";
import { type LocalAws, startLocalAws } from "../../src/lab/local-aws/aws";
import { type AwsClients, awsClients } from "../../src/lab/local-aws/aws-clients";
import { createPrerequisites, type Prerequisites } from "../../src/lab/local-aws/prerequisites/prerequisites";
import { labPatches } from "../../src/lab/lab";
import { synthesizeInto } from "../../src/lab/local-aws/terraform/synthesized";
import { Terraform } from "../../src/lab/local-aws/terraform/terraform";
import { projectRoot } from "../../src/project-root";
import { scratchFolder } from "../scratch";
import { describeWithTerraform } from "../terraform-here";

const page = readFileSync(path.join(projectRoot, "docs", "from-aws-cdk.md"), "utf8");
const fence = (language: string) => new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(page)![1]!;

/** Names as CloudFormation makes them: construct path, hash, random tail. */
const made = {
  role: "EcsStack-mytaskrole1A2B3C4D-5E6F7G8H9I0J",
  policy: "mytaskroleDefaultPolicy9Z8Y7X6W",
  logGroup: "EcsStack-mytdmytcLogGroup1A2B3C4D-5E6F7G8H9I0J",
  family: "EcsStackmytd1A2B3C4D",
};

interface Change {
  readonly address: string;
  readonly type: string;
  readonly change: { readonly actions: readonly string[]; readonly importing?: { readonly id: string } };
}

describeWithTerraform("coming from AWS CDK, as docs/from-aws-cdk.md says", () => {
  const scratch = scratchFolder("from-cdk");
  const file = path.join(scratch, "environments.json");
  let aws: LocalAws;
  let clients: AwsClients;
  let existing: Prerequisites;
  let ids: Record<"namespace" | "vpc" | "discovery" | "securityGroup" | "serviceArn", string>;
  let terraform: Terraform;
  let changes: Change[];

  beforeAll(async () => {
    aws = await startLocalAws({ patches: labPatches });
    clients = awsClients(aws);
    // GIVEN the page's environment, with the VPC found by tags: local AWS gives ids of its own
    const environments = JSON.parse(fence("json"));
    environments.prod.vpc = { tags: { Name: "my-vpc" } };
    environments.prod.services.myapp.extraSecurityGroups = [];
    writeFileSync(file, JSON.stringify(environments));
    existing = await createPrerequisites(aws, parseEnvironments(JSON.stringify(environments), file).prod!);
    // AND what the guide's stack leaves in an account
    ids = await asCdkMakes(clients, existing);
    environments.prod.services.myapp.extraSecurityGroups = [ids.securityGroup];
    writeFileSync(file, JSON.stringify(environments));
    // WHEN it is synthesized, with the page's import blocks
    const outdir = path.join(scratch, "out");
    await synthesizeInto(outdir, file);
    const folder = path.join(outdir, "stacks", "prod");
    writeFileSync(path.join(folder, "import.tf"), imports(folder, ids));
    mkdirSync(path.join(scratch, "run"));
    terraform = new Terraform(folder, path.join(scratch, "run"), { environment: aws.environment });
    await terraform.init();
    await terraform.plan("import");
    changes = (JSON.parse(await terraform.show("import")) as { resource_changes: Change[] }).resource_changes;
  });

  afterAll(async () => {
    clients?.destroy();
    await aws?.stop();
    rmSync(scratch, { recursive: true });
  });

  const of = (type: string) => changes.filter((change) => change.type === type);

  it.each([
    ["aws_ecs_service", () => "my-cluster/my-service"],
    ["aws_service_discovery_private_dns_namespace", () => `${ids.namespace}:${ids.vpc}`],
    ["aws_service_discovery_service", () => ids.discovery],
    ["aws_cloudwatch_log_group", () => made.logGroup],
  ])("takes %s over as it is", (type, id) => {
    const [{ change }, ...others] = of(type) as [Change, ...Change[]];
    expect(others).toEqual([]);
    expect(change.importing).toEqual({ id: id() });
    expect([["no-op"], ["update"]]).toContainEqual(change.actions);
  });

  it("takes the guide's role over for the application, and makes another for ECS itself", () => {
    const roles = of("aws_iam_role").map(({ change: { actions, importing } }) => [importing?.id, actions]);
    expect(roles).toHaveLength(2);
    expect(roles).toContainEqual([made.role, ["update"]]);
    expect(roles).toContainEqual([undefined, ["create"]]);
  });

  it("imports five things, replaces nothing and destroys nothing", () => {
    expect(changes.filter(({ change }) => change.importing)).toHaveLength(5);
    expect(changes.filter(({ change }) => change.actions.includes("delete"))).toEqual([]);
  });

  it("applies; the running service is the same, with a task definition of ours, and the next plan is empty", async () => {
    await terraform.apply("import");
    const { services } = await clients.ecs.send(
      new DescribeServicesCommand({ cluster: "my-cluster", services: ["my-service"] }),
    );
    const [service] = services!;
    expect(service!.serviceArn).toBe(ids.serviceArn);
    expect(service!.taskDefinition).toContain("task-definition/prod-myapp:1");
    // Its old group stays: the other stack's rules name it.
    expect(service!.networkConfiguration!.awsvpcConfiguration!.securityGroups).toContain(ids.securityGroup);
    expect(await terraform.outputs()).toHaveProperty("services.myapp.service", "my-service");
    expect(await terraform.plan("second")).toEqual({ add: 0, change: 0, destroy: 0 });
  });
});

/** The page's import blocks, with the ids of this account and the addresses that its command finds. */
function imports(folder: string, ids: Record<string, string>): string {
  const stack = JSON.parse(readFileSync(path.join(folder, "cdk.tf.json"), "utf8")) as {
    resource: Record<string, Record<string, unknown>>;
  };
  const values: Record<string, string> = {
    "ns-0123456789abcdef:vpc-0abc1234def567890": `${ids.namespace}:${ids.vpc}`,
    "srv-0123456789abcdef": ids.discovery!,
  };
  return fence("hcl").replace(
    /to = (\w+)\.([\w-]+)|id = "(.*)"/g,
    (whole, type?: string, name?: string, id?: string) => {
      if (id !== undefined) return `id = "${values[id] ?? id}"`;
      // What the page shows is what a reader finds in the file.
      expect(Object.keys(stack.resource[type!] ?? {})).toContain(name);
      return whole;
    },
  );
}

/** What the guide's CDK stack makes for `myapp`, by the calls that CloudFormation makes. */
async function asCdkMakes(
  { iam, ec2, ecs, serviceDiscovery, endpoint, region }: AwsClients,
  { vpcId, subnetIds }: Prerequisites,
) {
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: made.role,
      AssumeRolePolicyDocument: policy({ Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" }),
    }),
  );
  const PolicyDocument = policy({ Action: "ecs:ExecuteCommand", Resource: "*" });
  await iam.send(new PutRolePolicyCommand({ RoleName: made.role, PolicyName: made.policy, PolicyDocument }));
  const logs = new CloudWatchLogsClient({ endpoint, region, credentials: { accessKeyId: "l", secretAccessKey: "l" } });
  await logs.send(new CreateLogGroupCommand({ logGroupName: made.logGroup }));
  logs.destroy();
  const Description = "EcsStack/my-service-sg";
  const { GroupId } = await ec2.send(
    new CreateSecurityGroupCommand({ VpcId: vpcId, GroupName: "my-service-sg", Description }),
  );
  await serviceDiscovery.send(new CreatePrivateDnsNamespaceCommand({ Name: "organization.local", Vpc: vpcId }));
  const { Namespaces } = await serviceDiscovery.send(new ListNamespacesCommand({}));
  const NamespaceId = Namespaces!.find(({ Name }) => Name === "organization.local")!.Id!;
  const { Service } = await serviceDiscovery.send(
    new CreateDiscoveryServiceCommand({
      Name: "myapp",
      NamespaceId,
      DnsConfig: { NamespaceId, RoutingPolicy: "MULTIVALUE", DnsRecords: [{ Type: "A", TTL: 60 }] },
      HealthCheckCustomConfig: { FailureThreshold: 1 },
    }),
  );
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: made.family,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: "512",
      memory: "1024",
      taskRoleArn: Role!.Arn,
      executionRoleArn: Role!.Arn,
      containerDefinitions: [{ name: "my-tc", image: "registry.acme.example/myapp:1", essential: true }],
    }),
  );
  const { service } = await ecs.send(
    new CreateServiceCommand({
      cluster: "my-cluster",
      serviceName: "my-service",
      taskDefinition: made.family,
      desiredCount: 1,
      launchType: "FARGATE",
      platformVersion: "LATEST",
      enableExecuteCommand: true,
      enableECSManagedTags: false,
      networkConfiguration: { awsvpcConfiguration: { subnets: [...subnetIds], securityGroups: [GroupId!] } },
      serviceRegistries: [{ registryArn: Service!.Arn }],
      deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 50 },
    }),
  );
  return {
    namespace: NamespaceId,
    vpc: vpcId!,
    discovery: Service!.Id!,
    securityGroup: GroupId!,
    serviceArn: service!.serviceArn!,
  };
}

const policy = (statement: object) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
