import { randomBytes } from "node:crypto";
import type { ExitStatus, TaskSpec, TaskStatus } from "../../data-plane";
import { RunningContainer, type ContainerListener, type ContainerOrder } from "../container/container";
import type { ContainerRoots } from "../container/container-root";
import { agentUri, metadataUri, type MetadataContainer, type MetadataTask } from "../metadata";
import type { Link } from "./router";

/** What all tasks of a VPC share. */
export interface TaskSurroundings {
  readonly region: string;
  readonly resolver: string;
  readonly roots: ContainerRoots;
}

interface Entry {
  readonly order: ContainerOrder;
  readonly dockerId: string;
  readonly createdAt: string;
  running?: RunningContainer;
  exit?: ExitStatus;
}

/** A task with its link to the router and its containers. */
export class TaskNetwork implements MetadataTask {
  readonly createdAt = new Date().toISOString();
  readonly hostname: string;
  readonly region: string;
  readonly resolver: string;
  status: TaskStatus = {};
  /** Absent until it is attached. */
  link: Link | undefined;
  private readonly entries = new Map<string, Entry>();
  private readonly starting = new Set<Promise<unknown>>();
  private ending = false;

  constructor(
    readonly spec: TaskSpec,
    private readonly surroundings: TaskSurroundings,
  ) {
    this.region = surroundings.region;
    this.resolver = surroundings.resolver;
    this.hostname = `ip-${spec.address.replaceAll(".", "-")}.${hostDomain(surroundings.region)}`;
  }

  get containers(): MetadataContainer[] {
    return [...this.entries.values()].map(({ order, dockerId, createdAt, running, exit }) => ({
      name: order.name,
      image: order.image,
      dockerId,
      createdAt,
      ...(running ? { startedAt: running.startedAt } : {}),
      ...(exit ? { exitCode: exit.exitCode } : {}),
      pids: () => running?.pids() ?? [],
    }));
  }

  get running(): RunningContainer[] {
    return [...this.entries.values()].flatMap(({ running }) => (running && !running.status ? [running] : []));
  }

  container(name: string): RunningContainer | undefined {
    return this.entries.get(name)?.running;
  }

  /** @throws Error as `RunningContainer.start` does, and when one of that name runs. */
  async start(order: ContainerOrder, listener: ContainerListener): Promise<RunningContainer> {
    if (this.ending) throw new Error(`Task ${this.spec.id} is being removed.`);
    const before = this.entries.get(order.name);
    if (before && !before.exit) throw new Error(`Container "${order.name}" runs in task ${this.spec.id} already.`);
    const dockerId = `${this.spec.id.replaceAll("-", "")}-${randomBytes(4).readUInt32BE()}`;
    const entry: Entry = { order, dockerId, createdAt: new Date().toISOString() };
    this.entries.set(order.name, entry);
    const starting = RunningContainer.start(order, this.environmentOf(order, dockerId), this.place, {
      ...listener,
      exited: (status) => {
        entry.exit = status;
        listener.exited(status);
      },
    });
    this.starting.add(starting);
    try {
      entry.running = await starting;
      return entry.running;
    } catch (error) {
      this.entries.delete(order.name);
      throw error;
    } finally {
      this.starting.delete(starting);
    }
  }

  /** Kills every container; settled when they are gone. */
  async end(): Promise<void> {
    this.ending = true;
    await Promise.allSettled(this.starting);
    const { running } = this;
    for (const container of running) container.signal("SIGKILL");
    await Promise.all(running.map((container) => container.ended));
  }

  private get place() {
    const { address, id } = this.spec;
    if (!this.link) throw new Error(`The network interface of task ${id} is not attached yet.`);
    return { namespace: this.link.namespace, address, hostname: this.hostname, ...this.surroundings };
  }

  private environmentOf(order: ContainerOrder, dockerId: string): Record<string, string> {
    return {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      HOME: "/root",
      HOSTNAME: this.hostname,
      LANG: "C.UTF-8",
      AWS_REGION: this.region,
      AWS_DEFAULT_REGION: this.region,
      AWS_EXECUTION_ENV: "AWS_ECS_FARGATE",
      ECS_AGENT_URI: agentUri(dockerId),
      ECS_CONTAINER_METADATA_URI: metadataUri("v3", dockerId),
      ECS_CONTAINER_METADATA_URI_V4: metadataUri("v4", dockerId),
      ...order.environment,
    };
  }
}

/** Domain of a VPC's host names. Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html */
export function hostDomain(region: string): string {
  return region === "us-east-1" ? "ec2.internal" : `${region}.compute.internal`;
}
