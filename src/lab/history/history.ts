import type { TaskStatus } from "../control-plane/task/fargate-task";
import type { Faults } from "../data-plane/data-plane";

/**
 * What happened in one lab, in order. Times are milliseconds from its start, counted only as far as this machine granted
 * processor time: on a busy machine a second here takes longer than a second.
 */
export interface History {
  /** When it ends, before the lab stops its tasks. */
  readonly to: number;
  readonly settings: HistorySettings;
  readonly events: readonly HistoryEvent[];
}

/** What of the applied services decides how long things may take, and who belongs together. The slowest service counts. */
export interface HistorySettings {
  /** Seconds. */
  readonly netTicktime: number;
  /** Milliseconds. */
  readonly pollingIntervalMs: number;
  /** Seconds that a resolver may keep the A records, and the answer that there are none. */
  readonly dnsTtl: number;
  readonly negativeTtl: number;
  /** Names of services, one list a cluster; services in no list may be in any. */
  readonly clusters: readonly (readonly string[])[];
  /** Services whose nodes must not connect to any. */
  readonly apart: readonly string[];
}

export type HistoryEvent = { readonly at: number } & (
  | {
      readonly kind: "task";
      readonly task: string;
      readonly service: string;
      /** Absent before its network interface is attached. */
      readonly address?: string;
      /** Version of its nodes, where versions form separate clusters. */
      readonly version?: string;
      readonly status: TaskStatus;
      /** Whether ECS stops it, or its container has ended. */
      readonly ending: boolean;
    }
  /** Its node's application has started and looks for other nodes. */
  | { readonly kind: "looks"; readonly task: string }
  /** Its node leaves the cluster, and may run on to finish its work. */
  | { readonly kind: "leaves"; readonly task: string }
  /** Its node reports that it is connected to the one at an address, or that it isn't any more. */
  | { readonly kind: "connect"; readonly task: string; readonly peer: string }
  | { readonly kind: "disconnect"; readonly task: string; readonly peer: string; readonly reason: string }
  /** Addresses that Cloud Map has for a name from now on. */
  | { readonly kind: "registered"; readonly name: string; readonly addresses: readonly string[] }
  /** The VPC's resolver answers the task at an address. Repeated answers are left out. */
  | { readonly kind: "answer"; readonly to: string; readonly name: string; readonly addresses: readonly string[] }
  /** All faults there are from now on; none when it is empty. */
  | { readonly kind: "faults"; readonly faults: Faults }
);

/** Where a history breaks an invariant. */
export interface Violation {
  readonly at: number;
  readonly text: string;
}

/** What every history must fulfil. */
export interface Invariant {
  /** Such as `whole`. */
  readonly name: InvariantName;
  /** In plain words, as docs/model.md has it. */
  readonly says: string;
  readonly violations: (history: History) => Violation[];
}

export const invariantNames = [
  "in-order",
  "members-only",
  "no-loss-without-cause",
  "whole",
  "both-ends",
  "dead-forgotten",
  "dns-answers",
] as const;
export type InvariantName = (typeof invariantNames)[number];
