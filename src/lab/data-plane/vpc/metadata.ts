import { createServer, type IncomingMessage, type Server } from "node:http";
import { text } from "node:stream/consumers";
import type { AgentAnswer, TaskSpec, TaskStatus } from "../data-plane";
import { addressAt, prefixLength } from "../../../aws/network/ipv4";
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

/** Where containers find ECS's agent. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html */
export const agentUri = (dockerId: string) => `http://${metadataAddress}/api/${dockerId}`;

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
        SubnetGatewayIpv4Address: `${addressAt(spec.subnetCidr, 1)}/${prefixLength(spec.subnetCidr)}`,
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
function metadataDocument(task: MetadataTask, container: MetadataContainer, path: string): object | undefined {
  switch (path) {
    case "":
      return containerDocument(task, container);
    case "/task":
    case "/taskWithTags":
      return taskDocument(task);
    case "/stats":
      return statisticsDocument(task, container);
    case "/task/stats":
      return Object.fromEntries(task.containers.map((each) => [each.dockerId, statisticsDocument(task, each)]));
    default:
      return undefined;
  }
}

/** What the endpoint serves. */
export interface TaskEndpoint {
  tasks(): Iterable<MetadataTask>;
  /** Passes a request to the task's protection on to ECS's agent. @param body of a PUT */
  taskProtection(taskId: string, body?: string): Promise<AgentAnswer>;
}

const notFound: AgentAnswer = { status: 404, body: {} };

async function answer({ tasks, taskProtection }: TaskEndpoint, request: IncomingMessage): Promise<AgentAnswer> {
  const [, place, dockerId, path = ""] = /^\/(v3|v4|api)\/([^/]+)(\/.*)?$/.exec(request.url!.replace(/\/$/, "")) ?? [];
  for (const task of tasks()) {
    const container = task.containers.find((each) => each.dockerId === dockerId);
    // Ids aren't secret, so the endpoint also checks the client's address: each task gets its own metadata alone.
    if (!container || task.spec.address !== request.socket.remoteAddress) continue;
    if (place === "api") {
      if (path !== "/task-protection/v1/state") return notFound;
      return taskProtection(task.spec.id, request.method === "PUT" ? await text(request) : undefined);
    }
    const document = metadataDocument(task, container, path);
    return document === undefined ? notFound : { status: 200, body: document };
  }
  return notFound;
}

/** Serves the task metadata endpoint, and that of ECS's agent, to all tasks of the VPC. */
export function serveMetadata(endpoint: TaskEndpoint): Promise<Server> {
  const server = createServer((request, response) => {
    void answer(endpoint, request).then(({ status, body }) => {
      const found = status !== 404;
      response.writeHead(status, { "content-type": found ? "application/json" : "text/plain" });
      response.end(found ? JSON.stringify(body) : "404 page not found\n");
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(80, metadataAddress, () => resolve(server));
  });
}
