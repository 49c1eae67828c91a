import { createServer, type Server } from "node:http";
import type { TaskSpec, TaskStatus } from "../data-plane";
import { addressAt } from "../../../aws/ipv4";
import { memoryOf, processorTimeOf } from "./container/processes";
import { metadataAddress } from "./network/router";

/** What the endpoint knows of a container. */
export interface MetadataContainer {
  readonly name: string;
  readonly image: string;
  readonly createdAt: string;
  readonly startedAt?: string;
  /** The runtime's id, which is also the last part of its metadata URI. */
  readonly dockerId: string;
  readonly exitCode?: number;
  /** Its processes at this moment. */
  pids(): number[];
}

/** What the endpoint knows of a task. */
export interface MetadataTask {
  readonly spec: TaskSpec;
  readonly status: TaskStatus;
  readonly hostname: string;
  readonly resolver: string;
  readonly region: string;
  readonly createdAt: string;
  readonly containers: readonly MetadataContainer[];
}

export const metadataUri = (version: "v3" | "v4", dockerId: string) =>
  `http://${metadataAddress}/${version}/${dockerId}`;

const statusOf = (task: MetadataTask) => ({
  DesiredStatus: task.status.desiredStatus ?? "RUNNING",
  KnownStatus: task.status.knownStatus ?? (task.containers.some((each) => each.startedAt) ? "RUNNING" : "PENDING"),
});

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate-response.html */
function containerDocument(task: MetadataTask, container: MetadataContainer) {
  const { spec } = task;
  const health = task.status.health?.[container.name];
  return {
    DockerId: container.dockerId,
    Name: container.name,
    DockerName: container.name,
    Image: container.image,
    Labels: {
      "com.amazonaws.ecs.cluster": spec.cluster,
      "com.amazonaws.ecs.container-name": container.name,
      "com.amazonaws.ecs.task-arn": spec.arn,
      "com.amazonaws.ecs.task-definition-family": spec.family,
      "com.amazonaws.ecs.task-definition-version": String(spec.revision),
    },
    ...statusOf(task),
    ...(container.exitCode === undefined ? {} : { KnownStatus: "STOPPED", ExitCode: container.exitCode }),
    Limits: { CPU: 0 },
    CreatedAt: container.createdAt,
    ...(container.startedAt ? { StartedAt: container.startedAt } : {}),
    Type: "NORMAL",
    ...(health ? { Health: { status: health } } : {}),
    Networks: [
      {
        NetworkMode: "awsvpc",
        IPv4Addresses: [spec.address],
        AttachmentIndex: 0,
        IPv4SubnetCIDRBlock: spec.subnetCidr,
        DomainNameServers: [task.resolver],
        PrivateDNSName: task.hostname,
        SubnetGatewayIpv4Address: `${addressAt(spec.subnetCidr, 1)}/${spec.subnetCidr.split("/")[1]}`,
      },
    ],
  };
}

function taskDocument(task: MetadataTask) {
  const { spec } = task;
  const limits = {
    ...(spec.cpu === undefined ? {} : { CPU: spec.cpu / 1024 }),
    ...(spec.memory === undefined ? {} : { Memory: spec.memory }),
  };
  return {
    Cluster: spec.cluster,
    TaskARN: spec.arn,
    Family: spec.family,
    Revision: String(spec.revision),
    ...(spec.serviceName ? { ServiceName: spec.serviceName } : {}),
    ...statusOf(task),
    ...(Object.keys(limits).length > 0 ? { Limits: limits } : {}),
    PullStartedAt: task.createdAt,
    PullStoppedAt: task.createdAt,
    AvailabilityZone: spec.availabilityZone ?? `${task.region}a`,
    LaunchType: "FARGATE",
    Containers: task.containers.map((container) => containerDocument(task, container)),
  };
}

/** Docker's statistics, as far as they are measured here: memory, processor time, number of processes. */
function statisticsDocument(task: MetadataTask, container: MetadataContainer) {
  const pids = container.pids();
  const sum = (of: (pid: number) => number) => pids.reduce((total, pid) => total + of(pid), 0);
  return {
    read: new Date().toISOString(),
    name: container.name,
    id: container.dockerId,
    num_procs: 0,
    pids_stats: { current: pids.length },
    cpu_stats: { cpu_usage: { total_usage: sum(processorTimeOf) }, online_cpus: 1 },
    memory_stats: {
      usage: sum((pid) => memoryOf(pid).rssBytes),
      ...(task.spec.memory === undefined ? {} : { limit: task.spec.memory * 2 ** 20 }),
    },
  };
}

/** The document at a path below `/v3` or `/v4`; `undefined` where AWS has none either. */
export function metadataDocument(tasks: Iterable<MetadataTask>, url: string, client: string): unknown {
  const [, dockerId, rest = ""] = /^\/v[34]\/([^/]+)(\/.*)?$/.exec(url.replace(/\/$/, "")) ?? [];
  for (const task of tasks) {
    const container = task.containers.find((each) => each.dockerId === dockerId);
    // Ids aren't secret, so the endpoint also checks the client's address: each task gets its own metadata alone.
    if (!container || task.spec.address !== client) continue;
    switch (rest) {
      case "":
        return containerDocument(task, container);
      case "/task":
      case "/taskWithTags":
        return taskDocument(task);
      case "/stats":
        return statisticsDocument(task, container);
      case "/task/stats":
        return Object.fromEntries(task.containers.map((each) => [each.dockerId, statisticsDocument(task, each)]));
    }
  }
  return undefined;
}

/** Serves the task metadata endpoint to all tasks of the VPC. */
export function serveMetadata(tasks: () => Iterable<MetadataTask>): Promise<Server> {
  const server = createServer((request, response) => {
    const document = metadataDocument(tasks(), request.url ?? "/", request.socket.remoteAddress ?? "");
    const [status, body] = document === undefined ? [404, "404 page not found\n"] : [200, JSON.stringify(document)];
    response.writeHead(status, { "content-type": document === undefined ? "text/plain" : "application/json" });
    response.end(body);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(80, metadataAddress, () => resolve(server));
  });
}
