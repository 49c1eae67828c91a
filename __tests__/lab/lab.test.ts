import { CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import {
  DeleteServiceCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  StopTaskCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { DiscoverInstancesCommand, RegisterInstanceCommand } from "@aws-sdk/client-servicediscovery";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { startLocalAws } from "../../src/lab/local-aws/aws";
import type { LocalAws } from "../../src/lab/local-aws/aws";
import { awsClients } from "../../src/lab/local-aws/aws-clients";
import { Images } from "../../src/lab/control-plane/images";
import type { Aws } from "../../src/aws/sdk/clients";
import { lastLogLines } from "../../src/operations/task-logs";
import { pause, systemClock } from "../../src/lab/clock";
import { Lab, labPatches } from "../../src/lab/lab";
import type { LabOptions } from "../../src/lab/lab-options";
import type { LabEvent } from "../../src/lab/lab-event";
import { awaitMesh } from "../../src/lab/cluster/mesh";
import { allowParameters, TestLayout } from "./applied-layout";
import { SimulatedRuntime } from "./simulated-runtime";
import { sumOf, timersOf, waitFor, workOf } from "../../src/lab/waiting/wait";
import { scratchFolder } from "../scratch";

/** One local AWS for the file, a region for each test: regions know nothing of each other. */
let aws: LocalAws;
// prettier-ignore
const regions = ["us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-central-1", "eu-west-2", "eu-west-3", "eu-north-1",
  "ap-south-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-south-1", "eu-south-2",
  "eu-central-2", "ap-northeast-3", "ap-south-2", "sa-east-1", "il-central-1", "me-south-1", "me-central-1",
  "af-south-1", "ap-east-1", "ca-west-1", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5"];
let taken = 0;
const cleanUp: (() => Promise<unknown> | void)[] = [];
const folder = scratchFolder("image");

beforeAll(async () => {
  aws = await startLocalAws({ patches: labPatches });
  taken = 0;
});
afterEach(async () => {
  for (const end of cleanUp.splice(0)) await end();
});
afterAll(() => aws.stop());

const noMoreRegions = (): never => {
  throw new Error("Each test takes a region, and none is left: add one to `regions`.");
};

function freshRegion() {
  const endpoint = { endpoint: aws.endpoint, region: regions[taken++] ?? noMoreRegions() };
  const clients = awsClients(endpoint);
  cleanUp.push(() => clients.destroy());
  return { endpoint, clients, layout: new TestLayout(clients), runtime: new SimulatedRuntime() };
}

async function startLab({ endpoint, runtime }: ReturnType<typeof freshRegion>, options: Partial<LabOptions> = {}) {
  const events: LabEvent[] = [];
  const lab = await Lab.start({
    aws: endpoint,
    images: new Images([], folder),
    startRuntime: runtime.start,
    settleSeconds: 0.05,
    retrySeconds: 0.05,
    syncSeconds: 0,
    onEvent: (event) => events.push(event),
    ...options,
  });
  cleanUp.push(() => lab.close());
  return { lab, events };
}

const quickCheck = { command: ["CMD", "check"], interval: 0.1, timeout: 2, retries: 2, startPeriod: 5 };

describe("a layout that was applied", () => {
  it("is reported at the start, and again when a rule or the cookie changes", async () => {
    // GIVEN a service with a cookie
    const region = freshRegion();
    const { layout, clients } = region;
    await layout.network();
    await layout.namespace();
    const Name = "/my-org/release-cookie";
    await layout.role();
    await layout.parameter(Name, "one");
    const secrets = [{ name: "RELEASE_COOKIE", valueFrom: Name }];
    await layout.service(await layout.taskDefinition({ secrets }));
    const { lab, events } = await startLab(region);
    const reported = () => events.filter((event) => event.kind === "applied");
    const rule = `ingress tcp 4369 from ${layout.securityGroupId}`;
    expect(reported()).toHaveLength(1);
    const rulesOf = (event: ReturnType<typeof reported>[number] | undefined) => event!.rules[layout.securityGroupId]!;
    expect(rulesOf(reported()[0])).toContain(rule);
    expect(reported()[0]).toMatchObject({ cookies: { [Name]: 1 } });
    // WHEN nothing changes, and then the cookie and the rule
    await lab.sync();
    expect(reported()).toHaveLength(1);
    await clients.ssm.send(new PutParameterCommand({ Name, Value: "two", Type: "SecureString", Overwrite: true }));
    const { SecurityGroupRules = [] } = await clients.ec2.send(new DescribeSecurityGroupRulesCommand({}));
    const epmd = SecurityGroupRules.find((one) => one.FromPort === 4369 && !one.IsEgress)!;
    await clients.ec2.send(
      new RevokeSecurityGroupIngressCommand({
        GroupId: epmd.GroupId,
        SecurityGroupRuleIds: [epmd.SecurityGroupRuleId!],
      }),
    );
    await lab.sync();
    // THEN
    expect(reported()).toHaveLength(2);
    expect(reported()[1]).toMatchObject({ cookies: { [Name]: 2 } });
    expect(rulesOf(reported()[1])).toEqual(rulesOf(reported()[0]).filter((each) => each !== rule));
  });

  it("runs: tasks with addresses of their subnets, registered, and seen by every client of the API", async () => {
    // GIVEN a service of two tasks in two subnets
    const region = freshRegion();
    const { layout, clients, runtime } = region;
    await layout.network();
    await layout.namespace();
    await layout.service(await layout.taskDefinition({ environment: [{ name: "PORT", value: "4000" }] }));
    // WHEN the lab starts
    const { lab } = await startLab(region);
    await lab.steady();
    // THEN the data plane has one task a subnet, beyond the reserved addresses
    expect(runtime.options).toMatchObject({ vpcCidrs: ["10.7.0.0/16"], region: region.endpoint.region });
    expect(runtime.containers.map(({ task }) => task.address).sort()).toEqual(["10.7.0.4", "10.7.1.4"]);
    expect(runtime.containers[0]!.container.spec).toMatchObject({
      folder,
      command: ["run"],
      environment: { PORT: "4000" },
    });
    expect(runtime.groups.find(({ id }) => id === layout.securityGroupId)).toMatchObject({
      ingress: [{ protocol: "tcp", fromPort: 4369, toPort: 4369, peer: { group: layout.securityGroupId } }],
    });
    // AND DNS, ECS and Cloud Map agree
    expect(runtime.resolve("organization.local", "myapp").sort()).toEqual(["10.7.0.4", "10.7.1.4"]);
    const { taskArns = [] } = await clients.ecs.send(
      new ListTasksCommand({ cluster: layout.cluster, serviceName: "myapp" }),
    );
    const { tasks = [] } = await clients.ecs.send(
      new DescribeTasksCommand({ cluster: layout.cluster, tasks: taskArns }),
    );
    expect(tasks).toHaveLength(2);
    expect(tasks[0]).toMatchObject({
      lastStatus: "RUNNING",
      desiredStatus: "RUNNING",
      launchType: "FARGATE",
      group: "service:myapp",
    });
    expect(tasks.map((task) => task.containers![0]!.networkInterfaces![0]!.privateIpv4Address).sort()).toEqual([
      "10.7.0.4",
      "10.7.1.4",
    ]);
    const { Instances = [] } = await clients.serviceDiscovery.send(
      new DiscoverInstancesCommand({ NamespaceName: "organization.local", ServiceName: "myapp" }),
    );
    expect(Instances.map((instance) => instance.Attributes!["AWS_INSTANCE_IPV4"]).sort()).toEqual([
      "10.7.0.4",
      "10.7.1.4",
    ]);
    const { services = [] } = await clients.ecs.send(
      new DescribeServicesCommand({ cluster: layout.cluster, services: ["myapp"] }),
    );
    expect(services[0]).toMatchObject({
      runningCount: 2,
      pendingCount: 0,
      deployments: [{ status: "PRIMARY", rolloutState: "COMPLETED" }],
    });
    expect(services[0]!.events![0]!.message).toBe("(service myapp) has reached a steady state.");
  });

  it("settles, where it is asked to, for as long as an address that is gone may still be dialled", async () => {
    const region = freshRegion();
    await region.layout.network();
    await region.layout.namespace();
    const environment = [
      { name: "CLUSTER_NODES", value: "myapp@myapp.organization.local" },
      { name: "CLUSTER_POLLING_INTERVAL", value: "2500" },
    ];
    await region.layout.service(await region.layout.taskDefinition({ environment }));
    const { lab } = await startLab(region, { settleSeconds: "join" });
    expect(lab.service("myapp").timing).toMatchObject({ dnsTtl: 10, settleSeconds: 12.5 });
  });

  it("leaves nothing in local AWS when it is closed", async () => {
    // GIVEN a lab that runs
    const region = freshRegion();
    const { layout, clients } = region;
    await layout.network();
    await layout.namespace();
    await layout.service(await layout.taskDefinition());
    const { lab } = await startLab(region);
    await lab.steady();
    // WHEN it is closed
    await lab.close();
    // THEN no task runs, no instance is registered, and no interface is left
    const { taskArns } = await clients.ecs.send(new ListTasksCommand({ cluster: layout.cluster }));
    expect(taskArns).toEqual([]);
    const query = { NamespaceName: "organization.local", ServiceName: "myapp" };
    expect((await clients.serviceDiscovery.send(new DiscoverInstancesCommand(query))).Instances).toEqual([]);
    expect((await clients.ec2.send(new DescribeNetworkInterfacesCommand({}))).NetworkInterfaces).toEqual([]);
  });

  it("stops a task in ECS's order: out of Cloud Map, then SIGTERM, then the interface", async () => {
    // GIVEN a task that has 45 seconds to stop
    const region = freshRegion();
    const { layout, clients, runtime } = region;
    await layout.network();
    await layout.namespace();
    await layout.service(await layout.taskDefinition({ stopTimeout: 45 }), { desiredCount: 1 });
    const { lab } = await startLab(region);
    await lab.steady();
    const [task] = lab.tasks;
    runtime.notes.length = 0;
    // WHEN somebody stops it through the API
    await clients.ecs.send(new StopTaskCommand({ cluster: layout.cluster, task: task!.arn, reason: "maintenance" }));
    await lab.sync();
    await task!.stopped;
    // THEN so it goes, and another one has taken its place
    expect(runtime.notes.filter((note) => /^(zones 0|stop|remove)/.test(note))).toEqual([
      "zones 0",
      "stop app 45",
      "remove 10.7.0.4",
    ]);
    await lab.steady();
    const { tasks = [] } = await clients.ecs.send(
      new DescribeTasksCommand({ cluster: layout.cluster, tasks: [task!.arn] }),
    );
    expect(tasks[0]).toMatchObject({
      lastStatus: "STOPPED",
      stopCode: "UserInitiated",
      stoppedReason: "maintenance",
      containers: [{ exitCode: 143, lastStatus: "STOPPED" }],
    });
    expect(runtime.resolve("organization.local", "myapp")).toEqual(["10.7.0.5"]);
  });

  it("keeps a killed task's record for as long as requested, while another takes its place", async () => {
    // GIVEN one task
    const region = freshRegion();
    const { layout, clients, runtime } = region;
    await layout.network();
    await layout.namespace();
    await layout.service(await layout.taskDefinition(), { desiredCount: 1 });
    const { lab } = await startLab(region);
    await lab.steady();
    const [task] = lab.tasks;
    // WHEN it is killed
    await lab.kill(task!.id.slice(0, 6), 1);
    await task!.stopped;
    await lab.steady();
    // THEN both addresses are in DNS, and later the living one alone
    expect(runtime.resolve("organization.local", "myapp")).toEqual(["10.7.0.4", "10.7.0.5"]);
    const addresses = () => runtime.resolve("organization.local", "myapp");
    await waitFor(() => addresses().length === 1, sumOf(timersOf({ "its record stays": 1 }), lab.bounds.steady));
    expect(addresses()).toEqual(["10.7.0.5"]);
    const { tasks = [] } = await clients.ecs.send(
      new DescribeTasksCommand({ cluster: layout.cluster, tasks: [task!.arn] }),
    );
    expect(tasks[0]).toMatchObject({
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      containers: [{ exitCode: 137 }],
    });
  });

  it("writes what a container writes to CloudWatch Logs while it runs, where logs and doctor read it", async () => {
    // GIVEN a task whose log group exists
    const region = freshRegion();
    const { clients, layout, runtime } = region;
    const write = (...lines: string[]) =>
      lines.forEach((line) => runtime.containers[0]!.container.spec.onOutput?.(line, "stdout"));
    await layout.network();
    await clients.logs.send(new CreateLogGroupCommand({ logGroupName: "/ecs/myapp" }));
    const options = {
      "awslogs-group": "/ecs/myapp",
      "awslogs-stream-prefix": "myapp",
      "awslogs-region": clients.region,
    };
    const logConfiguration = { logDriver: "awslogs", options } as const;
    await layout.service(await layout.taskDefinition({ logConfiguration }), { desiredCount: 1 });
    const { lab } = await startLab(region);
    await lab.steady();
    const [task] = lab.tasks;
    const aws = { logs: clients.logs, region: clients.region } as Aws;
    const logged = () => lastLogLines(aws, { name: "app", logConfiguration }, task!.id);
    // WHEN its container writes THEN its lines are there while it runs
    write("booting", "", "no cookie");
    const { value } = await waitFor(
      async () => (await logged()).length > 0,
      sumOf(timersOf({ "lines gathered": 1 }), workOf({ "their request": 5 })),
    );
    expect(value).toBe(true);
    expect(await logged()).toEqual(["booting", "no cookie"]);
    // AND the last ones when it has ended
    write("halted");
    await lab.kill(task!.id);
    await task!.stopped;
    expect(await logged()).toEqual(["booting", "no cookie", "halted"]);
  });

  it("holds a task with a health check back from DNS until it is healthy, and replaces it when it fails", async () => {
    // GIVEN a task that is not healthy yet
    const region = freshRegion();
    const { layout, runtime } = region;
    await layout.network();
    await layout.namespace();
    await layout.service(await layout.taskDefinition({ healthCheck: quickCheck }), { desiredCount: 1 });
    runtime.behave = (container) => (container.healthy = false);
    const { lab } = await startLab(region);
    while (lab.tasks[0]?.status !== "RUNNING") await new Promise((resolve) => setTimeout(resolve, 10));
    expect(runtime.zones[0]!.services[0]!.instances).toEqual([{ address: "10.7.0.4", healthy: false }]);
    // AND a wait for more than that reports what was expected, what there is, and what the task has written
    const bound = timersOf({ asked: 0.2 });
    const last = String.raw`Last output of task ${lab.tasks[0]!.id.slice(0, 8)} \(myapp, 10\.7\.0\.4, RUNNING, UNKNOWN\):\n  `;
    await expect(lab.steady({ bound })).rejects.toThrow(
      new RegExp(
        String.raw`^Not steady within 0\.2 s \(asked 0\.2 s\).*\n\(service myapp\) has started 1 tasks.*\n${last}`,
      ),
    );
    await expect(awaitMesh(lab, { bound })).rejects.toThrow(
      new RegExp(String.raw`^No full mesh of 1 nodes within .*\nSeen: no answer from myapp 10\.7\.0\.4\n${last}`),
    );
    // WHEN it becomes healthy
    runtime.containers[0]!.container.healthy = true;
    await lab.steady();
    // THEN it is found
    expect(runtime.resolve("organization.local", "myapp")).toEqual(["10.7.0.4"]);
    // WHEN it fails later on
    runtime.behave = () => {};
    const [task] = lab.tasks;
    runtime.containers[0]!.container.healthy = false;
    await task!.stopped;
    await lab.steady();
    // THEN another has its place
    expect(task!.end).toEqual({
      stopCode: "ServiceSchedulerInitiated",
      stoppedReason: "Task failed container health checks",
    });
    expect(runtime.resolve("organization.local", "myapp")).toEqual(["10.7.1.4"]);
  });

  it("rolls a new task definition back when its containers crash, and the service names the old one again", async () => {
    // GIVEN two tasks
    const region = freshRegion();
    const { layout, clients, runtime } = region;
    await layout.network();
    await layout.namespace();
    const good = await layout.taskDefinition();
    await layout.service(good);
    const { lab, events } = await startLab(region);
    await lab.steady();
    const before = lab.tasks.map((task) => task.id);
    // WHEN a revision is deployed whose container exits with 1
    const broken = await layout.taskDefinition({ command: ["crash"] });
    runtime.behave = (container) => container.spec.command[0] === "crash" && setTimeout(() => container.end(1), 20);
    await lab.updateService("myapp", { taskDefinition: broken });
    await lab.steady();
    await lab.sync();
    // THEN the old tasks are the same, three were tried, and the API tells it
    expect(lab.tasks.map((task) => task.id)).toEqual(before);
    const tried = events.filter((event) => event.kind === "task" && event.status === "STOPPED");
    expect(tried.length).toBeGreaterThanOrEqual(3);
    expect(tried[0]).toMatchObject({ end: { stopCode: "EssentialContainerExited" }, exitCodes: { app: 1 } });
    const { services = [] } = await clients.ecs.send(
      new DescribeServicesCommand({ cluster: layout.cluster, services: ["myapp"] }),
    );
    expect(services[0]!.taskDefinition).toBe(good);
    expect(services[0]!.deployments).toMatchObject([{ rolloutState: "COMPLETED", taskDefinition: good }]);
    expect(services[0]!.events!.map((event) => event.message).join("\n")).toContain(
      "deployment failed: tasks failed to start.",
    );
    // AND a later request shows the rollback, newest first
    const listed = await clients.ecs.send(
      new ListServiceDeploymentsCommand({ cluster: layout.cluster, service: "myapp" }),
    );
    expect(listed.serviceDeployments!.map(({ status }) => status)).toEqual(["ROLLBACK_SUCCESSFUL", "SUCCESSFUL"]);
    const [rolledBack, first] = listed.serviceDeployments!;
    const { serviceDeployments } = await clients.ecs.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [rolledBack!.serviceDeploymentArn!] }),
    );
    expect(serviceDeployments).toMatchObject([
      {
        deploymentCircuitBreaker: { status: "TRIGGERED", failureCount: 3, threshold: 3 },
        rollback: { reason: expect.stringContaining("circuit breaker"), startedAt: expect.any(Date) },
        finishedAt: expect.any(Date),
      },
    ]);
    const serviceRevisionArns = [rolledBack!.targetServiceRevisionArn!, first!.targetServiceRevisionArn!];
    expect(serviceDeployments![0]!.rollback!.serviceRevisionArn).toBe(serviceRevisionArns[1]);
    const revisions = await clients.ecs.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns }));
    expect(revisions.serviceRevisions!.map(({ taskDefinition }) => taskDefinition)).toEqual([broken, good]);
    // AND the same revision is tried again when somebody asks for it again
    await lab.updateService("myapp", { taskDefinition: broken });
    expect(lab.services[0]!.steady).toBe(false);
  });

  it("loses nothing when local AWS fails to take what ECS knows", async () => {
    // GIVEN two tasks
    const region = freshRegion();
    const { layout, clients, runtime } = region;
    await layout.network();
    const good = await layout.taskDefinition();
    await layout.service(good);
    const { lab } = await startLab(region);
    await lab.steady();
    // WHEN a deployment is rolled back while every other PUT fails
    let puts = 0;
    const original = fetch;
    const put = jest
      .spyOn(globalThis, "fetch")
      .mockImplementation(async (...request) =>
        (puts += 1) % 2 === 1 ? new Response("", { status: 500 }) : original(...request),
      );
    cleanUp.push(() => put.mockRestore());
    const broken = await layout.taskDefinition({ command: ["crash"] });
    runtime.behave = (container) => container.spec.command[0] === "crash" && setTimeout(() => container.end(1), 20);
    await lab.updateService("myapp", { taskDefinition: broken });
    await lab.steady();
    // THEN the API has it all
    const { services = [] } = await clients.ecs.send(
      new DescribeServicesCommand({ cluster: layout.cluster, services: ["myapp"] }),
    );
    expect(puts).toBeGreaterThan(1);
    expect(services[0]).toMatchObject({
      taskDefinition: good,
      runningCount: 2,
      deployments: [{ rolloutState: "COMPLETED", taskDefinition: good }],
    });
    const listed = new ListServiceDeploymentsCommand({ cluster: layout.cluster, service: "myapp" });
    const { serviceDeployments = [] } = await clients.ecs.send(listed);
    expect(serviceDeployments.map(({ status }) => status)).toEqual(["ROLLBACK_SUCCESSFUL", "SUCCESSFUL"]);
  });

  it("runs a deployment that a client requests while older records are on their way", async () => {
    // GIVEN two tasks, and records that were made and don't arrive yet
    const region = freshRegion();
    const { layout, clients } = region;
    await layout.network();
    await layout.service(await layout.taskDefinition());
    const { lab } = await startLab(region);
    await lab.steady();
    const before = lab.tasks.map(({ id }) => id);
    let arrive = () => {};
    const held = new Promise<void>((resolve) => (arrive = resolve));
    let isHeld = false;
    const original = fetch;
    const put = jest.spyOn(globalThis, "fetch").mockImplementation(async (...request) => {
      isHeld = true;
      await held;
      return original(...request);
    });
    cleanUp.push(() => put.mockRestore());
    await lab.updateService("myapp", { desiredCount: 3 });
    while (!isHeld) await new Promise((resolve) => setTimeout(resolve, 5));
    // WHEN a client forces a deployment before they arrive
    const update = { cluster: layout.cluster, service: "myapp", forceNewDeployment: true };
    const { service } = await clients.ecs.send(new UpdateServiceCommand(update));
    const requested = service!.deployments!.find(({ status }) => status === "PRIMARY")!.id;
    arrive();
    await lab.steady();
    // THEN it is still requested, and the lab runs it under the id that the client got
    await lab.sync();
    await lab.steady();
    expect(lab.service("myapp").deployments.map(({ id }) => id)).toEqual([requested]);
    expect(lab.tasks).toHaveLength(3);
    expect(lab.tasks.filter(({ id }) => before.includes(id))).toEqual([]);
  });

  it("scales, and deploys again when it is forced to", async () => {
    // GIVEN two tasks
    const region = freshRegion();
    const { layout, clients, runtime } = region;
    await layout.network();
    await layout.service(await layout.taskDefinition());
    const { lab } = await startLab(region);
    await lab.steady();
    const before = lab.tasks.map((task) => task.id);
    // WHEN it is scaled, by any client
    await clients.ecs.send(new UpdateServiceCommand({ cluster: layout.cluster, service: "myapp", desiredCount: 3 }));
    await lab.sync();
    await lab.steady();
    // THEN one more runs
    expect(lab.tasks.map((task) => task.id)).toEqual([...before, expect.any(String)]);
    // WHEN it is deployed by force
    await lab.updateService("myapp", { forceNewDeployment: true });
    await lab.steady();
    // THEN none of the old ones is left, and it does not go on indefinitely
    expect(lab.tasks.filter((task) => before.includes(task.id))).toEqual([]);
    const started = runtime.containers.length;
    await lab.sync();
    await lab.sync();
    expect(runtime.containers.length).toBe(started);
    expect(started).toBe(6);
  });
});

describe("while the lab runs", () => {
  it("a service that is deleted loses its tasks", async () => {
    // GIVEN a service
    const region = freshRegion();
    const { layout, clients } = region;
    await layout.network();
    await layout.namespace();
    await layout.service(await layout.taskDefinition());
    const { lab } = await startLab(region);
    await lab.steady();
    const tasks = lab.tasks;
    // WHEN it is deleted, the last one there was
    const status = async () => {
      const described = new DescribeServicesCommand({ cluster: layout.cluster, services: ["myapp"] });
      return (await clients.ecs.send(described)).services![0]!.status;
    };
    await clients.ecs.send(new DeleteServiceCommand({ cluster: layout.cluster, service: "myapp", force: true }));
    expect(await status()).toBe("DRAINING");
    await lab.sync();
    await Promise.all(tasks.map((task) => task.stopped));
    // THEN it is INACTIVE once they have stopped, which is what Terraform waits for, and nothing is left of it
    while ((await status()) === "DRAINING") await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await status()).toBe("INACTIVE");
    await lab.sync();
    expect(lab.tasks).toEqual([]);
    expect(lab.services).toEqual([]);
    expect(lab.cloudMap.zones()[0]!.services[0]!.instances).toEqual([]);
  });

  it("a service that is deleted while it waits to start a task again starts none", async () => {
    // GIVEN a service whose task has failed, and that waits before it starts another
    const region = freshRegion();
    const { layout, clients } = region;
    await layout.network();
    await layout.service(await layout.taskDefinition());
    const { runtime } = region;
    runtime.behave = (container) => setTimeout(() => container.end(1), 20);
    const { lab } = await startLab(region, { retrySeconds: 1 });
    const hasFailed = () => (runtime.containers.length > 0 && lab.tasks.length === 0) || undefined;
    expect((await waitFor(hasFailed, lab.bounds.steady)).value).toBe(true);
    const started = runtime.containers.length;
    // WHEN it is deleted
    await clients.ecs.send(new DeleteServiceCommand({ cluster: layout.cluster, service: "myapp", force: true }));
    await lab.sync();
    // THEN nothing of it is left, and after the delay nothing starts
    expect(lab.services).toEqual([]);
    await pause(systemClock, 1500);
    expect(runtime.containers).toHaveLength(started);
  });

  it("a task definition whose image has no folder is a problem that is reported once, and the old tasks run on", async () => {
    // GIVEN a service whose image is mapped
    const region = freshRegion();
    const { layout } = region;
    await layout.network();
    await layout.service(await layout.taskDefinition());
    const { lab, events } = await startLab(region, { images: new Images([`myapp=${folder}`]) });
    await lab.steady();
    const before = lab.tasks;
    // WHEN it is given one that is not
    await lab.updateService("myapp", { taskDefinition: await layout.taskDefinition({ image: "elsewhere/other:3" }) });
    await lab.sync();
    // THEN it is reported
    expect(events.filter((event) => event.kind === "problem")).toEqual([
      expect.objectContaining({
        message:
          'Image elsewhere/other:3 (service "myapp", container "app") has no folder on this machine. Map it to an ' +
          "unpacked release with --image other=FOLDER. Mapped are: myapp.",
      }),
    ]);
    expect(lab.tasks).toEqual(before);
  });

  it("a sidecar without a folder is left out and named, and the task runs its node alone", async () => {
    // GIVEN an agent that comes first, whose image is nothing here
    const region = freshRegion();
    const { layout } = region;
    await layout.network();
    const agent = { name: "datadog-agent", image: "datadog/agent:7" };
    const node = { name: "myapp", image: "registry.example/myapp:1", command: ["run"] };
    await layout.service(await layout.taskDefinition(agent, node));
    // WHEN the node's image is mapped
    const { lab, events } = await startLab(region, { images: new Images([`myapp=${folder}`]) });
    await lab.steady();
    // THEN each task runs that one
    expect(lab.tasks.map((task) => task.containers.all.map(({ definition }) => definition.name))).toEqual([
      ["myapp"],
      ["myapp"],
    ]);
    expect(events.filter((event) => event.kind === "problem")).toEqual([
      expect.objectContaining({
        message:
          'Service "myapp" runs without container "datadog-agent", image datadog/agent:7: no --image maps it to a release or a program.',
      }),
    ]);
  });

  it("an instance that somebody else registers is found by tasks", async () => {
    // GIVEN a lab
    const region = freshRegion();
    const { layout, clients, runtime } = region;
    await layout.network();
    await layout.namespace();
    await layout.service(await layout.taskDefinition(), { desiredCount: 1 });
    const { lab } = await startLab(region);
    await lab.steady();
    // WHEN another node is registered
    const Attributes = { AWS_INSTANCE_IPV4: "10.7.9.9" };
    const command = { ServiceId: layout.registryId, InstanceId: "other", Attributes };
    await clients.serviceDiscovery.send(new RegisterInstanceCommand(command));
    await lab.sync();
    // THEN DNS knows it
    expect(runtime.resolve("organization.local", "myapp").sort()).toEqual(["10.7.0.4", "10.7.9.9"]);
  });

  it("fails with the data plane, and starts nothing any more", async () => {
    // GIVEN a lab
    const region = freshRegion();
    const { layout, runtime } = region;
    await layout.network();
    await layout.service(await layout.taskDefinition());
    const { lab, events } = await startLab(region);
    await lab.steady();
    const tasks = lab.tasks;
    // WHEN its sandbox is lost
    runtime.die(new Error("the sandbox was killed"));
    await Promise.all(tasks.map((task) => task.stopped));
    // THEN so it says, and no task takes another's place
    await expect(lab.steady()).rejects.toThrow("the sandbox was killed");
    expect(events).toContainEqual(expect.objectContaining({ kind: "problem", message: "the sandbox was killed" }));
    expect(runtime.containers).toHaveLength(2);
  });

  it("names what there is when it is asked for a task or a service that is not", async () => {
    const region = freshRegion();
    await region.layout.network();
    await region.layout.service(await region.layout.taskDefinition(), { desiredCount: 1 });
    const { lab } = await startLab(region);
    expect(() => lab.service("other")).toThrow('There is no service "other". Services are: myapp.');
    expect(() => lab.task("zz")).toThrow(
      `No task has an id that begins with "zz". Tasks are: ${lab.tasks[0]!.id.slice(0, 8)}.`,
    );
  });
});

describe("secrets", () => {
  /** A policy that reads every parameter, and decrypts one with any key. */
  const decryptsOnly = (parameter: string) => ({
    Statement: [
      ...allowParameters("*").Statement,
      {
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: "*",
        Condition: { StringEquals: { "kms:EncryptionContext:PARAMETER_ARN": [parameter] } },
      },
    ],
  });
  const ecsOf = (rest: string) => ({ ArnLike: { "aws:SourceArn": `arn:aws:ecs:${rest}` } });

  it("are decrypted with a customer's key by a role that may use it for them, and that ECS of the region may take", async () => {
    // GIVEN
    const region = freshRegion();
    const { layout, runtime, clients } = region;
    await layout.network();
    await layout.withoutRole();
    const parameter = `arn:aws:ssm:${clients.region}:123456789012:parameter/org/cookie`;
    const trust = {
      ...ecsOf(`${clients.region}:123456789012:*`),
      StringEquals: { "aws:SourceAccount": "123456789012" },
    };
    await layout.role(decryptsOnly(parameter), "ecs-tasks.amazonaws.com", trust);
    await layout.parameter("/org/cookie", "s3cret", "alias/customer");
    const secrets = [{ name: "RELEASE_COOKIE", valueFrom: "/org/cookie" }];
    await layout.service(await layout.taskDefinition({ secrets }), { desiredCount: 1 });
    // WHEN
    const { lab } = await startLab(region);
    await lab.steady();
    // THEN
    expect(runtime.containers[0]!.container.spec.environment).toEqual({ RELEASE_COOKIE: "s3cret" });
    await layout.withoutRole();
  });

  it("become environment, by the execution role's permissions", async () => {
    // GIVEN parameters by name and by ARN, and a role that may read exactly those
    const region = freshRegion();
    const { layout, runtime, clients } = region;
    await layout.network();
    const arn = `arn:aws:ssm:${clients.region}:123456789012:parameter`;
    await layout.role(allowParameters(`${arn}/org/cookie`, `${arn}/one-level`));
    await layout.parameter("/org/cookie", "s3cret with spaces");
    await layout.parameter("/one-level", "other");
    const secrets = [
      { name: "RELEASE_COOKIE", valueFrom: "/org/cookie" },
      { name: "OTHER", valueFrom: `${arn}/one-level` },
    ];
    await layout.service(await layout.taskDefinition({ secrets }), { desiredCount: 1 });
    // WHEN it runs
    const { lab } = await startLab(region);
    await lab.steady();
    // THEN the container has the values
    expect(runtime.containers[0]!.container.spec.environment).toEqual({
      RELEASE_COOKIE: "s3cret with spaces",
      OTHER: "other",
    });
  });

  it.each([
    [
      "the role may not read",
      async (layout: TestLayout) => {
        await layout.role(allowParameters("arn:aws:ssm:*:*:parameter/somebody/else"));
        await layout.parameter("/org/cookie", "x");
      },
      /^ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time\(s\): AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role\/execution\/[0-9a-f]{32} is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:[a-z0-9-]+:123456789012:parameter\/org\/cookie because no identity-based policy allows the ssm:GetParameters action$/,
    ],
    [
      "nobody has put",
      (layout: TestLayout) => layout.role(),
      /unable to retrieve secrets from ssm: service call has been retried 1 time\(s\): invalid ssm parameters: \/org\/cookie$/,
    ],
    [
      "a customer's key encrypts that the role may not use",
      async (layout: TestLayout) => {
        await layout.role();
        await layout.parameter("/org/cookie", "x", "alias/customer");
      },
      /AccessDeniedException: The ciphertext refers to a customer master key that does not exist/,
    ],
    [
      "a customer's key encrypts that the role may use for other parameters alone",
      async (layout: TestLayout) => {
        await layout.role(decryptsOnly(`arn:aws:ssm:${layout.clients.region}:123456789012:parameter/org/other`));
        await layout.parameter("/org/cookie", "x", "alias/customer");
      },
      /AccessDeniedException: The ciphertext refers to a customer master key that does not exist/,
    ],
    [
      "the role trusts ECS in another region alone with",
      (layout: TestLayout) =>
        layout.role(allowParameters("*"), "ecs-tasks.amazonaws.com", ecsOf("eu-west-1:123456789012:*")),
      /^ECS was unable to assume the role 'arn:aws:iam::123456789012:role\/execution' that was provided for this task\./,
    ],
    [
      "the role trusts one ECS cluster alone, which AWS doesn't support, with",
      (layout: TestLayout) =>
        layout.role(allowParameters("*"), "ecs-tasks.amazonaws.com", ecsOf("*:123456789012:cluster/main")),
      /^ECS was unable to assume the role 'arn:aws:iam::123456789012:role\/execution' that was provided for this task\./,
    ],
    [
      "the role is not ECS's to take for",
      (layout: TestLayout) => layout.role(allowParameters("*"), "lambda.amazonaws.com"),
      /^ECS was unable to assume the role 'arn:aws:iam::123456789012:role\/execution' that was provided for this task\./,
    ],
  ])("fail the task where %s them, and the circuit breaker ends it", async (_case, prepare, reason) => {
    // GIVEN such a parameter
    const region = freshRegion();
    const { layout, runtime } = region;
    await layout.network();
    await layout.withoutRole();
    await prepare(layout);
    const secrets = [{ name: "RELEASE_COOKIE", valueFrom: "/org/cookie" }];
    await layout.service(await layout.taskDefinition({ secrets }), { desiredCount: 1 });
    // WHEN it is started
    const { lab, events } = await startLab(region);
    await expect(lab.steady()).rejects.toThrow("deployment failed: tasks failed to start.");
    // THEN no container ever ran, and the task says why
    const stopped = events.find((event) => event.kind === "task" && event.status === "STOPPED");
    expect(stopped).toMatchObject({
      end: { stopCode: "TaskFailedToStart", stoppedReason: expect.stringMatching(reason) },
    });
    expect(runtime.containers).toEqual([]);
  });
});
