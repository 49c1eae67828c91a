import type {
  AppliedContainer,
  AppliedTaskDefinition,
} from "../../../../src/lab/control-plane/applied/task-definitions";
import { CloudMap } from "../../../../src/lab/control-plane/cloud-map";
import { FargateTask, type TaskSurroundings } from "../../../../src/lab/control-plane/task/fargate-task";
import type { TaskOrder } from "../../../../src/lab/control-plane/task/task-order";
import { Images } from "../../../../src/lab/control-plane/images";
import { AddressPool } from "../../../../src/lab/control-plane/task/network-interface";
import type { TaskStatus } from "../../../../src/lab/data-plane/data-plane";
import { scratchFolder } from "../../../scratch";
import { SimulatedClock } from "../../simulated-clock";
import { SimulatedRuntime } from "../../simulated-runtime";
import { ScriptedAws } from "../scripted-aws";
import { simulatedLoadBalancing } from "../../simulated-load-balancing";
import { container } from "./container";

const folder = scratchFolder("image");
const healthCheck = {
  command: ["check"],
  intervalSeconds: 10,
  timeoutSeconds: 5,
  retries: 1,
  startPeriodSeconds: 0,
};
const definition = (...containers: AppliedContainer[]): AppliedTaskDefinition => ({
  arn: "arn:aws:ecs:eu-west-1:123456789012:task-definition/family:3",
  family: "family",
  revision: 3,
  cpu: 256,
  memory: 512,
  containers,
});
const nothing = () => ({});

/** Lets everything happen that waits for nothing but promises. */
const settled = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** A task with everything around it; `log` has what happened, in order. */
function taskOf(containers: AppliedContainer[] = [container("app")], change: Partial<TaskOrder> = {}) {
  const log: string[] = [];
  const described: TaskStatus[] = [];
  const clock = new SimulatedClock();
  const runtime = new SimulatedRuntime();
  runtime.notes.push = (...notes) => log.push(...notes);
  const create = runtime.createTask.bind(runtime);
  runtime.createTask = async (spec) => {
    const task = await create(spec);
    return { ...task, describe: async (status) => void described.push(status) };
  };
  const noted =
    (what: string, answer: object = {}) =>
    () => {
      log.push(what);
      return answer;
    };
  const aws = new ScriptedAws({
    CreateNetworkInterface: noted("attach", { NetworkInterface: { NetworkInterfaceId: "eni-1" } }),
    DeleteNetworkInterface: noted("detach"),
    RegisterInstance: noted("register"),
    DeregisterInstance: noted("deregister"),
    UpdateInstanceCustomHealthStatus: noted("health"),
    ListNamespaces: () => ({
      Namespaces: [
        { Id: "ns-1", Name: "org", Type: "DNS_PRIVATE", Properties: { DnsProperties: { HostedZoneId: "zone" } } },
      ],
    }),
    ListServices: () => ({
      Services: [
        {
          Id: "srv-1",
          Name: "myapp",
          HealthCheckCustomConfig: {},
          DnsConfig: { NamespaceId: "ns-1", DnsRecords: [{ Type: "A", TTL: 10 }] },
        },
      ],
    }),
    GetHostedZone: () => ({ VPCs: [{ VPCId: "vpc-1" }] }),
    ListInstances: nothing,
    CreateLogStream: noted("log stream"),
    PutLogEvents: nothing,
  });
  const cloudMap = new CloudMap(aws.clients, "vpc-1", () => {});
  const addresses = new AddressPool();
  const output: (readonly string[])[] = [];
  const surroundings: TaskSurroundings = {
    protectionBlocked: () => false,
    clients: aws.clients,
    runtime,
    addresses,
    cloudMap,
    loadBalancing: simulatedLoadBalancing(clock, runtime).loadBalancing,
    images: new Images([], folder),
    clock,
    onTarget: () => {},
    onChange: (task) => log.at(-1) !== task.status && log.push(task.status),
    onOutput: (task, ...line) => output.push([task.id, ...line]),
  };
  const order: TaskOrder = {
    serviceName: "myapp",
    deploymentId: "ecs-svc/1",
    capacityProvider: "FARGATE",
    clusterArn: "arn:aws:ecs:eu-west-1:123456789012:cluster/c",
    definition: definition(...containers),
    subnet: { id: "subnet-a", cidr: "10.0.1.0/24", vpcId: "vpc-1", availabilityZone: "eu-west-1b" },
    securityGroupIds: ["sg-1"],
    registryId: "srv-1",
    targets: [],
    enableExecuteCommand: false,
    ...change,
  };
  const begin = (more: Partial<TaskSurroundings> = {}) => new FargateTask(order, { ...surroundings, ...more });
  return { log, described, clock, runtime, aws, cloudMap, addresses, output, begin };
}

async function running(...args: Parameters<typeof taskOf>) {
  const all = taskOf(...args);
  await all.cloudMap.refresh();
  const task = all.begin();
  await settled();
  return { ...all, task };
}
const scaledIn = { stopCode: "ServiceSchedulerInitiated", stoppedReason: "Scaling activity" } as const;

describe("a task", () => {
  it("goes through ECS's states: registered before it is RUNNING, deregistered before its containers are stopped", async () => {
    const { log, task, clock } = await running();
    expect(task).toMatchObject({ status: "RUNNING", createdAt: 0, startedAt: 0, health: "UNKNOWN" });
    clock.run(5000);
    task.stop(scaledIn);
    await task.stopped;
    expect(log.filter((line) => !line.startsWith("zones"))).toEqual([
      "PROVISIONING",
      "attach",
      "create 10.0.1.4",
      "PENDING",
      "ACTIVATING",
      "start app 10.0.1.4",
      "ACTIVATING",
      "register",
      "RUNNING",
      "DEACTIVATING",
      "deregister",
      "STOPPING",
      "stop app 30",
      "STOPPING",
      "DEPROVISIONING",
      "remove 10.0.1.4",
      "detach",
      "STOPPED",
    ]);
    expect(task).toMatchObject({ status: "STOPPED", end: scaledIn, stoppingAt: 5000, stoppedAt: 5000 });
  });

  it("on Spot gets SIGTERM while it is still registered, when AWS takes it back", async () => {
    const { log, task } = await running(undefined, { capacityProvider: "FARGATE_SPOT" });
    task.interrupt();
    await task.stopped;
    expect(task.end).toEqual({ stopCode: "SpotInterruption", stoppedReason: "Your Spot Task was interrupted." });
    expect(log.indexOf("stop app 30")).toBeLessThan(log.indexOf("deregister"));
    expect(log.slice(-4)).toEqual(["DEPROVISIONING", "remove 10.0.1.4", "detach", "STOPPED"]);
  });

  it("on Fargate isn't interrupted", async () => {
    const { task } = await running();
    expect(() => task.interrupt()).toThrow(`Task ${task.id} runs on FARGATE, not on Spot.`);
    expect(task.end).toBeUndefined();
  });

  it("has an ARN of its cluster, and an interface in its subnet with the service's groups", async () => {
    const { task, aws, runtime } = await running();
    expect(task.id).toMatch(/^[0-9a-f]{32}$/);
    expect(task.arn).toBe(`arn:aws:ecs:eu-west-1:123456789012:task/c/${task.id}`);
    expect(aws.requests("CreateNetworkInterface")).toEqual([
      { SubnetId: "subnet-a", PrivateIpAddress: "10.0.1.4", Groups: ["sg-1"], Description: task.arn },
    ]);
    expect(task.networkInterface).toMatchObject({ id: "eni-1", address: "10.0.1.4" });
    expect(runtime.containers[0]!.task).toEqual({
      id: task.id,
      arn: task.arn,
      address: "10.0.1.4",
      subnetCidr: "10.0.1.0/24",
      securityGroupIds: ["sg-1"],
      cluster: "arn:aws:ecs:eu-west-1:123456789012:cluster/c",
      family: "family",
      revision: 3,
      serviceName: "myapp",
      availabilityZone: "eu-west-1b",
      cpu: 256,
      memory: 512,
    });
    expect(task.place!.spec.id).toBe(task.id);
  });

  it("is registered with its address, its names and its zone", async () => {
    const { task, aws } = await running();
    expect(aws.requests("RegisterInstance")).toMatchObject([
      {
        ServiceId: "srv-1",
        InstanceId: task.id,
        Attributes: {
          AWS_INSTANCE_IPV4: "10.0.1.4",
          AVAILABILITY_ZONE: "eu-west-1b",
          ECS_CLUSTER_NAME: "c",
          ECS_SERVICE_NAME: "myapp",
          ECS_TASK_DEFINITION_FAMILY: "family",
          AWS_INIT_HEALTH_STATUS: "HEALTHY",
        },
      },
    ]);
  });

  it("needs no Cloud Map where its service has no registry", async () => {
    const { task, log } = await running([container("app")], { registryId: undefined });
    expect(task.status).toBe("RUNNING");
    task.stop(scaledIn);
    await task.stopped;
    expect(log).not.toContain("register");
    expect(log).not.toContain("deregister");
  });

  it("gives its address back, and its place, when it ends", async () => {
    const { task, addresses } = await running();
    const release = jest.spyOn(addresses, "release");
    task.stop(scaledIn);
    await task.stopped;
    expect(release.mock.calls).toEqual([["10.0.1.4"]]);
    expect(task.place).toBeUndefined();
  });

  it("keeps the first reason of its end", async () => {
    const { task } = await running();
    task.stop(scaledIn);
    task.stop({ stopCode: "UserInitiated", stoppedReason: "later" });
    await task.stopped;
    expect(task.end).toEqual(scaledIn);
  });

  it("tells its metadata endpoint the status, the desired one, and the health of containers that have a check", async () => {
    const { task, described } = await running([
      container("app", { healthCheck }),
      container("proxy", { essential: false }),
    ]);
    expect(described.at(-1)).toEqual({
      knownStatus: "RUNNING",
      desiredStatus: "RUNNING",
      health: { app: "UNKNOWN" },
    });
    task.stop(scaledIn);
    await task.stopped;
    expect(described.at(-1)).toMatchObject({ knownStatus: "DEPROVISIONING", desiredStatus: "STOPPED" });
  });

  it("passes on what its containers write", async () => {
    const { task, runtime, output } = await running();
    runtime.containers[0]!.container.spec.onOutput!("a line", "stdout");
    expect(output).toEqual([[task.id, "app", "a line", "stdout"]]);
  });

  it("has its first essential container at hand, from its start on", async () => {
    const all = taskOf([container("proxy", { essential: false }), container("app")]);
    const task = all.begin();
    expect(() => task.container).toThrow(`Task ${task.id} is PROVISIONING: its container has not started.`);
    await settled();
    expect(task.container.spec.name).toBe("app");
  });
});

describe("a task that can't start", () => {
  it("says that it got no network interface, and gives the address back", async () => {
    const all = taskOf();
    const release = jest.spyOn(all.addresses, "release");
    all.aws.answer({ CreateNetworkInterface: () => Promise.reject(new Error("no such group")) });
    const task = all.begin();
    await task.stopped;
    expect(task.end).toEqual({
      stopCode: "TaskFailedToStart",
      stoppedReason: "ResourceInitializationError: failed to provision a network interface: no such group",
    });
    expect(release.mock.calls).toEqual([["10.0.1.4"]]);
    expect(all.log).not.toContain("detach");
    expect(all.output).toEqual([]);
  });

  it("says why it has no secrets; no container of it ever starts, and nothing of it is left", async () => {
    const { task, log, runtime } = await running([
      container("app", { secrets: [{ name: "COOKIE", valueFrom: "/c" }] }),
    ]);
    await task.stopped;
    expect(task.end).toMatchObject({
      stopCode: "TaskFailedToStart",
      stoppedReason: expect.stringContaining("'executionRoleArn'"),
    });
    expect(task.startedAt).toBeUndefined();
    expect(runtime.containers).toEqual([]);
    expect(log).toEqual(expect.arrayContaining(["remove 10.0.1.4", "detach"]));
    expect(log).not.toContain("deregister");
  });

  it("is not started any further once it is stopped", async () => {
    const all = taskOf();
    let attach: (answer: object) => void = () => {};
    all.aws.answer({ CreateNetworkInterface: () => new Promise<object>((resolve) => (attach = resolve)) });
    const task = all.begin();
    await settled();
    task.stop(scaledIn);
    attach({ NetworkInterface: { NetworkInterfaceId: "eni-1" } });
    await task.stopped;
    expect(all.log.filter((line) => line === "PENDING" || line === "ACTIVATING")).toEqual([]);
    expect(all.runtime.containers).toEqual([]);
  });

  it("is not registered when it is stopped while its containers start", async () => {
    const all = taskOf([
      container("app", { dependsOn: [{ containerName: "slow", condition: "COMPLETE" }] }),
      container("slow", { essential: false }),
    ]);
    const task = all.begin();
    await settled();
    expect(task.status).toBe("ACTIVATING");
    task.stop(scaledIn);
    await task.stopped;
    expect(all.log).not.toContain("register");
    expect(task.startedAt).toBeUndefined();
  });
});

describe("a task with a health check", () => {
  it("is registered as unhealthy, and Cloud Map hears of each change", async () => {
    const { task, clock, aws, runtime, cloudMap } = await running([container("app", { healthCheck })]);
    const statuses = () => aws.requests("UpdateInstanceCustomHealthStatus").map(({ Status }) => Status);
    expect(aws.requests("RegisterInstance")[0]).toMatchObject({ Attributes: { AWS_INIT_HEALTH_STATUS: "UNHEALTHY" } });
    expect(statuses()).toEqual([]);
    clock.run(10_000);
    await settled();
    expect(task.health).toBe("HEALTHY");
    expect(statuses()).toEqual(["HEALTHY"]);
    expect(cloudMap.zones()[0]!.services[0]!.instances).toEqual([{ address: "10.0.1.4", healthy: true }]);
    runtime.containers[0]!.container.healthy = false;
    clock.run(10_000);
    await settled();
    expect(task.health).toBe("UNHEALTHY");
    expect(statuses()).toEqual(["HEALTHY", "UNHEALTHY"]);
  });

  it("that became healthy while it was being registered is so in Cloud Map too", async () => {
    const all = taskOf([container("app", { healthCheck })]);
    await all.cloudMap.refresh();
    let register: (answer: object) => void = () => {};
    all.aws.answer({ RegisterInstance: () => new Promise<object>((resolve) => (register = resolve)) });
    const task = all.begin();
    await settled();
    all.aws.answer({ UpdateInstanceCustomHealthStatus: nothing });
    all.clock.run(10_000);
    await settled();
    expect(task.status).toBe("ACTIVATING");
    register({});
    await settled();
    expect(task).toMatchObject({ status: "RUNNING", health: "HEALTHY" });
    expect(all.aws.requests("UpdateInstanceCustomHealthStatus").at(-1)).toMatchObject({ Status: "HEALTHY" });
    expect(all.cloudMap.zones()[0]!.services[0]!.instances).toEqual([{ address: "10.0.1.4", healthy: true }]);
  });

  it("reports nothing to Cloud Map where it isn't registered, nor once it ends", async () => {
    const { task, clock, aws } = await running([container("app", { healthCheck })], { registryId: undefined });
    clock.run(10_000);
    await settled();
    expect(task.health).toBe("HEALTHY");
    const other = await running([container("app", { healthCheck })]);
    other.task.stop(scaledIn);
    other.clock.run(10_000);
    await other.task.stopped;
    for (const each of [aws, other.aws]) expect(each.requests("UpdateInstanceCustomHealthStatus")).toEqual([]);
  });

  it("shows an error of Cloud Map in its output", async () => {
    const { task, clock, aws, output } = await running([container("app", { healthCheck })]);
    aws.answer({ UpdateInstanceCustomHealthStatus: () => Promise.reject(new Error("throttled")) });
    clock.run(10_000);
    await settled();
    expect(output).toEqual([[task.id, "(lab)", "RUNNING: throttled", "stderr"]]);
  });
});

describe("a task ends", () => {
  it("when an essential container ends", async () => {
    const { task, runtime } = await running([container("app"), container("proxy", { essential: false })]);
    runtime.containers[1]!.container.end(0);
    await settled();
    expect(task.status).toBe("RUNNING");
    runtime.containers[0]!.container.end(1);
    await task.stopped;
    expect(task.end).toEqual({
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
    });
  });

  it("with its record in Cloud Map for as long as it is kept", async () => {
    const { task, clock, log, output, aws } = await running();
    task.registrations.keepRecord(30);
    task.stop(scaledIn);
    await task.stopped;
    expect(log).not.toContain("deregister");
    clock.run(29_999);
    await settled();
    expect(log).not.toContain("deregister");
    aws.answer({ DeregisterInstance: () => Promise.reject(new Error("throttled")) });
    clock.run(1);
    await settled();
    expect(aws.requests("DeregisterInstance")).toEqual([{ ServiceId: "srv-1", InstanceId: task.id }]);
    expect(output).toEqual([[task.id, "(lab)", "STOPPED: throttled", "stderr"]]);
  });

  it("whatever fails on the way, and shows it", async () => {
    const { task, aws, output, addresses, runtime } = await running();
    const release = jest.spyOn(addresses, "release");
    aws.answer({
      DeregisterInstance: () => Promise.reject(new Error("throttled")),
      DeleteNetworkInterface: () => Promise.reject(new Error("in use")),
    });
    runtime.containers[0]!.container.stop = () => Promise.reject(new Error("the sandbox is gone"));
    task.stop(scaledIn);
    await task.stopped;
    expect(task.status).toBe("STOPPED");
    expect(release).toHaveBeenCalledWith("10.0.1.4");
    expect(output.map(([, , line]) => line)).toEqual([
      "DEACTIVATING: throttled",
      "STOPPING: the sandbox is gone",
      "DEPROVISIONING: in use",
    ]);
  });

  it("with its interface deleted where the data plane is gone", async () => {
    const { task, aws, output } = await running();
    task.place!.remove = () => Promise.reject(new Error("the sandbox is gone"));
    task.stop(scaledIn);
    await task.stopped;
    expect(aws.requests("DeleteNetworkInterface")).toEqual([{ NetworkInterfaceId: "eni-1" }]);
    expect(output.map(([, , line]) => line)).toEqual(["DEPROVISIONING: the sandbox is gone"]);
  });

  it("with its output in CloudWatch Logs where the lab writes it, after its containers have ended", async () => {
    const logs = { group: "/myapp", streamPrefix: "ecs" };
    const streamsWith = async (more: Partial<TaskSurroundings>) => {
      const all = taskOf([container("app", { logs })]);
      const task = all.begin(more);
      await settled();
      all.runtime.containers[0]!.container.spec.onOutput?.("bye", "stdout");
      task.stop(scaledIn);
      await task.stopped;
      return all.log.filter((line) => line.startsWith("stop ") || line === "log stream");
    };
    expect(await streamsWith({ writesLogs: () => true })).toEqual(["stop app 30", "log stream"]);
    expect(await streamsWith({ writesLogs: () => false })).toEqual(["stop app 30"]);
    expect(await streamsWith({})).toEqual(["stop app 30"]);
  });
});
