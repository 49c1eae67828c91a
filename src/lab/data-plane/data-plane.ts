import type { Captured, Sought } from "./packets/captured";
import type { Destination, OnUnreachable } from "./network/destination";
import type { Faults, NetworkEvent } from "./faults/faults";
import type { TaskAgent } from "./task/task-agent";
import type { LoadBalancerSpec, TargetAnswer, TargetCheck } from "./network/load-balancer";
import type { PacketCounters } from "./packets/packet-counters";
import type { GroupAssignment, Probe } from "./network/network-interface";
import type { SecurityGroup } from "./network/security-group";
import type { SubnetNetwork } from "./network/subnet-network";

export type * from "./network/destination";
export type * from "./faults/faults";
export type * from "./network/load-balancer";
export type * from "./network/network-interface";
export type * from "./task/task-agent";
export type { DeniedCounter, FlowCounter, PacketCounters, RuleCounter } from "./packets/packet-counters";
export type { RulePeer, SecurityGroup, SecurityGroupRule } from "./network/security-group";
export type { AclEntry, SubnetNetwork, SubnetRoute } from "./network/subnet-network";

/**
 * What the lab's control plane (the part that acts as ECS, Cloud Map and EC2's API do) and its data plane (network,
 * security groups, DNS, metadata, processes) say to each other. Types only; the words are AWS's.
 *
 * The control plane reads what was applied and *declares* it: every `apply…` method takes the whole state, replaces the
 * one before it atomically and may be called as often as anything changes, also before the first task. What happens
 * (a container's exit, its output) comes back through the objects that `createTask` and `startContainer` give.
 *
 *     const runtime = await startTaskRuntime({ vpcCidrs: ["10.0.0.0/16"], region: "eu-west-1" });   // ./runtime.ts
 *     await runtime.applySecurityGroups(groups);
 *     await runtime.applyZones(zones);
 *     const task = await runtime.createTask({ id, arn, …, address: "10.0.1.11" });    // PROVISIONING: the ENI is attached
 *     const container = await task.startContainer({ name: "app", … });               // RUNNING
 *     const { exitCode } = await container.stop(30);                                  // SIGTERM, after 30 s SIGKILL
 *     await task.remove();                                                            // DEPROVISIONING: the ENI is gone
 *     await runtime.close();
 */

/** Where tasks run: one VPC on this machine. Ends with `close()`, and with this process in whatever way that ends. */
export interface TaskRuntime {
  /** What this machine's kernel can do beyond the necessary. */
  readonly abilities: {
    /** Whether packets can be delayed ({@link Shaping.delayMs}); loss always works. */
    readonly delay: boolean;
    /** What delays them: the kernel, or, where the kernel lacks sch_netem, a process. */
    readonly delayedBy?: "sch_netem" | "a process";
  };
  /** Settled when the sandbox is gone: `undefined` after `close()`, else the error that ended it. Never rejects. */
  readonly closed: Promise<Error | undefined>;
  /**
   * Attaches a network interface for a task. Its security groups need not be applied yet: until they are, nothing passes.
   * @throws Error when the address is outside of the subnet or the VPC, reserved by AWS (first four, last) or in use.
   */
  createTask(spec: TaskSpec, agent?: TaskAgent): Promise<Task>;
  /** All security groups of the VPC. Members are known from the tasks; connections that are open stay open, as in AWS. */
  applySecurityGroups(groups: readonly SecurityGroup[]): Promise<void>;
  /** Gives tasks' network interfaces other security groups; connections that are open stay open. */
  assignSecurityGroups(assignments: readonly GroupAssignment[]): Promise<void>;
  /** Network ACLs and route tables, by subnet. What is left out lets everything through. */
  applySubnets(subnets: readonly SubnetNetwork[]): Promise<void>;
  /** All private DNS namespaces of the VPC. Answers that a resolver has cached stay until their TTL is over. */
  applyZones(zones: readonly Zone[]): Promise<void>;
  /**
   * All load balancers of the VPC with their targets. Connections stay open when targets go, or when listeners change.
   * @throws Error when this machine has no HAProxy, and a load balancer is given.
   */
  applyLoadBalancers(loadBalancers: readonly LoadBalancerSpec[]): Promise<void>;
  /** Asks a target from a load balancer's node, through the security groups of both. */
  checkTarget(loadBalancerId: string, check: TargetCheck): Promise<TargetAnswer>;
  /**
   * Lets this machine reach a port of a load balancer at 127.0.0.1, as a client that connects from the internet (from the
   * load balancer's own subnet where it is internal): its security groups decide.
   * @throws Error when `hostPort` is taken.
   */
  forwardToLoadBalancer(loadBalancerId: string, port: number, hostPort?: number): Promise<Forwarding>;
  /**
   * All servers beyond the VPC that tasks reach by TCP, as far as the tasks' security groups let them out, and all other names
   * that the resolver answers. Nothing else beyond the VPC answers.
   */
  applyDestinations(destinations: readonly Destination[], onUnreachable?: OnUnreachable): Promise<void>;
  /** All faults there are from now on; `{}` heals everything. */
  applyFaults(faults: Faults): Promise<void>;
  /** How the VPC's resolver behaves; what is left out keeps its value. */
  configureResolver(options: ResolverOptions): Promise<void>;
  /** Packets counted since the start. Deleting or changing a rule restarts its count; the others keep theirs. */
  counters(): Promise<PacketCounters>;
  /**
   * Opens TCP connections from tasks, all at once, and tells which were answered within the time: by a connection, or by
   * a refusal, which shows that packets pass both ways.
   */
  probe(probes: readonly Probe[], milliseconds: number): Promise<readonly boolean[]>;
  /**
   * Reads from now on what tasks send to each other by TCP, until the function that this gives is called.
   * @throws Error when this machine has no Python 3.
   */
  capture(): Promise<(sought: Sought) => Promise<Captured>>;
  /** Memory of every running container, in one call. */
  statistics(): Promise<ContainerStatistics[]>;
  /** Ends all tasks at once (SIGKILL) and removes everything. */
  close(): Promise<void>;
}

/** Options of `startTaskRuntime` in `./runtime.ts`. */
export interface TaskRuntimeOptions {
  /** IPv4 CIDR blocks of the VPC; the resolver has the first one's base plus two, as in AWS (and 169.254.169.253). */
  readonly vpcCidrs: readonly string[];
  /** AWS region: the host names' suffix, and in the metadata. */
  readonly region: string;
  /** Folder on this machine that gets each container's output as `<task id>-<container>.log`. @default no files */
  readonly logFolder?: string;
  /** Gets what happens in the network: faults once they are in force, and answers of DNS. */
  readonly onNetwork?: (event: NetworkEvent) => void;
}

/** A task's place: its network interface and what its metadata says. */
export interface TaskSpec {
  /** 32 hexadecimal digits in ECS; letters, digits and dashes are allowed here. */
  readonly id: string;
  readonly arn: string;
  /** Private IPv4 address of the ENI, of `subnetCidr`. */
  readonly address: string;
  /** IPv4 CIDR block of the subnet, such as `10.0.1.0/24`. */
  readonly subnetCidr: string;
  /** One to five. */
  readonly securityGroupIds: readonly string[];
  /** Cluster's ARN or short name, as the metadata gives it. */
  readonly cluster: string;
  readonly family: string;
  readonly revision: number;
  /** Absent for a task that no service started. */
  readonly serviceName?: string;
  /** @default "<region>a" */
  readonly availabilityZone?: string;
  /** Task size: CPU units (1024 a vCPU) and MiB. Told by the metadata, not enforced. */
  readonly cpu?: number;
  readonly memory?: number;
}

/** A task whose network interface is attached. */
export interface Task {
  readonly spec: TaskSpec;
  /**
   * Starts one container; several of a task share its network and nothing else.
   * @throws Error with the words of ECS's `CannotStartContainerError` when the folder or the command does not exist.
   */
  startContainer(spec: ContainerSpec): Promise<Container>;
  /** What the metadata endpoint says from now on; what is left out keeps its value. */
  describe(status: TaskStatus): Promise<void>;
  /**
   * Lets this machine reach a port of the task at 127.0.0.1, past all security groups: what connects there connects from
   * inside the task, so the application takes it for its own machine.
   * @throws Error when `hostPort` is taken.
   */
  forward(port: number, hostPort?: number): Promise<Forwarding>;
  /** Kills what still runs and takes the network interface away; packets to the address vanish from then on. */
  remove(): Promise<void>;
}

export interface TaskStatus {
  /** @default "RUNNING" from the first container on, "PENDING" before */
  readonly knownStatus?: string;
  /** @default "RUNNING" */
  readonly desiredStatus?: string;
  /** By container name; shown only for containers that have a health check. */
  readonly health?: Readonly<Record<string, "UNKNOWN" | "HEALTHY" | "UNHEALTHY">>;
}

/** A port of this machine's loopback that leads into a task. */
export interface Forwarding {
  readonly port: number;
  close(): Promise<void>;
}

/** One container of a task definition, everything resolved: secrets are values in `environment` here. */
export interface ContainerSpec {
  readonly name: string;
  /** Name of the image as the task definition gives it; the metadata reports it. */
  readonly image: string;
  /**
   * Folder on this machine that is the image's working directory, such as a Mix release. It appears at `/app`; what the
   * container writes there, and anywhere else, is its own, stays in memory and goes with it.
   */
  readonly folder: string;
  /** What to execute: entry point and command in one list, such as `["bin/myapp", "start"]`, relative to `/app`. */
  readonly command: readonly string[];
  /**
   * Overrides what every container has: `PATH`, `HOME`, `HOSTNAME`, `LANG=C.UTF-8`, `AWS_REGION`, `AWS_DEFAULT_REGION`,
   * `AWS_EXECUTION_ENV=AWS_ECS_FARGATE`, `ECS_AGENT_URI`, `ECS_CONTAINER_METADATA_URI_V4` (with `ECS_CONTAINER_METADATA_URI`).
   */
  readonly environment?: Readonly<Record<string, string>>;
  /** Root file system read-only, but for `volumes`. @default false */
  readonly readonlyRootFilesystem?: boolean;
  /** Absolute paths in the container that are empty writable volumes, such as `/tmp`. @default none */
  readonly volumes?: readonly string[];
  /** Called for each line of output, without its end. */
  readonly onOutput?: (line: string, stream: "stdout" | "stderr") => void;
}

/** A container that runs, or has run. */
export interface Container {
  readonly spec: ContainerSpec;
  /** When its command was started: ISO 8601. */
  readonly startedAt: string;
  /** Settled when its first process has ended; everything it left behind is dead by then. Never rejects. */
  readonly exited: Promise<ExitStatus>;
  /** The newest 64 KiB of what it wrote to both streams. */
  log(): string;
  /** Sends a signal to its first process alone, as `docker kill` does. Nothing happens after its end. */
  signal(signal: "SIGTERM" | "SIGKILL" | "SIGINT" | "SIGHUP" | "SIGQUIT" | "SIGUSR1" | "SIGUSR2"): Promise<void>;
  /** SIGTERM, and SIGKILL after `timeoutSeconds` (ECS: 30 by default, 120 at most on Fargate). */
  stop(timeoutSeconds: number): Promise<ExitStatus>;
  /**
   * Runs a command inside, with the container's environment, at `/app`: health checks, `bin/myapp rpc …`. A command that
   * outlasts its timeout is killed: `code` 137. A container that has ended gives code 137 too.
   */
  exec(command: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  /** How a process of this machine runs a command inside on its own terminal: for `iex` in a task. Spawn it with `stdio: "inherit"`. */
  terminal(command: readonly string[]): Promise<TerminalCommand>;
}

/** Arguments of `spawn(file, args, { env: environment, stdio: "inherit" })`. */
export interface TerminalCommand {
  readonly file: string;
  readonly args: string[];
  readonly environment: Record<string, string>;
}

export interface ExecOptions {
  /** @default 30 */
  readonly timeoutSeconds?: number;
  /** Added to the container's. @default none */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

export interface ExitStatus {
  /** As Docker and ECS give it: 128 + the signal's number after a signal (137 for SIGKILL, 143 for SIGTERM). */
  readonly exitCode: number;
  /** The signal that ended it, such as `SIGKILL`; absent after an exit. */
  readonly signal?: string;
  /** ISO 8601. */
  readonly finishedAt: string;
}

/** A Cloud Map private DNS namespace, as its Route 53 private hosted zone answers. */
export interface Zone {
  /** Such as `organization.local`. */
  readonly name: string;
  /** Seconds that a resolver may keep an NXDOMAIN: the SOA's TTL and minimum (GetNamespace's `DnsProperties.SOA.TTL`). */
  readonly negativeTtl: number;
  readonly services: readonly ZoneService[];
}

/** A Cloud Map service with an A record. One without instances has no record: NXDOMAIN, as in Cloud Map. */
export interface ZoneService {
  /** Such as `myapp`, of `myapp.organization.local`. */
  readonly name: string;
  /** MULTIVALUE answers with at most eight at random, WEIGHTED with one. */
  readonly routingPolicy: "MULTIVALUE" | "WEIGHTED";
  /** Seconds. */
  readonly ttl: number;
  readonly instances: readonly ZoneInstance[];
}

export interface ZoneInstance {
  readonly address: string;
  /** Unhealthy ones are left out, unless all are. */
  readonly healthy: boolean;
}

export interface ResolverOptions {
  /** Whether answers are kept for their TTL, for all tasks alike; `false` asks the zone each time. @default true */
  readonly cache?: boolean;
}

export interface ContainerStatistics {
  readonly taskId: string;
  readonly container: string;
  readonly processes: number;
  /** Resident bytes of all its processes, pages that they share with others counted in full. */
  readonly rssBytes: number;
  /** Resident bytes with shared pages split between those who share them. */
  readonly pssBytes: number;
}
