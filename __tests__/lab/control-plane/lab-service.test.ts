import type { AppliedLayout } from "../../../src/lab/control-plane/applied/applied";
import type { AppliedService } from "../../../src/lab/control-plane/applied/services";
import { CloudMap } from "../../../src/lab/control-plane/cloud-map";
import type { EcsRecords } from "../../../src/lab/control-plane/ecs-records";
import { Images } from "../../../src/lab/control-plane/images";
import { LabService, type LabServiceOptions } from "../../../src/lab/control-plane/lab-service";
import { AddressPool } from "../../../src/lab/control-plane/task/network-interface";
import type { ServiceRecord } from "../../../src/lab/control-plane/records";
import { scratchFolder } from "../../scratch";
import { SimulatedClock } from "../simulated-clock";
import { groupArn, loadBalancingOf, publicSubnets, simulatedLoadBalancing } from "../simulated-load-balancing";
import { SimulatedRuntime } from "../simulated-runtime";
import { ScriptedAws } from "./scripted-aws";

const folder = scratchFolder("image");
const healthCheck = { command: ["CMD", "check"], interval: 10, retries: 1 };

const settled = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};

const subnet = (zone: string) => ({
  id: `subnet-${zone}`,
  cidr: `10.0.${zone.charCodeAt(0)}.0/24`,
  vpcId: "vpc-1",
  availabilityZone: `eu-west-1${zone}`,
});
const layout: AppliedLayout = {
  vpc: { id: "vpc-1", cidrs: ["10.0.0.0/16"] },
  subnets: new Map(["a", "b"].map((zone) => [`subnet-${zone}`, subnet(zone)])),
  subnetNetworks: [],
  securityGroups: { all: [], defaultId: "sg-default" },
  services: [],
  loadBalancing: { loadBalancers: [], targetGroups: [], limitations: [] },
};
const service = (change: Partial<AppliedService> = {}): AppliedService => ({
  arn: "arn:aws:ecs:eu-west-1:123456789012:service/c/myapp",
  name: "myapp",
  clusterArn: "arn:aws:ecs:eu-west-1:123456789012:cluster/c",
  taskDefinitionArn: "family:1",
  desiredCount: 2,
  configuration: {
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    circuitBreaker: { enable: true, rollback: true },
  },
  strategy: "ROLLING",
  capacity: [],
  subnetIds: ["subnet-a", "subnet-b"],
  securityGroupIds: ["sg-1"],
  registryId: "srv-1",
  targets: [],
  gracePeriodSeconds: 0,
  deploymentId: "ecs-svc/1",
  enableExecuteCommand: true,
  ...change,
});

interface Options extends Partial<Pick<LabServiceOptions, "settleSeconds" | "retrySeconds">> {
  readonly applied?: AppliedService;
  readonly container?: object;
  readonly images?: Images;
}

/** A service in a lab of its own, on a simulated clock. */
async function serviceOf({
  applied = service(),
  container = {},
  images = new Images([], folder),
  ...more
}: Options = {}) {
  let networkInterfaces = 0;
  const aws = new ScriptedAws({
    DescribeTaskDefinition: ({ taskDefinition }: { taskDefinition: string }) => ({
      taskDefinition: {
        taskDefinitionArn: taskDefinition,
        family: "family",
        revision: 1,
        networkMode: "awsvpc",
        containerDefinitions: [
          { name: "app", image: "registry/app:1", command: [taskDefinition], ...container },
          { name: "proxy", image: "registry/proxy:1", essential: false },
        ],
      },
    }),
    CreateNetworkInterface: () => ({ NetworkInterface: { NetworkInterfaceId: `eni-${(networkInterfaces += 1)}` } }),
    DeleteNetworkInterface: () => ({}),
    RegisterInstance: () => ({}),
    DeregisterInstance: () => ({}),
    UpdateInstanceCustomHealthStatus: () => ({}),
    ListNamespaces: () => ({
      Namespaces: [
        { Id: "ns-1", Name: "org", Type: "DNS_PRIVATE", Properties: { DnsProperties: { HostedZoneId: "zone" } } },
      ],
    }),
    ListServices: () => ({
      Services: [
        { Id: "srv-0", Name: "other", DnsConfig: { NamespaceId: "ns-1", DnsRecords: [{ Type: "A", TTL: 99 }] } },
        { Id: "srv-1", Name: "myapp", DnsConfig: { NamespaceId: "ns-1", DnsRecords: [{ Type: "A", TTL: 10 }] } },
      ],
    }),
    GetHostedZone: () => ({ VPCs: [{ VPCId: "vpc-1" }] }),
    ListInstances: () => ({}),
  });
  const clock = new SimulatedClock();
  const runtime = new SimulatedRuntime();
  const cloudMap = new CloudMap(aws.clients, "vpc-1", () => {});
  await cloudMap.refresh();
  const { loadBalancing } = simulatedLoadBalancing(clock, runtime);
  await loadBalancing.update(loadBalancingOf(), publicSubnets);
  const records = new Map<string, () => object>();
  const seen = { messages: [] as string[], problems: [] as string[], tasks: [] as string[] };
  const labService = new LabService(applied, layout, {
    surroundings: {
      clients: aws.clients,
      runtime,
      addresses: new AddressPool(),
      cloudMap,
      loadBalancing,
      images,
      clock,
    },
    records: {
      task: (arn: string, record: () => object) => void records.set(arn, record),
      service: (arn: string, record: () => ServiceRecord) => void records.set(arn, record),
    } as EcsRecords,
    onMessage: (name, message) => seen.messages.push(`${name}: ${message}`),
    onTask: ({ status }) => seen.tasks.push(status),
    onProblem: (message) => seen.problems.push(message),
    ...more,
  });
  const update = async (change: Partial<AppliedService> = {}, other = layout) => {
    await labService.update({ ...applied, ...change }, other);
    await settled();
  };
  const run = async (seconds: number) => {
    clock.run(seconds * 1000);
    await settled();
  };
  return { labService, aws, clock, runtime, loadBalancing, records, ...seen, update, run };
}

/** One that is steady. */
async function steady(options: Options = {}) {
  const all = await serviceOf(options);
  await all.update();
  await all.run(100);
  expect(all.labService.steady).toBe(true);
  return all;
}

describe("a service", () => {
  it("runs as many tasks as desired, spread over its subnets, and is steady after their settling time", async () => {
    const { labService, runtime, update, run, messages } = await serviceOf({ applied: service({ desiredCount: 4 }) });
    await update();
    expect(labService.tasks.map(({ order }) => order.subnet.id)).toEqual([
      "subnet-a",
      "subnet-b",
      "subnet-a",
      "subnet-b",
    ]);
    expect(runtime.containers.filter(({ container }) => container.spec.name === "app")).toHaveLength(4);
    await run(39);
    expect(labService.steady).toBe(false);
    await run(1);
    expect(labService.steady).toBe(true);
    expect(messages.at(-1)).toBe("myapp: (service myapp) has reached a steady state.");
    expect(labService.events[0]!.message).toBe("(service myapp) has reached a steady state.");
    expect(labService).toMatchObject({
      name: "myapp",
      desiredCount: 4,
      clusterArn: "arn:aws:ecs:eu-west-1:123456789012:cluster/c",
      stalled: false,
    });
  });

  it("gives its tasks what is applied of it", async () => {
    const { labService } = await steady();
    expect(labService.tasks[0]!.order).toMatchObject({
      serviceName: "myapp",
      deploymentId: "ecs-svc/1",
      clusterArn: "arn:aws:ecs:eu-west-1:123456789012:cluster/c",
      definition: { arn: "family:1", containers: [{ name: "app" }] },
      securityGroupIds: ["sg-1"],
      registryId: "srv-1",
      enableExecuteCommand: true,
    });
  });

  it("gives its tasks the VPC's default group where it names none", async () => {
    const { labService } = await steady({ applied: service({ securityGroupIds: [] }) });
    expect(labService.tasks[0]!.order.securityGroupIds).toEqual(["sg-default"]);
  });

  it("leaves out containers whose image has no folder, and says so", async () => {
    const { labService, problems } = await steady({ images: new Images([`app=${folder}`]) });
    expect(problems).toEqual([
      'Service "myapp" runs without container "proxy", image registry/proxy:1: no --image maps it to a release or a program.',
    ]);
    expect(labService.definition!.containers.map(({ name }) => name)).toEqual(["app"]);
  });

  it("fills the subnet with the fewest tasks; one that has ended counts no longer", async () => {
    const { labService, runtime, run } = await steady({ applied: service({ desiredCount: 3 }) });
    const inSubnet = (id: string) => labService.tasks.filter(({ order }) => order.subnet.id === id).length;
    expect([inSubnet("subnet-a"), inSubnet("subnet-b")]).toEqual([2, 1]);
    runtime.containers.find(({ task }) => task.availabilityZone === "eu-west-1b")!.container.end(1);
    await settled();
    await run(100);
    expect([inSubnet("subnet-a"), inSubnet("subnet-b")]).toEqual([2, 1]);
  });

  it("stops all its tasks when it is drained, and starts none", async () => {
    const { labService, runtime, run } = await steady();
    const started = runtime.containers.length;
    labService.drain();
    await settled();
    await run(100);
    expect(labService.tasks).toEqual([]);
    expect(runtime.containers).toHaveLength(started);
    expect(labService.newestTasks.map(({ end }) => end)).toEqual([
      {
        stopCode: "ServiceSchedulerInitiated",
        stoppedReason: "Scaling activity initiated by (deployment ecs-svc/1)",
      },
    ]);
  });
});

describe("a change of a service", () => {
  it("begins a deployment where the API says that one was requested", async () => {
    const { labService, update, run, aws } = await steady();
    const before = labService.tasks.map(({ id }) => id);
    await update({ deploymentId: "ecs-svc/2", taskDefinitionArn: "family:2" });
    await run(100);
    expect(labService.deployments).toMatchObject([{ id: "ecs-svc/2", rolloutState: "COMPLETED" }]);
    expect(labService.definition!.arn).toBe("family:2");
    expect(labService.tasks.filter(({ id }) => before.includes(id))).toEqual([]);
    expect(labService.tasks.map(({ order }) => order.deploymentId)).toEqual(["ecs-svc/2", "ecs-svc/2"]);
    // Each task definition is read once.
    await update({ deploymentId: "ecs-svc/2", taskDefinitionArn: "family:2" });
    expect(aws.requests("DescribeTaskDefinition").map(({ taskDefinition }) => taskDefinition)).toEqual([
      "family:1",
      "family:2",
    ]);
  });

  it("scales, and begins no deployment", async () => {
    const { labService, update, run } = await steady();
    const before = labService.tasks.map(({ id }) => id);
    await update({ desiredCount: 3 });
    await run(100);
    expect(labService.desiredCount).toBe(3);
    expect(labService.tasks.map(({ id }) => id)).toEqual([...before, expect.any(String)]);
  });

  it("places tasks in the subnets that are applied now", async () => {
    const { labService, update, run } = await serviceOf();
    const subnets = new Map([["subnet-c", subnet("c")]]);
    await update({ subnetIds: ["subnet-c"] }, { ...layout, subnets });
    await run(100);
    expect(labService.tasks.map(({ order }) => order.subnet.id)).toEqual(["subnet-c", "subnet-c"]);
  });
});

describe("what ECS's API has of a service", () => {
  it("is its newest record, and one for each task", async () => {
    const { labService, records } = await steady();
    const { arn } = labService.tasks[0]!;
    expect(records.get(arn)!()).toMatchObject({ taskArn: arn, lastStatus: "RUNNING" });
    expect(records.get("arn:aws:ecs:eu-west-1:123456789012:service/c/myapp")!()).toEqual(labService.record);
    expect(labService.record).toMatchObject({ service: "myapp", runningCount: 2, requestedDeployment: "ecs-svc/1" });
  });

  it("reports each state of a task to the lab", async () => {
    const { tasks, labService } = await steady({ applied: service({ desiredCount: 1 }) });
    labService.drain();
    await settled();
    expect([...new Set(tasks)]).toEqual([
      "PROVISIONING",
      "PENDING",
      "ACTIVATING",
      "RUNNING",
      "DEACTIVATING",
      "STOPPING",
      "DEPROVISIONING",
      "STOPPED",
    ]);
  });
});

describe("health of tasks", () => {
  it("decides when they count; a task whose check fails is replaced", async () => {
    const { labService, runtime, update, run } = await serviceOf({ container: { healthCheck } });
    await update();
    await run(9);
    expect(labService.steady).toBe(false);
    await run(1);
    expect(labService.steady).toBe(true);
    const [sick] = labService.tasks;
    runtime.containers.find(({ task }) => task.id === sick!.id)!.container.healthy = false;
    await run(10);
    await run(10);
    await run(10);
    expect(sick!.end).toMatchObject({ stoppedReason: "Task failed container health checks" });
    expect(labService.tasks).not.toContain(sick);
    expect(labService.steady).toBe(true);
  });

  it("has no consequence within the grace period, unless the task is still unhealthy at its end", async () => {
    const applied = service({ gracePeriodSeconds: 25 });
    const { labService, runtime, update, run } = await serviceOf({ applied, container: { healthCheck } });
    runtime.behave = (container) => void (container.healthy = false);
    await update();
    await run(10);
    const [one, two] = labService.tasks;
    expect([one!.health, two!.health]).toEqual(["UNHEALTHY", "UNHEALTHY"]);
    // One of them passes its check before the grace period ends.
    runtime.behave = () => {};
    runtime.containers.find(({ task }) => task.id === one!.id)!.container.healthy = true;
    await run(10);
    expect(labService.tasks).toEqual([one, two]);
    await run(5);
    await run(10);
    await run(10);
    expect(labService.tasks).toContain(one);
    expect(two!.end).toMatchObject({ stoppedReason: "Task failed container health checks" });
  });
});

describe("a service that fails", () => {
  it("is stalled where it has nothing to go back to, and says why its last task stopped", async () => {
    const { labService, runtime, update, run } = await serviceOf({ retrySeconds: 1 });
    expect(labService.lastStatusMessage).toBe("(service myapp) has no events yet.");
    runtime.behave = (container) => container.end(1);
    await update();
    for (let second = 0; second < 10; second++) await run(1);
    expect(labService.stalled).toBe(true);
    expect(labService.lastStatusMessage).toBe(
      "(service myapp) (deployment ecs-svc/1) deployment failed: tasks failed to start. Its last stopped task: Essential " +
        "container in task exited",
    );
    expect(labService.newestTasks.map(({ status }) => status)).toEqual(["STOPPED"]);
  });

  it("shows what the init container wrote of a task that failed to start", async () => {
    const dependsOn = [{ containerName: "proxy", condition: "SUCCESS" }];
    const images = new Images([`app=${folder}`, `proxy=${folder}`]);
    const { runtime, problems, update } = await serviceOf({ container: { dependsOn }, images });
    runtime.behave = (container) => {
      container.output = "** (Postgrex.Error) relation already exists\n";
      container.end(1);
    };
    await update({ desiredCount: 1 });
    expect(problems).toEqual([
      expect.stringMatching(
        /^Last output of task \w{8} \(myapp, 10[.\d]+, STOPPED, UNKNOWN, Container "app" depends on the success of "proxy", which exited with code 1\):\n {2}\*\* \(Postgrex\.Error\) relation already exists$/,
      ),
    ]);
  });

  it("has its running tasks as the newest ones as long as there are any", async () => {
    const { labService, runtime, run } = await steady();
    runtime.containers[0]!.container.end(1);
    await settled();
    expect(labService.newestTasks).toEqual(labService.tasks);
    await run(100);
    expect(labService.newestTasks).toHaveLength(2);
  });
});

describe("another strategy than rolling", () => {
  const problem =
    "myapp deploys with BLUE_GREEN: the lab runs it as a rolling deployment, which shifts no requests and has no bake time.";

  it("is reported once, not in each deployment", async () => {
    const applied = service({ strategy: "BLUE_GREEN" });
    const { update, problems: all } = await serviceOf({ applied });
    const problems = () => all.filter((message) => message.includes("rolling deployment"));
    await update();
    expect(problems()).toEqual([problem]);
    await update({ deploymentId: "ecs-svc/2" });
    expect(problems()).toEqual([problem]);
  });

  it("isn't reported of a rolling one", async () => {
    const { update, problems: all } = await serviceOf();
    await update();
    expect(all.join()).not.toContain("rolling deployment");
  });
});

describe("timing", () => {
  it("has what decides how long a service takes, with ECS's times as defaults", async () => {
    const { labService } = await steady();
    expect(labService.timing).toMatchObject({
      desiredCount: 2,
      configuration: { minimumHealthyPercent: 100 },
      containers: [{ name: "app" }],
      dnsTtl: 10,
      settleSeconds: 40,
      retrySeconds: 1,
    });
  });

  it("takes what the lab is given", async () => {
    const { labService } = await serviceOf({ settleSeconds: 3, retrySeconds: 7 });
    expect(labService.timing).toMatchObject({ containers: [], settleSeconds: 3, retrySeconds: 7 });
  });

  it("settles, where the lab says so, for as long as nodes may take to join: TTL and polling interval", async () => {
    const { labService, update, run } = await serviceOf({ settleSeconds: "join" });
    await update();
    // 10 s TTL, and 5 s between two polls.
    expect(labService.timing.settleSeconds).toBe(15);
    await run(14);
    expect(labService.steady).toBe(false);
    await run(1);
    expect(labService.steady).toBe(true);
  });

  it("has no TTL where the service has no registry", async () => {
    const { labService } = await serviceOf({ applied: service({ registryId: undefined }) });
    expect(labService.timing.dnsTtl).toBeUndefined();
  });
});

describe("a service behind a load balancer", () => {
  const targets = [{ targetGroupArn: groupArn, containerName: "app", containerPort: 4000 }];
  const behind = (change: Partial<AppliedService> = {}) => service({ targets, ...change });

  /** Checks come one after another, so seconds go by one by one. */
  const pass = async ({ run }: { run: (seconds: number) => Promise<void> }, seconds: number) => {
    for (let second = 0; second < seconds; second += 1) await run(1);
  };

  it("is steady once its targets are healthy, with no settling time", async () => {
    const all = await serviceOf({ applied: behind() });
    await all.update();
    expect(all.loadBalancing.targets.map(({ port }) => port)).toEqual([4000, 4000]);
    expect(all.labService.steady).toBe(false);
    await pass(all, 1);
    expect(all.labService.steady).toBe(true);
  });

  it("doesn't stop old tasks before the new ones' targets are healthy", async () => {
    const all = await serviceOf({ applied: behind() });
    await all.update();
    await pass(all, 1);
    const old = all.labService.tasks;
    all.runtime.answer = { status: 503 };
    await all.update({ deploymentId: "ecs-svc/2" });
    await pass(all, 5);
    expect(old.map(({ status }) => status)).toEqual(["RUNNING", "RUNNING"]);
    all.runtime.answer = { status: 200 };
    await pass(all, 10);
    expect(old.map(({ status }) => status)).toEqual(["DEACTIVATING", "DEACTIVATING"]);
  });

  it("sends SIGTERM when the deregistration delay is over, not before", async () => {
    const all = await serviceOf({ applied: behind() });
    await all.update();
    await pass(all, 1);
    await all.update({ desiredCount: 1 });
    await pass(all, 29);
    expect(all.labService.tasks.map(({ status }) => status).sort()).toEqual(["DEACTIVATING", "RUNNING"]);
    expect(all.runtime.notes.filter((note) => note.startsWith("stop"))).toEqual([]);
    await pass(all, 1);
    expect(all.runtime.notes.filter((note) => note.startsWith("stop app"))).toHaveLength(1);
    expect(all.labService.tasks).toHaveLength(1);
  });

  it("reports targets that are registered, taken out and drained as ECS does", async () => {
    const all = await serviceOf({ applied: behind() });
    const ofTargets = () => all.messages.filter((message) => /target|draining/.test(message));
    await all.update();
    const registered = `myapp: (service myapp) registered 1 targets in (target-group ${groupArn})`;
    expect(ofTargets()).toEqual([registered, registered]);
    await pass(all, 1);
    await all.update({ desiredCount: 1 });
    expect(ofTargets().slice(2)).toEqual([
      `myapp: (service myapp) deregistered 1 targets in (target-group ${groupArn})`,
      "myapp: (service myapp, taskSet ecs-svc/1) has begun draining connections on 1 tasks.",
    ]);
  });

  it("replaces a task whose target is unhealthy, after the grace period and for that reason", async () => {
    const all = await serviceOf({ applied: behind({ desiredCount: 1, gracePeriodSeconds: 30 }) });
    all.runtime.answer = { status: 500 };
    await all.update();
    const [task] = all.labService.tasks;
    await pass(all, 29);
    expect(all.labService.tasks).toEqual([task]);
    await pass(all, 1);
    expect(all.labService.tasks).toHaveLength(2);
    all.runtime.answer = { status: 200 };
    await pass(all, 10);
    expect(task!.end!.stoppedReason).toBe(`Task failed ELB health checks in (target-group ${groupArn})`);
  });
});
