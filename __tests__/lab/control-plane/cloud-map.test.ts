import { CloudMap } from "../../../src/lab/control-plane/cloud-map";
import type { Zone } from "../../../src/lab/data-plane/data-plane";
import { awsError, ScriptedAws } from "./scripted-aws";

interface Registered {
  readonly Id: string;
  readonly Attributes: Record<string, string>;
}

/** Cloud Map with one namespace, and a service with a custom health check and one without. */
function awsWith(soa?: number) {
  const instances: Record<string, Registered[]> = { "srv-1": [], "srv-2": [] };
  const unhealthy = new Set<string>();
  const service = (Id: string, change: object = {}) => ({
    Id,
    Name: `name-${Id}`,
    DnsConfig: { NamespaceId: "ns-1", DnsRecords: [{ Type: "A", TTL: 10 }], RoutingPolicy: "MULTIVALUE" },
    ...change,
  });
  const aws = new ScriptedAws({
    ListNamespaces: () => ({
      Namespaces: [
        {
          Id: "ns-1",
          Name: "org.local",
          Type: "DNS_PRIVATE",
          Properties: { DnsProperties: { HostedZoneId: "zone", ...(soa !== undefined && { SOA: { TTL: soa } }) } },
        },
      ],
    }),
    ListServices: () => ({ Services: [service("srv-1", { HealthCheckCustomConfig: {} }), service("srv-2")] }),
    GetHostedZone: () => ({ VPCs: [{ VPCId: "vpc-1" }] }),
    ListInstances: ({ ServiceId }: { ServiceId: string }) => ({ Instances: instances[ServiceId] }),
    GetInstancesHealthStatus: () => ({ Status: Object.fromEntries([...unhealthy].map((id) => [id, "UNHEALTHY"])) }),
    RegisterInstance: () => ({}),
    UpdateInstanceCustomHealthStatus: () => ({}),
    DeregisterInstance: () => ({}),
  });
  return { aws, instances, unhealthy };
}

async function cloudMapOf({ aws }: ReturnType<typeof awsWith>, negativeTtl?: number) {
  const changes: (readonly Zone[])[] = [];
  const cloudMap = new CloudMap(aws.clients, "vpc-1", (zones) => changes.push(zones), negativeTtl);
  await cloudMap.refresh();
  return { cloudMap, changes, instancesOf: (at = 0) => cloudMap.zones()[0]!.services[at]!.instances };
}

const task = (taskId: string, change: object = {}) => ({
  taskId,
  address: `10.0.0.${taskId.slice(-1)}`,
  healthy: true,
  clusterName: "c",
  serviceName: "myapp",
  family: "family",
  availabilityZone: "eu-west-1a",
  ...change,
});

describe("zones", () => {
  it("have what Cloud Map has registered, by any client", async () => {
    const cloud = awsWith();
    cloud.instances["srv-1"] = [{ Id: "other", Attributes: { AWS_INSTANCE_IPV4: "10.0.0.9" } }];
    const { cloudMap, changes } = await cloudMapOf(cloud);
    const zones = [
      {
        name: "org.local",
        negativeTtl: 300,
        services: [
          {
            name: "name-srv-1",
            routingPolicy: "MULTIVALUE",
            ttl: 10,
            instances: [{ address: "10.0.0.9", healthy: true }],
          },
          { name: "name-srv-2", routingPolicy: "MULTIVALUE", ttl: 10, instances: [] },
        ],
      },
    ];
    expect(cloudMap.zones()).toEqual(zones);
    expect(cloudMap.namespaces).toMatchObject([{ id: "ns-1", name: "org.local" }]);
    // A second look that finds the same reports nothing.
    await cloudMap.refresh();
    expect(changes).toEqual([zones]);
  });

  it.each([
    ["what the lab is given", 60, 5, 5],
    ["what the namespace says", 60, undefined, 60],
    ["what private zones have had, where neither says", undefined, undefined, 300],
  ])("keep an NXDOMAIN for %s", async (_, soa, given, seconds) => {
    const { cloudMap } = await cloudMapOf(awsWith(soa), given);
    expect(cloudMap.zones()[0]!.negativeTtl).toBe(seconds);
  });
});

describe("a task that is registered", () => {
  it("gets the attributes that ECS gives it, and is in DNS", async () => {
    const cloud = awsWith();
    const { cloudMap, changes, instancesOf } = await cloudMapOf(cloud);
    await cloudMap.register("srv-1", task("task-1"));
    expect(cloud.aws.requests("RegisterInstance")).toEqual([
      {
        ServiceId: "srv-1",
        InstanceId: "task-1",
        Attributes: {
          AWS_INSTANCE_IPV4: "10.0.0.1",
          AVAILABILITY_ZONE: "eu-west-1a",
          REGION: "eu-west-1",
          ECS_CLUSTER_NAME: "c",
          ECS_SERVICE_NAME: "myapp",
          ECS_TASK_DEFINITION_FAMILY: "family",
          AWS_INIT_HEALTH_STATUS: "HEALTHY",
        },
      },
    ]);
    expect(instancesOf(0)).toEqual([{ address: "10.0.0.1", healthy: true }]);
    expect(instancesOf(1)).toEqual([]);
    expect(changes).toHaveLength(2);
  });

  it("is unhealthy until its health check passes, and again when it fails", async () => {
    const cloud = awsWith();
    const { cloudMap, instancesOf } = await cloudMapOf(cloud);
    await cloudMap.register("srv-1", task("task-1", { healthy: false }));
    await cloudMap.register("srv-1", task("task-2"));
    expect(cloud.aws.requests("RegisterInstance")[0]).toMatchObject({
      Attributes: { AWS_INIT_HEALTH_STATUS: "UNHEALTHY" },
    });
    const [one, two] = ["10.0.0.1", "10.0.0.2"];
    expect(instancesOf()).toEqual([
      { address: one, healthy: false },
      { address: two, healthy: true },
    ]);
    await cloudMap.setHealth("srv-1", "task-1", true);
    expect(instancesOf().map(({ healthy }) => healthy)).toEqual([true, true]);
    await cloudMap.setHealth("srv-1", "task-1", false);
    expect(instancesOf().map(({ healthy }) => healthy)).toEqual([false, true]);
    expect(cloud.aws.requests("UpdateInstanceCustomHealthStatus")).toEqual([
      { ServiceId: "srv-1", InstanceId: "task-1", Status: "HEALTHY" },
      { ServiceId: "srv-1", InstanceId: "task-1", Status: "UNHEALTHY" },
    ]);
  });

  it("counts as healthy where the service has no custom health check, and ECS sets none", async () => {
    const cloud = awsWith();
    const { cloudMap, instancesOf } = await cloudMapOf(cloud);
    await cloudMap.register("srv-2", task("task-1", { healthy: false }));
    expect(cloud.aws.requests("RegisterInstance")[0]).not.toHaveProperty("Attributes.AWS_INIT_HEALTH_STATUS");
    await cloudMap.setHealth("srv-2", "task-1", false);
    expect(instancesOf(1)).toEqual([{ address: "10.0.0.1", healthy: true }]);
    expect(cloud.aws.requests("UpdateInstanceCustomHealthStatus")).toEqual([]);
  });

  it("is in DNS once, even when it is registered again", async () => {
    const { cloudMap, instancesOf } = await cloudMapOf(awsWith());
    await cloudMap.register("srv-1", task("task-1"));
    await cloudMap.register("srv-1", task("task-2"));
    await cloudMap.register("srv-1", task("task-1", { address: "10.0.0.7" }));
    expect(instancesOf().map(({ address }) => address)).toEqual(["10.0.0.2", "10.0.0.7"]);
  });

  it("is registered with a service that is gone from Cloud Map meanwhile, as ECS tries to", async () => {
    const cloud = awsWith();
    const { cloudMap } = await cloudMapOf(cloud);
    await cloudMap.register("srv-gone", task("task-1"));
    await cloudMap.setHealth("srv-gone", "task-1", false);
    expect(cloud.aws.requests("RegisterInstance")[0]).not.toHaveProperty("Attributes.AWS_INIT_HEALTH_STATUS");
    expect(cloud.aws.requests("UpdateInstanceCustomHealthStatus")).toEqual([]);
  });

  it("leaves DNS when it is deregistered", async () => {
    const cloud = awsWith();
    const { cloudMap, instancesOf } = await cloudMapOf(cloud);
    await cloudMap.register("srv-1", task("task-1"));
    await cloudMap.register("srv-1", task("task-2"));
    await cloudMap.deregister("srv-1", "task-1");
    expect(cloud.aws.requests("DeregisterInstance")).toEqual([{ ServiceId: "srv-1", InstanceId: "task-1" }]);
    expect(instancesOf().map(({ address }) => address)).toEqual(["10.0.0.2"]);
  });

  it.each(["InstanceNotFound", "ServiceNotFound"])("may be gone already: %s", async (name) => {
    const cloud = awsWith();
    const { cloudMap, instancesOf } = await cloudMapOf(cloud);
    await cloudMap.register("srv-1", task("task-1"));
    const gone = () => {
      throw awsError(name);
    };
    cloud.aws.answer({ DeregisterInstance: gone, UpdateInstanceCustomHealthStatus: gone });
    await cloudMap.setHealth("srv-1", "task-1", false);
    await cloudMap.deregister("srv-1", "task-1");
    expect(instancesOf()).toEqual([]);
  });

  it("stays in DNS where Cloud Map fails otherwise", async () => {
    const cloud = awsWith();
    const { cloudMap, instancesOf } = await cloudMapOf(cloud);
    await cloudMap.register("srv-1", task("task-1"));
    cloud.aws.answer({
      DeregisterInstance: () => {
        throw awsError("RequestLimitExceeded", "too many");
      },
    });
    await expect(cloudMap.deregister("srv-1", "task-1")).rejects.toThrow("too many");
    expect(instancesOf()).toHaveLength(1);
  });
});

it("keeps a task that is registered while a refresh reads what was there before", async () => {
  // GIVEN a refresh that has read the instances, and not arrived yet
  const cloud = awsWith();
  const { cloudMap, changes, instancesOf } = await cloudMapOf(cloud);
  let arrive = () => {};
  const held = new Promise<void>((resolve) => (arrive = resolve));
  let reads = 0;
  cloud.aws.answer({
    GetHostedZone: async () => {
      reads += 1;
      if (reads === 1) await held;
      return { VPCs: [{ VPCId: "vpc-1" }] };
    },
  });
  const refreshed = cloudMap.refresh();
  // WHEN a task is registered before it arrives
  await cloudMap.register("srv-1", task("task-1"));
  cloud.instances["srv-1"] = [{ Id: "task-1", Attributes: { AWS_INSTANCE_IPV4: "10.0.0.1" } }];
  arrive();
  await refreshed;
  // THEN it reads again, and DNS had the task all the time
  expect(reads).toBe(2);
  expect(instancesOf()).toHaveLength(1);
  expect(changes.slice(1).map((zones) => zones[0]!.services[0]!.instances.length)).toEqual([1]);
});

it("is settled once Cloud Map has each health status, even when it refused one", async () => {
  const cloud = awsWith();
  const { cloudMap } = await cloudMapOf(cloud);
  await cloudMap.register("srv-1", task("task-1"));
  let refuse: (error: Error) => void = () => {};
  const answer = new Promise<object>((_, reject) => (refuse = reject));
  cloud.aws.answer({ UpdateInstanceCustomHealthStatus: () => answer });
  const done: string[] = [];
  const setting = cloudMap.setHealth("srv-1", "task-1", false).catch(() => done.push("set"));
  const settled = cloudMap.settled().then(() => done.push("settled"));
  await new Promise((resolve) => setImmediate(resolve));
  expect(done).toEqual([]);
  refuse(new Error("refused"));
  await Promise.all([setting, settled]);
  expect(done.sort()).toEqual(["set", "settled"]);
  await cloudMap.settled();
});
