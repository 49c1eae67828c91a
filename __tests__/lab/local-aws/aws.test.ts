import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import {
  CreateSecurityGroupCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateVpcCommand,
  DescribeSecurityGroupRulesCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  ListServiceDeploymentsCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { GetParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { startLocalAws } from "../../../src/lab/local-aws/aws";
import { useLocalAws } from "./use-local-aws";
import { pythonWithMoto } from "../../../src/lab/local-aws/python";
import { projectRoot } from "../../../src/project-root";
import { waitFor, workOf } from "../../../src/lab/waiting/wait";

const local = useLocalAws({ region: "eu-central-1" });

const answers = (endpoint: string) =>
  fetch(endpoint).then(
    () => true,
    () => false,
  );

describe("local AWS", () => {
  it("listens on loopback, in the region that was asked for", async () => {
    expect(local.aws.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(local.aws.environment).toMatchObject({ AWS_ENDPOINT_URL: local.aws.endpoint, AWS_REGION: "eu-central-1" });
    expect(await answers(local.aws.endpoint)).toBe(true);
  });

  it("lets nobody's real credentials through", () => {
    expect(local.aws.environment).toMatchObject({
      AWS_ACCESS_KEY_ID: "local",
      AWS_PROFILE: "",
      AWS_SESSION_TOKEN: "",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
    });
  });

  it("answers a retry as it answered the first attempt, and a second call on its own", async () => {
    // GIVEN a group, and a rule for it that an SDK asks for under one invocation id
    const { ec2 } = local.clients;
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.9.0.0/16" }));
    const group = { GroupName: "retried", Description: "retried", VpcId: Vpc!.VpcId! };
    const { GroupId } = await ec2.send(new CreateSecurityGroupCommand(group));
    const authorize = (invocation: string) =>
      fetch(local.aws.endpoint, {
        method: "POST",
        headers: {
          Authorization: "AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/ec2/aws4_request, Signature=none",
          "Content-Type": "application/x-www-form-urlencoded",
          "amz-sdk-invocation-id": invocation,
        },
        body: new URLSearchParams({
          Action: "AuthorizeSecurityGroupIngress",
          Version: "2016-11-15",
          GroupId: GroupId!,
          "IpPermissions.1.IpProtocol": "tcp",
          "IpPermissions.1.FromPort": "4369",
          "IpPermissions.1.ToPort": "4369",
          "IpPermissions.1.IpRanges.1.CidrIp": "10.0.0.0/8",
        }),
      }).then(async (response) => [response.status, await response.text()] as const);

    // WHEN the same call comes twice at once, and then another one
    const [first, retry] = await Promise.all([authorize("a"), authorize("a")]);
    const [status, text] = await authorize("b");

    // THEN the rule was made once, both attempts succeed, and the other call is refused
    expect(first[0]).toBe(200);
    expect(retry).toEqual(first);
    expect([status, text]).toEqual([400, expect.stringContaining("InvalidPermission.Duplicate")]);
  });

  it("is gone after stop", async () => {
    const other = await startLocalAws();
    expect(await answers(other.endpoint)).toBe(true);
    await other.stop();
    expect(await answers(other.endpoint)).toBe(false);
  });

  it("is gone when the process that started it was killed", async () => {
    // GIVEN a server whose standard input another process holds
    const script = path.join(projectRoot, "src", "lab", "local-aws", "moto", "server.py");
    const python = [
      "import subprocess, sys, time",
      `subprocess.Popen([sys.executable, ${JSON.stringify(script)}], stdin=subprocess.PIPE)`,
      "time.sleep(600)",
    ].join("\n");
    const parent = spawn(await pythonWithMoto(), ["-c", python], { stdio: ["ignore", "pipe", "ignore"] });
    const [line] = (await once(createInterface({ input: parent.stdout }), "line")) as [string];
    const endpoint = `http://127.0.0.1:${line.replace("port ", "")}`;
    expect(await answers(endpoint)).toBe(true);
    // WHEN that is killed without a chance to clean up
    parent.kill("SIGKILL");
    // THEN nothing answers any more
    const gone = await waitFor(async () => !(await answers(endpoint)), workOf({ "end of a process": 5 }));
    expect(gone.value).toBe(true);
  });
});

describe("what moto leaves out, as far as a plan would show it", () => {
  it("ciphertext says nothing of a SecureString, and decrypts to it", async () => {
    const Name = "/cookie";
    await local.clients.ssm.send(new PutParameterCommand({ Name, Value: "monster", Type: "SecureString" }));
    const read = async (WithDecryption: boolean) =>
      (await local.clients.ssm.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter!.Value;
    expect(await read(false)).toMatch(/^AQICAH/);
    expect(await read(false)).not.toContain("monster");
    expect(Buffer.from((await read(false))!, "base64").toString()).not.toContain("monster");
    expect(await read(true)).toBe("monster");
  });

  it("a rule between groups keeps its description", async () => {
    const { Vpc } = await local.clients.ec2.send(new CreateVpcCommand({ CidrBlock: "10.9.0.0/16" }));
    const { GroupId } = await local.clients.ec2.send(
      new CreateSecurityGroupCommand({ GroupName: "tasks", Description: "tasks", VpcId: Vpc!.VpcId }),
    );
    const UserIdGroupPairs = [{ GroupId, Description: "Erlang distribution from myapp" }];
    const IpPermissions = [{ IpProtocol: "tcp", FromPort: 4369, ToPort: 4369, UserIdGroupPairs }];
    await local.clients.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    const { SecurityGroupRules } = await local.clients.ec2.send(
      new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: "group-id", Values: [GroupId!] }] }),
    );
    expect(SecurityGroupRules!.map(({ Description }) => Description)).toContain("Erlang distribution from myapp");
  });

  it("a service keeps what it was created with", async () => {
    await local.clients.ecs.send(new CreateClusterCommand({ clusterName: "c" }));
    const containerDefinitions = [{ name: "app", image: "app", memory: 512 }];
    await local.clients.ecs.send(new RegisterTaskDefinitionCommand({ family: "f", containerDefinitions }));
    const options = {
      enableExecuteCommand: true,
      enableECSManagedTags: true,
      availabilityZoneRebalancing: "DISABLED" as const,
      healthCheckGracePeriodSeconds: 45,
      deploymentConfiguration: { maximumPercent: 115, minimumHealthyPercent: 100 },
    };
    await local.clients.ecs.send(
      new CreateServiceCommand({ cluster: "c", serviceName: "s", taskDefinition: "f", desiredCount: 0, ...options }),
    );
    const { services } = await local.clients.ecs.send(new DescribeServicesCommand({ cluster: "c", services: ["s"] }));
    expect(services![0]).toMatchObject(options);
  });
});

describe("without a lab, a deployment has succeeded at once", () => {
  const [cluster, service] = ["waited", "web"];

  /** What version 6 of Terraform's provider waits for: the end of the deployment that the primary one of DescribeServices is. */
  async function deploymentSince(time: Date) {
    const { ecs } = local.clients;
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster, services: [service] }));
    const primary = services![0]!.deployments!.find(({ status }) => status === "PRIMARY")!;
    expect(primary.createdAt!.getTime()).toBeGreaterThanOrEqual(Math.floor(time.getTime() / 1000) * 1000);
    const after = { createdAt: { after: time } };
    const { serviceDeployments } = await ecs.send(new ListServiceDeploymentsCommand({ cluster, service, ...after }));
    const own = serviceDeployments!.filter(({ targetServiceRevisionArn }) =>
      targetServiceRevisionArn!.includes(primary.id!.split("/")[1]!),
    );
    const serviceDeploymentArns = own.map(({ serviceDeploymentArn }) => serviceDeploymentArn!);
    const described = await ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }));
    return described.serviceDeployments!.map(({ status, targetServiceRevision }) => ({
      status,
      revision: targetServiceRevision!.arn!,
    }));
  }

  it("so that a provider which waits for it goes on, after CreateService and after UpdateService", async () => {
    const { ecs } = local.clients;
    await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
    const containerDefinitions = [{ name: "app", image: "app", memory: 512 }];
    await ecs.send(new RegisterTaskDefinitionCommand({ family: "waited", containerDefinitions }));
    const before = new Date();
    const made = { cluster, serviceName: service, taskDefinition: "waited", desiredCount: 2 };
    await ecs.send(new CreateServiceCommand(made));
    const [first] = await deploymentSince(before);
    expect(first).toMatchObject({ status: "SUCCESSFUL" });
    // AND its revision is known
    const { serviceRevisions } = await ecs.send(
      new DescribeServiceRevisionsCommand({ serviceRevisionArns: [first!.revision] }),
    );
    expect(serviceRevisions![0]!.taskDefinition).toMatch(/\bwaited\b/);
    // AND after a new deployment
    await ecs.send(new UpdateServiceCommand({ cluster, service, forceNewDeployment: true }));
    const [second] = await deploymentSince(before);
    expect(second).toMatchObject({ status: "SUCCESSFUL" });
    expect(second!.revision).not.toBe(first!.revision);
  });
});
