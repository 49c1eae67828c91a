import {
  CreateSecurityGroupCommand,
  DescribeNetworkInterfacesCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from "@aws-sdk/client-ec2";
import {
  type ContainerDefinition,
  DescribeTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from "@aws-sdk/client-ecs";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { doctorCommand } from "../../src/cli/doctor";
import type { Diagnosis } from "../../src/operations/doctor";
import { runCommand } from "./command";
import { account, Deployed, environmentsText } from "./deployed";

let deployed: Deployed;

beforeAll(async () => void (deployed = await Deployed.start()));
beforeEach(async () => {
  await (await deployed.reset()).deploy();
  await deployed.tasks(
    { service: "myapp", id: id(1), address: "10.0.1.11" },
    { service: "myapp", id: id(2), address: "10.0.1.12" },
    { service: "myapp2", id: id(3), address: "10.0.1.13" },
  );
});
afterAll(() => deployed.stop());

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
async function otherGroup(): Promise<string> {
  const VpcId = deployed.existing.vpcId;
  const { GroupId } = await deployed.clients.ec2.send(
    new CreateSecurityGroupCommand({ GroupName: "by-hand", Description: "by hand", VpcId }),
  );
  return GroupId!;
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

  it("tells a service that is not in its security group, and whom that keeps apart", async () => {
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

  it("tells a service with a cookie of its own, and one with none", async () => {
    // GIVEN
    const own = `arn:aws:ssm:eu-west-1:${account}:parameter/my-org/prod/own-cookie`;
    const parameter = { Name: "/my-org/prod/own-cookie", Value: "own", Type: "SecureString" as const };
    await deployed.clients.ssm.send(new PutParameterCommand(parameter));
    await redefine("myapp2", { secrets: [{ name: "RELEASE_COOKIE", valueFrom: own }] });
    await deployed.tasks({ service: "myapp2", id: id(3), address: "10.0.1.13" });
    // WHEN, THEN
    expect(await errors()).toEqual([
      "myapp: takes its cookie from /my-org/prod/release-cookie, and others from elsewhere",
      "myapp2: takes its cookie from /my-org/prod/own-cookie, and others from elsewhere",
    ]);
    // AND
    await redefine("myapp2", { secrets: [] });
    expect(await errors()).toEqual(["myapp2: is given no RELEASE_COOKIE"]);
  });

  it("tells an execution role that may not use the key of its secrets", async () => {
    const kmsKeyArn = `arn:aws:kms:eu-west-1:${account}:key/1a2b3c4d-0000-1111-2222-333344445555`;
    deployed.write(environmentsText({ releaseCookie: { ssmParameter: "/my-org/prod/release-cookie", kmsKeyArn } }));
    const text = `its execution role may not read ${kmsKeyArn}: no new task can start`;
    expect(await errors()).toEqual([`myapp: ${text}`, `myapp2: ${text}`]);
  });

  it("tells a service that registers nowhere, and one without ECS Exec", async () => {
    // GIVEN
    await update("myapp", { serviceRegistries: [] });
    await update("myapp2", { enableExecuteCommand: false });
    // WHEN, THEN
    expect(await errors()).toEqual([
      "myapp2: has ECS Exec off, the environment says otherwise",
      "myapp: registers its tasks nowhere: no node is ever found",
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
