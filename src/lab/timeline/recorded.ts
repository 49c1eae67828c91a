import type { HealthStatus } from "../control-plane/task/health-check";
import type { TaskStatus } from "../control-plane/task/fargate-task";

/** What happened in a run of the lab. Times are milliseconds since 1970. */
export interface Recorded {
  readonly from: number;
  readonly to: number;
  /** In the order in which they were made. */
  readonly tasks: readonly RecordedTask[];
  /** What services said in ECS's words, what was done from outside, changes of rules and cookies, and what went wrong: in order. */
  readonly events: readonly RecordedEvent[];
  /** Requests that have ended in each second, and how many of them had failed or sockets were closed without a close frame. */
  readonly traffic: readonly TrafficSecond[];
  /** How many packets no security group had let pass up to a moment. */
  readonly denied: readonly { readonly at: number; readonly packets: number }[];
}

export interface TrafficSecond {
  /** Its beginning. */
  readonly at: number;
  readonly requests: number;
  readonly errors: number;
}

export interface RecordedTask {
  readonly id: string;
  readonly service: string;
  /** `family:revision`. */
  readonly definition: string;
  readonly address?: string;
  readonly states: readonly { readonly at: number; readonly status: TaskStatus; readonly health: HealthStatus }[];
  /** Nodes that its node has seen coming and going. */
  readonly peers: readonly PeerChange[];
  /** Whether it is meant to see no other node. */
  readonly apart?: true;
  /** Why it ended, with exit codes. */
  readonly end?: string;
}

export interface PeerChange {
  readonly at: number;
  /** Address of the other node. */
  readonly peer: string;
  /** Erlang's reason, of one that has gone. */
  readonly gone?: string;
}

export interface RecordedEvent {
  readonly at: number;
  readonly kind: "service" | "done" | "change" | "problem";
  /** Of which service, for its own words. */
  readonly service?: string;
  readonly text: string;
}
