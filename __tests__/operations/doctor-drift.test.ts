import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeNetworkInterfacesCommand,
  type IpPermission,
  ModifyNetworkInterfaceAttributeCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import {
  type ContainerDefinition,
  DescribeTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from "@aws-sdk/client-ecs";
import { PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { ownNames, serviceTemplates } from "../../src/aws/names";
import { doctorCommand } from "../../src/cli/operations/doctor";
import type { Diagnosis } from "../../src/operations/doctor";
import { runCommand } from "./command";
import { deployBefore } from "./deploy-before";
import { account, Deployed, environmentsText } from "./deployed";

let deployed: Deployed;

deployBefore((own) => ({ deployed } = own));
beforeEach(async () => {
  await deployed.tasks(
    { service: "myapp", id: id(1), address: "10.0.1.11" },
    { service: "myapp", id: id(2), address: "10.0.1.12" },
    { service: "myapp2", id: id(3), address: "10.0.1.13" },
  );
});
const id = (number: number) => `${number}`.repeat(32);

async function diagnosis(): Promise<Diagnosis> {
  const { out, err } = await runCommand(doctorCommand(), "prod", "--environments", deployed.file, "--json");
  expect(err).toBe("");
  return JSON.parse(out) as Diagnosis;
}

const errors = async () =>
  (await diagnosis()).findings
    .filter(({ severity }) => severity === "error")
    .map(({ about, text }) => `${about}: ${text}`);

const update = (service: string, change: Omit<UpdateServiceCommandInput, "service">) =>
  deployed.clients.ecs.send(new UpdateServiceCommand({ cluster: "my-cluster", service, ...change }));

/** A security group that somebody made by hand. */
const otherGroup = () => groupNamed("by-hand");

/** A new security group without rules. */
async function groupNamed(GroupName: string): Promise<string> {
  const { ec2 } = deployed.clients;
  const VpcId = deployed.existing.vpcId;
  const { GroupId } = await ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: GroupName, VpcId }));
  const IpPermissions = [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }];
  await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId: GroupId!, IpPermissions }));
  return GroupId!;
}

/** Lets traffic into a group by hand. @returns the rules' ids. */
async function allow(GroupId: string, permission: IpPermission, tags: Record<string, string> = {}): Promise<string[]> {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const { SecurityGroupRules = [] } = await deployed.clients.ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [permission],
      ...(Tags.length > 0 ? { TagSpecifications: [{ ResourceType: "security-group-rule" as const, Tags }] } : {}),
    }),
  );
  return SecurityGroupRules.map(({ SecurityGroupRuleId }) => SecurityGroupRuleId!);
}

/** Gives a service a task definition whose container differs from Terraform's, and has it run that. */
async function redefine(service: string, change: Partial<ContainerDefinition>): Promise<void> {
  const { ecs } = deployed.clients;
  const described = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: deployed.definitions.get(service) }),
  );
  const { family, executionRoleArn, containerDefinitions } = described.taskDefinition!;
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family,
      executionRoleArn,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: "512",
      memory: "1024",
      containerDefinitions: [{ ...containerDefinitions![0], ...change }],
    }),
  );
  await update(service, { taskDefinition: taskDefinition!.taskDefinitionArn });
  deployed.definitions.set(service, taskDefinition!.taskDefinitionArn!);
  await deployed.rollout(service, "COMPLETED");
}

describe("doctor, after a change by hand", () => {
  it("tells a task whose interface is in other groups than its service's", async () => {
    // GIVEN
    const { ec2 } = deployed.clients;
    const Filters = [{ Name: "addresses.private-ip-address", Values: ["10.0.1.11"] }];
    const { NetworkInterfaces } = await ec2.send(new DescribeNetworkInterfacesCommand({ Filters }));
    const group = await otherGroup();
    const { NetworkInterfaceId } = NetworkInterfaces![0]!;
    await ec2.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups: [group] }));
    // WHEN, THEN
    expect(await errors()).toEqual([
      `myapp: task ${id(1)} (10.0.1.11) is in ${group}, its service in ${deployed.groups.get("myapp")}`,
    ]);
  });

  it("reports a service that is not in its security group, and which services it can't reach", async () => {
    // GIVEN
    const group = await otherGroup();
    const awsvpcConfiguration = { subnets: [...deployed.existing.subnetIds], securityGroups: [group] };
    await update("myapp2", { networkConfiguration: { awsvpcConfiguration } });
    // WHEN
    const found = await errors();
    // THEN
    expect(found[0]).toBe(
      `myapp2: is not in its security group prod-myapp2-service (${deployed.groups.get("myapp2")})`,
    );
    expect(found).toContain(`myapp: doesn't admit myapp2 on TCP 4369, 9000–9010 in ${deployed.groups.get("myapp")}`);
  });

  it("reports once what a group that all services of a cluster share keeps closed, and who opened it", async () => {
    // GIVEN an environment with one group for each cluster, which both services are in, and no rules
    deployed.write(environmentsText({ distributionRules: "group" }));
    const { ec2 } = deployed.clients;
    const [myapp, myapp2] = [deployed.groups.get("myapp")!, deployed.groups.get("myapp2")!];
    for (const [GroupId, peer] of [myapp, myapp2].flatMap((own) => [
      [own, "myapp"] as const,
      [own, "myapp2"] as const,
    ])) {
      const IpPermissions = deployed.permissions(peer);
      await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
      await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions }));
    }
    const cluster = await groupNamed("prod-web-cluster");
    const subnets = [...deployed.existing.subnetIds];
    const assign = (service: string, ...securityGroups: string[]) =>
      update(service, { networkConfiguration: { awsvpcConfiguration: { subnets, securityGroups } } });
    await assign("myapp", myapp, cluster);
    await assign("myapp2", myapp2, cluster);
    const groupFindings = async () => (await errors()).filter((text) => !/: task /.test(text));

    // WHEN, THEN the group for egress is missing, and the whole cluster is closed: a finding for each direction
    const groups = `${myapp}, ${cluster}, ${myapp2}`;
    const noEgressGroup = (service: string) =>
      `${service}: is not in its security group prod-egress which doesn't exist`;
    const missing = [noEgressGroup("myapp"), noEgressGroup("myapp2")];
    expect(await groupFindings()).toEqual([
      ...missing,
      `myapp, myapp2: have no egress to each other on TCP 4369, 9000–9010 in ${groups}`,
      `myapp, myapp2: don't admit each other on TCP 4369, 9000–9010 in ${groups}`,
    ]);

    // AND with everything open inwards to a network, one finding for both services
    const [toAll] = await allow(cluster, { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] });
    expect(await groupFindings()).toEqual([
      ...missing,
      `myapp, myapp2: have no egress to each other on TCP 4369, 9000–9010 in ${groups}`,
      `myapp, myapp2: ${cluster} opens their distribution ports 4369, 9000–9010 to 0.0.0.0/0 (${toAll}): anyone there who has the cookie can run code on their nodes`,
    ]);
  });

  it("tells distribution ports that somebody opened to a network, in every group that a task is in", async () => {
    // GIVEN rules by hand: of all ports in the service's group, of one port in a group that one task got
    const { ec2 } = deployed.clients;
    const own = deployed.groups.get("myapp")!;
    const [toAll] = await allow(own, { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] });
    const hand = await otherGroup();
    const range = { IpProtocol: "tcp", FromPort: 9005, ToPort: 9005, Ipv6Ranges: [{ CidrIpv6: "fd00::/8" }] };
    const [toSome] = await allow(hand, range);
    const Filters = [{ Name: "addresses.private-ip-address", Values: ["10.0.1.13"] }];
    const { NetworkInterfaces } = await ec2.send(new DescribeNetworkInterfacesCommand({ Filters }));
    const Groups = [deployed.groups.get("myapp2")!, hand];
    const { NetworkInterfaceId } = NetworkInterfaces![0]!;
    await ec2.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups }));
    // WHEN
    const found = await errors();
    // THEN
    const danger = "anyone there who has the cookie can run code on its nodes";
    expect(found).toEqual([
      expect.stringMatching(`^myapp2: task ${id(3)} .* is in `),
      `myapp: ${own} opens its distribution ports 4369, 9000–9010 to 0.0.0.0/0 (${toAll}): ${danger}`,
      `myapp2: ${hand} opens its distribution ports 9005 to fd00::/8 (${toSome}): ${danger}`,
    ]);
    const { findings } = await diagnosis();
    expect(findings.find(({ text }) => text.includes(toAll!))!.advice).toMatch(
      new RegExp(
        `aws ec2 revoke-security-group-ingress --region eu-west-1 --group-id ${own} --security-group-rule-ids ${toAll}$`,
      ),
    );
  });

  it("tells rules that Terraform didn't make, in its own groups only", async () => {
    // GIVEN a rule in, one out, one between services, one with the tags of another environment, and one in another group
    const own = deployed.groups.get("myapp")!;
    const other = deployed.groups.get("myapp2")!;
    const ssh = { IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "10.0.0.0/8" }] };
    const [into] = await allow(own, ssh);
    const udp = { IpProtocol: "udp", FromPort: 53, ToPort: 54, UserIdGroupPairs: [{ GroupId: other }] };
    const [between] = await allow(own, udp, { Environment: "staging", ManagedBy: "terraform" });
    const out = await deployed.clients.ec2.send(
      new AuthorizeSecurityGroupEgressCommand({
        GroupId: other,
        IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
      }),
    );
    await allow(await otherGroup(), ssh);
    // AND one that Terraform made
    await allow(own, { ...ssh, FromPort: 4000, ToPort: 4000 }, { Environment: "prod", ManagedBy: "terraform" });
    // WHEN, THEN
    const text = "has a rule that Terraform didn't create:";
    expect((await errors()).sort()).toEqual([
      `myapp2: ${other} ${text} ${out.SecurityGroupRules![0]!.SecurityGroupRuleId} allows everything to 0.0.0.0/0`,
      ...[
        `myapp: ${own} ${text} ${into} allows TCP 22 from 10.0.0.0/8`,
        `myapp: ${own} ${text} ${between} allows UDP 53–54 from ${other}`,
      ].sort(),
    ]);
  });

  it("tells a service with a cookie of its own, and one with none", async () => {
    // GIVEN
    const own = `arn:aws:ssm:eu-west-1:${account}:parameter/my-org/prod/own-cookie`;
    const parameter = { Name: "/my-org/prod/own-cookie", Value: "own", Type: "SecureString" as const };
    await deployed.clients.ssm.send(new PutParameterCommand(parameter));
    await redefine("myapp2", { secrets: [{ name: "RELEASE_COOKIE", valueFrom: own }] });
    await deployed.tasks({ service: "myapp2", id: id(3), address: "10.0.1.13" });
    // WHEN, THEN
    expect(await errors()).toEqual([
      "myapp: reads its cookie from /my-org/prod/release-cookie, but other services from another place",
      "myapp2: reads its cookie from /my-org/prod/own-cookie, but other services from another place",
    ]);
    // AND
    await redefine("myapp2", { secrets: [] });
    expect(await errors()).toEqual(["myapp2: has no RELEASE_COOKIE"]);
  });

  it("tells an execution role that may not use the key of its secrets", async () => {
    const kmsKeyArn = `arn:aws:kms:eu-west-1:${account}:key/1a2b3c4d-0000-1111-2222-333344445555`;
    deployed.write(environmentsText({ releaseCookie: { ssmParameter: "/my-org/prod/release-cookie", kmsKeyArn } }));
    const text = `its execution role can't read ${kmsKeyArn}: no new task can start`;
    expect(await errors()).toEqual([`myapp: ${text}`, `myapp2: ${text}`]);
  });

  it.each([
    ["the parameter", "/my-org/prod/release-cookie", []],
    ["another parameter", "/my-org/prod/other", ["myapp", "myapp2"]],
  ])("asks IAM as SSM does, about the key and %s", async (_, name, refused) => {
    // GIVEN roles that may use the key for one parameter
    const kmsKeyArn = `arn:aws:kms:eu-west-1:${account}:key/1a2b3c4d-0000-1111-2222-333344445555`;
    deployed.write(environmentsText({ releaseCookie: { ssmParameter: "/my-org/prod/release-cookie", kmsKeyArn } }));
    const parameter = `arn:aws:ssm:eu-west-1:${account}:parameter${name}`;
    const Condition = { StringEquals: { "kms:EncryptionContext:PARAMETER_ARN": [parameter] } };
    const Statement = [{ Effect: "Allow", Action: ["kms:Decrypt"], Resource: [kmsKeyArn], Condition }];
    for (const service of ["myapp", "myapp2"]) {
      const policy = {
        RoleName: ownNames(serviceTemplates({ resources: `prod-${service}` }), service).executionRole,
        PolicyName: "key",
      };
      const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
      await deployed.clients.iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument }));
    }
    // WHEN, THEN
    expect(await errors()).toEqual(
      refused.map((service) => `${service}: its execution role can't read ${kmsKeyArn}: no new task can start`),
    );
  });

  it("tells a service that registers nowhere, and one without ECS Exec", async () => {
    // GIVEN
    await update("myapp", { serviceRegistries: [] });
    await update("myapp2", { enableExecuteCommand: false });
    // WHEN, THEN
    expect(await errors()).toEqual([
      `myapp2: has ECS Exec off, ${deployed.file} says otherwise`,
      "myapp: doesn't register its tasks: no node can find them",
    ]);
  });

  it("tells tasks that begin and tasks that are unhealthy", async () => {
    // GIVEN
    await deployed.tasks(
      { service: "myapp", id: id(2), address: "10.0.1.12", status: "PENDING" },
      { service: "myapp2", id: id(3), address: "10.0.1.13", record: { healthStatus: "UNHEALTHY" } },
    );
    // WHEN
    const { services } = await diagnosis();
    // THEN
    expect(services[0]).toMatchObject({ name: "myapp", desired: 2, running: 1, pending: 1 });
    expect(await errors()).toEqual([
      `myapp: runs 1 of 2 tasks; ${id(2)} is PENDING`,
      expect.stringMatching(`myapp2: task ${id(3)} .*fails its health check`),
    ]);
  });
});
