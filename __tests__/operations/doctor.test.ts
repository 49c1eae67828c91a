import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import { DeleteRoleCommand, DeleteRolePolicyCommand } from "@aws-sdk/client-iam";
import { DeleteParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { doctorCommand } from "../../src/cli/operations/doctor";
import type { Diagnosis } from "../../src/operations/doctor";
import { runCommand } from "./command";
import { deployBefore } from "./deploy-before";
import { Deployed, environmentsText, type TaskOptions } from "./deployed";
import { FaultyAws, shortWaits } from "./faulty-aws";

let deployed: Deployed;
let faulty: FaultyAws;

deployBefore((own) => ({ deployed, faulty } = own));

const doctor = (...args: string[]) => runCommand(doctorCommand(), "prod", "--environments", deployed.file, ...args);
const id = (number: number) => number.toString(16).padStart(32, "0");

async function diagnosis(...args: string[]): Promise<Diagnosis & { readonly code: number }> {
  const { out, err, code } = await doctor("--json", ...args);
  expect(err).toBe("");
  return { ...JSON.parse(out), code };
}

const texts = ({ findings }: Diagnosis, severity = "error") =>
  findings.filter((finding) => finding.severity === severity).map(({ about, text }) => `${about}: ${text}`);

/** Two tasks of myapp, one of myapp2, all well. */
const healthy: readonly TaskOptions[] = [
  { service: "myapp", id: id(1), address: "10.0.1.11" },
  { service: "myapp", id: id(2), address: "10.0.1.12" },
  { service: "myapp2", id: id(3), address: "10.0.1.13" },
];

describe("doctor", () => {
  it("finds nothing in a healthy environment, and shows what one DNS answer holds", async () => {
    // GIVEN
    await deployed.tasks(...healthy);
    // WHEN
    const { out, err, code } = await doctor();
    // THEN
    expect(err).toBe("");
    expect(out).toMatch(/myapp {4}2 {8}2 {8}0 {8}2 {11}10\.0\.1\.11 10\.0\.1\.12 {2}sg-/);
    expect(out).toContain("Everything matches the configuration.");
    expect(code).toBe(0);
  });

  it("finds a service by the name that it keeps from elsewhere", async () => {
    // GIVEN
    const kept = { myapp: { image: { uri: "a.example/b:1" }, tasks: 2, names: { service: "MyApp_Service" } } };
    await (await deployed.reset(environmentsText({ services: kept }))).deploy();
    await deployed.tasks(...healthy.slice(0, 2));
    // WHEN, THEN
    expect((await diagnosis()).findings).toEqual([]);
  });

  it("tells a service that isn't deployed, and one of another size", async () => {
    // GIVEN
    deployed.write(
      environmentsText({
        services: {
          myapp: { image: { uri: "a.example/b:1" }, tasks: 5 },
          other: { image: { uri: "a.example/b:1" } },
        },
      }),
    );
    // WHEN
    const found = await diagnosis();
    // THEN
    expect(texts(found)).toContain(`myapp: ECS wants 2 tasks, ${deployed.file} says 5`);
    expect(texts(found)).toContain("other: is not deployed in the ECS cluster my-cluster");
    expect(found.code).toBe(1);
  });

  it("tells an environment of which nothing is deployed", async () => {
    deployed.write(environmentsText({ ecsCluster: { name: "elsewhere" } }));
    expect(texts(await diagnosis())).toContain("myapp: is not deployed in the ECS cluster elsewhere");
  });

  it("tells too few tasks, what ECS says of it, and why they stopped", async () => {
    // GIVEN
    await deployed.tasks(healthy[0]!, healthy[2]!, {
      service: "myapp",
      id: id(9),
      status: "STOPPED",
      record: {
        stopCode: "EssentialContainerExited",
        stoppedReason: "Essential container in task exited",
        stoppedAt: new Date().toISOString(),
        containers: [{ name: "myapp", exitCode: 1 }],
      },
    });
    const message = "(service myapp) was unable to place a task.";
    await deployed.counts("myapp", { events: [{ id: "1", message, createdAt: new Date().toISOString() }] });
    // WHEN
    const found = await diagnosis();
    // THEN
    expect(texts(found)).toEqual([
      "myapp: runs 1 of 2 tasks",
      "myapp: 1 task stopped: Essential container in task exited (myapp, exit code 1: the application reported an error, or crashed while it started)",
    ]);
    expect(found.findings[0]!.advice).toBe(`ECS says: ${message}`);
  });

  it("tells deployments in progress, and failed ones", async () => {
    // GIVEN
    const older = "arn:aws:ecs:eu-west-1:123456789012:task-definition/prod-myapp:0";
    await deployed.tasks({ ...healthy[0]!, record: { taskDefinitionArn: older } }, ...healthy.slice(1));
    await deployed.rollout("myapp", "IN_PROGRESS");
    await deployed.rollout("myapp2", "FAILED", "ECS deployment circuit breaker: tasks failed to start.");
    // WHEN
    const found = await diagnosis();
    // THEN
    expect(texts(found, "note")).toEqual(["myapp: is being deployed, 1 task of an older definition"]);
    expect(texts(found)).toEqual([
      "myapp2: its deployment failed: ECS deployment circuit breaker: tasks failed to start.",
    ]);
  });

  it("doesn't take tasks that somebody stopped for failed ones", async () => {
    await deployed.tasks(...healthy, {
      service: "myapp",
      id: id(9),
      status: "STOPPED",
      record: { stopCode: "ServiceSchedulerInitiated", stoppedReason: "Scaling activity initiated by (deployment 1)" },
    });
    expect((await diagnosis()).findings).toEqual([]);
  });

  it("knows a task that is about to end and is still registered", async () => {
    await deployed.tasks(...healthy, {
      service: "myapp",
      id: id(9),
      address: "10.0.1.19",
      status: "DEACTIVATING",
      record: { desiredStatus: "STOPPED", stopCode: "ServiceSchedulerInitiated", stoppedReason: "Scaling activity" },
    });
    expect((await diagnosis()).findings).toEqual([]);
  });

  it("tells stale, missing, wrong and unhealthy registrations", async () => {
    // GIVEN
    await deployed.tasks(
      { service: "myapp", id: id(1), address: "10.0.1.11", register: false },
      { service: "myapp", id: id(2), address: "10.0.1.12", register: false },
      healthy[2]!,
    );
    await deployed.register("myapp", id(2), "10.0.1.99", { AWS_INIT_HEALTH_STATUS: "UNHEALTHY" });
    await deployed.register("myapp", id(7), "10.0.1.77");
    // WHEN
    const found = await diagnosis();
    // THEN
    expect(texts(found)).toEqual([
      `myapp: task ${id(2)} has the address 10.0.1.12, but is registered with 10.0.1.99`,
      `myapp: ${id(7)} (10.0.1.77) is registered, but no such task runs: DNS returns a dead address`,
      `myapp: task ${id(1)} (10.0.1.11) runs, but isn't registered: no node can find it`,
      `myapp: task ${id(2)} (10.0.1.99) is registered as unhealthy: DNS omits it`,
    ]);
    expect(found.services[0]!.dns).toEqual({ holds: 1, candidates: ["10.0.1.77"] });
  });

  it("reads 130 tasks in pages, and says that one answer holds 8 of them", async () => {
    // GIVEN
    const services = { myapp: { image: { uri: "a.example/b:1" }, tasks: 130 } };
    deployed.write(environmentsText({ services }));
    await deployed.counts("myapp", { desired_count: 130, desiredCount: 130 });
    const many = Array.from({ length: 130 }, (_, at) => ({
      service: "myapp",
      id: id(at + 1),
      address: `10.0.1.${at + 10}`,
    }));
    await deployed.tasks(...many);
    // WHEN
    const found = await diagnosis();
    // THEN
    expect(texts(found)).toEqual([]);
    expect(texts(found, "note")).toContain(
      "myapp: 130 addresses are registered, but one DNS answer contains 8; its nodes keep the others connected",
    );
    expect(found.services[0]).toMatchObject({ running: 130, registered: 130 });
    // Two pages of those that run, one of those that stopped.
    expect([faulty.count("ListTasks"), faulty.count("DescribeTasks")]).toEqual([3, 2]);
    // AND the same with DNSPoll is an error
    deployed.write(environmentsText({ services: { myapp: { ...services.myapp, discovery: "dnspoll" } } }));
    expect(texts(await diagnosis())).toEqual([
      "myapp: 130 addresses are registered, but one DNS answer contains 8: libcluster's DNSPoll disconnects the nodes that are missing from it",
    ]);
  });

  it("tells ports that rules keep closed, and on which side", async () => {
    // GIVEN
    await deployed.tasks(...healthy);
    const [myapp, myapp2] = [deployed.groups.get("myapp")!, deployed.groups.get("myapp2")!];
    await deployed.clients.ec2.send(
      new RevokeSecurityGroupIngressCommand({ GroupId: myapp, IpPermissions: [deployed.permissions("myapp2")[1]!] }),
    );
    await deployed.clients.ec2.send(
      new RevokeSecurityGroupEgressCommand({ GroupId: myapp2, IpPermissions: deployed.permissions("myapp") }),
    );
    // WHEN
    const found = await diagnosis();
    // THEN
    expect(texts(found)).toEqual([
      `myapp2: has no egress to myapp on TCP 4369, 9000–9010 in ${myapp2}`,
      `myapp: doesn't admit myapp2 on TCP 9000–9010 in ${myapp}`,
    ]);
  });

  it("looks at our side of an external peer, and tells a group of it that isn't there", async () => {
    // GIVEN a peer whose group has a namesake in another VPC
    await deployed.tasks(...healthy);
    const { ec2 } = deployed.clients;
    const VpcId = (await ec2.send(new CreateVpcCommand({ CidrBlock: "10.9.0.0/16" }))).Vpc!.VpcId!;
    const group = { GroupName: "billing-service", Description: "Tasks of billing" };
    await ec2.send(new CreateSecurityGroupCommand({ ...group, VpcId }));
    const { services } = JSON.parse(environmentsText()).prod;
    const peers = {
      billing: { cluster: "one", node: "billing@billing.other.local", securityGroup: { name: "billing-service" } },
    };
    const myapp = { ...services.myapp, cluster: "one" };
    deployed.write(environmentsText({ services: { ...services, myapp }, peers }));
    // WHEN, THEN
    const found = await diagnosis();
    expect(texts(found)).toEqual(["billing: its security group billing-service doesn't exist in this VPC"]);
    expect(texts(found, "note")).toEqual([
      "billing: belongs to another project: whether it has the same cookie is unknown",
    ]);
    // AND with the group, but without our rules
    await ec2.send(new CreateSecurityGroupCommand({ ...group, VpcId: deployed.existing.vpcId }));
    expect(texts(await diagnosis())).toEqual([
      `myapp: has no egress to billing on TCP 4369, 9000–9010 in ${deployed.groups.get("myapp")!}`,
      `myapp: doesn't admit billing on TCP 4369, 9000–9010 in ${deployed.groups.get("myapp")!}`,
    ]);
  });

  it("tells a missing secret, and one that is readable by everybody", async () => {
    // GIVEN
    await deployed.tasks(...healthy);
    const { ssm } = deployed.clients;
    await ssm.send(new DeleteParameterCommand({ Name: "/my-org/prod/secret-key-base" }));
    await ssm.send(new DeleteParameterCommand({ Name: "/my-org/prod/release-cookie" }));
    await ssm.send(new PutParameterCommand({ Name: "/my-org/prod/release-cookie", Value: "plain", Type: "String" }));
    // WHEN
    const found = texts(await diagnosis());
    // THEN
    expect(found).toContain("myapp: SECRET_KEY_BASE (/my-org/prod/secret-key-base) is missing: no task can start");
    expect(found).toContain(
      "myapp2: RELEASE_COOKIE (/my-org/prod/release-cookie) is a String, not a SecureString: anyone who may read parameters can read it",
    );
  });

  it("asks IAM whether the execution role may read the secrets", async () => {
    // GIVEN
    await deployed.tasks(...healthy);
    await deployed.allowSecrets(
      "prod-myapp",
      "arn:aws:ssm:eu-west-1:123456789012:parameter/my-org/prod/release-cookie",
    );
    // WHEN, THEN
    expect(texts(await diagnosis())).toEqual([
      "myapp: its execution role can't read arn:aws:ssm:eu-west-1:123456789012:parameter/my-org/prod/secret-key-base: no new task can start",
    ]);
    // AND without the role
    const RoleName = "prod-myapp2-execution";
    await deployed.clients.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: "execution" }));
    await deployed.clients.iam.send(new DeleteRoleCommand({ RoleName }));
    expect(texts(await diagnosis())).toContain(
      "myapp2: its execution role arn:aws:iam::123456789012:role/prod-myapp2-execution doesn't exist: no new task can start",
    );
  });

  it("tells tasks that hold an older cookie than the parameter", async () => {
    // GIVEN
    const startedAt = new Date(Date.now() - 3_600_000).toISOString();
    await deployed.tasks({ ...healthy[0]!, record: { startedAt } });
    await deployed.tasks(
      ...healthy
        .slice(1)
        .map((task) => ({ ...task, record: { startedAt: new Date(Date.now() + 1000).toISOString() } })),
    );
    // WHEN, THEN
    expect(texts(await diagnosis())).toEqual([
      expect.stringMatching(
        /^myapp: 1 task started before RELEASE_COOKIE was last changed \(.*\): nodes with the old and the new cookie refuse each other$/,
      ),
    ]);
  });

  it("leaves out a task that ends between being listed and being described", async () => {
    // GIVEN ECS that lists a task and describes it as stopped
    await deployed.tasks(...healthy, {
      service: "myapp",
      id: id(9),
      status: "STOPPED",
      record: { desiredStatus: "RUNNING", stopCode: "ServiceSchedulerInitiated", stoppedReason: "Scaling activity" },
    });
    // WHEN
    const found = await diagnosis();
    // THEN
    expect(found.findings).toEqual([]);
    expect(found.services[0]).toMatchObject({ running: 2, pending: 0 });
  });

  it("says what it may not see, checks the rest, and ends with 2", async () => {
    // GIVEN
    await deployed.tasks(...healthy);
    faulty.add({ operation: "SimulatePrincipalPolicy", error: "AccessDenied", message: "not authorized" });
    faulty.add({
      operation: "DescribeSecurityGroupRules",
      error: "UnauthorizedOperation",
      message: "You are not authorized",
    });
    // WHEN
    const found = await diagnosis();
    // THEN
    expect(texts(found)).toEqual([]);
    expect(texts(found, "unchecked")).toEqual([
      "security groups: AWS refused: You are not authorized. Ask for that permission, or use another AWS_PROFILE.",
      expect.stringMatching(/^myapp: whether its execution role can read its secrets: AWS refused: not authorized\./),
      expect.stringMatching(/^myapp2: whether/),
    ]);
    expect(found.code).toBe(2);
  });

  it("waits out a throttling, and gives up one that doesn't end", async () => {
    // GIVEN
    shortWaits();
    await deployed.tasks(...healthy);
    faulty.add({ operation: "DescribeServices", error: "ThrottlingException", message: "Rate exceeded", times: 2 });
    // WHEN, THEN
    expect((await diagnosis()).code).toBe(0);
    // AND
    faulty.add({ operation: "DescribeServices", error: "ThrottlingException", message: "Rate exceeded" });
    const { err, code } = await doctor();
    expect(code).toBe(2);
    expect(err).toBe("AWS throttles requests: Rate exceeded. The command tried 6 times. Try again in a minute.");
  });

  it("looks again with --watch until it is interrupted", async () => {
    // GIVEN
    await deployed.tasks(...healthy);
    const running = doctor("--watch", "0.05", "--json");
    // WHEN
    while (faulty.count("DescribeServices") < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    process.emit("SIGINT");
    const { out, code } = await running;
    // THEN
    expect(code).toBe(0);
    const looks = out.split("\n").map((line) => JSON.parse(line) as Diagnosis);
    expect(looks.length).toBeGreaterThanOrEqual(2);
    expect(looks.every(({ environment }) => environment === "prod")).toBe(true);
  });

  it("goes on watching when AWS can't be asked for a moment", async () => {
    // GIVEN
    await deployed.tasks(...healthy);
    faulty.add({ operation: "DescribeServices", error: "AccessDeniedException", message: "not yet", times: 1 });
    const running = doctor("--watch", "0.05", "--json");
    // WHEN
    while (faulty.count("DescribeServices") < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    process.emit("SIGINT");
    // THEN
    const { out, err, code } = await running;
    expect(err).toContain("AWS refused: not yet.");
    expect(out).toContain('"environment":"prod"');
    expect(code).toBe(0);
  });

  it("says the nearest environment", async () => {
    const { err, code } = await runCommand(doctorCommand(), "pord", "--environments", deployed.file);
    expect(code).toBe(2);
    expect(err).toContain('Did you mean "prod"?');
  });
});

describe("doctor --nodes", () => {
  let nodes: Server;
  /** What the node of each address says. */
  let members: Record<string, readonly string[]>;

  beforeEach(async () => {
    await deployed.tasks(...healthy);
    nodes = createServer((request, response) => {
      const address = request.url!.slice(1);
      const own = members[address];
      if (!own) return void response.writeHead(503).end();
      response.end(JSON.stringify({ node: own[0], members: own }));
    });
    await new Promise<void>((resolve) => nodes.listen(0, "127.0.0.1", resolve));
  });

  afterEach(() => new Promise<void>((resolve) => void nodes.close(() => resolve())));

  const through = () =>
    `node -e 'fetch("http://127.0.0.1:${(nodes.address() as AddressInfo).port}/{address}").then(async r => r.ok ? process.stdout.write(await r.text()) : (console.error("HTTP " + r.status), process.exitCode = 22))'`;
  const [one, two, three] = ["myapp@10.0.1.11", "myapp@10.0.1.12", "myapp2@10.0.1.13"] as const;

  it("draws which nodes see each other, and finds nothing when all do", async () => {
    members = { "10.0.1.11": [one, two, three], "10.0.1.12": [two, one, three], "10.0.1.13": [three, one, two] };
    const { out, code } = await doctor("--through", through());
    expect(out).toContain("1  myapp@10.0.1.11  · ● ●");
    expect(out).toContain("Everything matches the configuration.");
    expect(code).toBe(0);
  });

  it("names the partitions", async () => {
    members = { "10.0.1.11": [one, two], "10.0.1.12": [two, one], "10.0.1.13": [three] };
    const found = await diagnosis("--through", through());
    expect(texts(found)).toEqual([`myapp, myapp2: the cluster has 2 partitions: { ${one}, ${two} } | { ${three} }`]);
    expect(found.code).toBe(1);
  });

  it("reports a connection that only one side sees, an unknown node, and a silent node", async () => {
    members = { "10.0.1.11": [one, two, "old@10.0.9.9"], "10.0.1.12": [two] };
    const found = await diagnosis("--through", through());
    expect(texts(found)).toEqual([
      `myapp: ${two} doesn't see ${one}`,
      `myapp: old@10.0.9.9 is connected to ${one}, but isn't a task of this environment`,
    ]);
    expect(texts(found, "unchecked")).toEqual(["myapp2: myapp2 10.0.1.13 doesn't answer: HTTP 503"]);
  });

  it("asks over HTTP by default", async () => {
    // GIVEN a task whose address is this machine's
    await deployed.tasks({
      service: "myapp2",
      id: id(3),
      record: {
        attachments: [
          { type: "ElasticNetworkInterface", details: [{ name: "privateIPv4Address", value: "127.0.0.1" }] },
        ],
      },
    });
    const httpPort = (nodes.address() as AddressInfo).port;
    deployed.write(environmentsText({ services: { myapp2: { image: { uri: "a.example/b:1" }, httpPort } } }));
    members = { cluster: ["myapp2@127.0.0.1"] };
    // WHEN
    const { nodes: views } = await diagnosis("--nodes");
    // THEN
    expect(views).toEqual([expect.objectContaining({ node: "myapp2@127.0.0.1", sees: [] })]);
  });
});
