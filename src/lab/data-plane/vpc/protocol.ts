import type {
  AgentAnswer,
  ContainerStatistics,
  Destination,
  ExecOptions,
  ExecResult,
  ExitStatus,
  Faults,
  GroupAssignment,
  LoadBalancerSpec,
  PacketCounters,
  Probe,
  ResolverOptions,
  SecurityGroup,
  SubnetNetwork,
  TargetAnswer,
  TargetCheck,
  TaskRuntime,
  TaskSpec,
  TaskStatus,
  Zone,
} from "../data-plane";
import type { Captured, Sought } from "../packets/captured";
import type { ContainerOrder } from "./container/container";

/** What the process outside asks of the one in the sandbox: all of it data, so that it can travel. */
export interface VpcCalls {
  open(options: { readonly vpcCidrs: readonly string[]; readonly region: string }): Promise<TaskRuntime["abilities"]>;
  createTask(spec: TaskSpec): Promise<void>;
  removeTask(taskId: string): Promise<void>;
  describeTask(taskId: string, status: TaskStatus): Promise<void>;
  /** Answers a {@link AgentRequest}. */
  answerAgent(request: number, answer: AgentAnswer): Promise<void>;
  startContainer(taskId: string, order: ContainerOrder): Promise<{ readonly startedAt: string }>;
  signalContainer(taskId: string, name: string, signal: NodeJS.Signals): Promise<void>;
  exec(taskId: string, name: string, command: readonly string[], options: ExecOptions): Promise<ExecResult>;
  /** Its first process's id in the sandbox, and its environment; `undefined` when it does not run. */
  inspectContainer(taskId: string, name: string): Promise<ContainerInspection | undefined>;
  applySecurityGroups(groups: readonly SecurityGroup[]): Promise<void>;
  assignSecurityGroups(assignments: readonly GroupAssignment[]): Promise<void>;
  applySubnets(subnets: readonly SubnetNetwork[]): Promise<void>;
  applyZones(zones: readonly Zone[]): Promise<void>;
  applyLoadBalancers(loadBalancers: readonly LoadBalancerSpec[]): Promise<void>;
  applyDestinations(destinations: readonly Destination[]): Promise<void>;
  checkTarget(loadBalancerId: string, check: TargetCheck): Promise<TargetAnswer>;
  applyFaults(faults: Faults): Promise<void>;
  configureResolver(options: ResolverOptions): Promise<void>;
  counters(): Promise<PacketCounters>;
  probe(probes: readonly Probe[], milliseconds: number): Promise<boolean[]>;
  startCapture(): Promise<void>;
  endCapture(sought: Sought): Promise<Captured>;
  statistics(): Promise<ContainerStatistics[]>;
}

export interface ContainerInspection {
  readonly pid: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** Where a connection leads. */
export type ConnectionTarget = { readonly port: number } & (
  { readonly taskId: string } | { readonly loadBalancer: string }
);

/** From outside: a call, or a connection (sent along as a handle) that leads to a port of a task or a load balancer. */
export type ToSandbox =
  | { readonly call: number; readonly method: keyof VpcCalls; readonly args: readonly unknown[] }
  | { readonly connect: ConnectionTarget };

/** A request of a container to ECS's agent, which `answerAgent` answers. */
export interface AgentRequest {
  readonly taskId: string;
  readonly agentRequest: number;
  /** Of a PUT; absent for a GET. */
  readonly body?: string;
}

/** A task has connected to a destination; the connection is sent along as a handle. */
export interface Accepted {
  readonly accepted: { readonly address: string; readonly port: number };
}

/** That the resolver answered a task's question otherwise than last time. */
export interface DnsAnswer {
  /** The task's address. */
  readonly answerTo: string;
  readonly name: string;
  readonly addresses: readonly string[];
}

/** What a container wrote, or that it exited. */
export type ContainerEvent = { readonly taskId: string; readonly container: string } & (
  { readonly output: string; readonly stream: "stdout" | "stderr" } | { readonly exited: ExitStatus }
);

/** To outside: that it listens, the result of a call, a connection, what a container did, or what it asks of ECS's agent. */
export type FromSandbox =
  | { readonly ready: true }
  | { readonly call: number; readonly result?: unknown; readonly error?: string }
  | Accepted
  | AgentRequest
  | DnsAnswer
  | ContainerEvent;
