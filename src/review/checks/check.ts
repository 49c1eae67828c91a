import type { Fallbacks } from "../cluster/node/distribution";
import type { ScheduledTask } from "../cluster/tasks/scheduled-tasks";
import type { Service } from "../cluster/services";
import type { Matrix } from "../cluster/connections/matrix";
import type { ClusterStability } from "../cluster/cluster-stability";
import type { Firewall } from "../network/firewall";
import type { Resource } from "../read/resources";
import type { Stack } from "../read/stack";
import type { ServerLink } from "../servers/servers";
import type { WebService } from "../web/web-services";

/** Worst first. */
export const severities = ["error", "warning", "note"] as const;
export type Severity = (typeof severities)[number];

/** All that a check may look at. */
export interface Subject extends Stack {
  readonly services: readonly Service[];
  /** What EventBridge starts. */
  readonly scheduled: readonly ScheduledTask[];
  readonly firewall: Firewall;
  readonly matrix: Matrix;
  /** Values for what the plan does not set. */
  readonly fallbacks: Fallbacks;
  readonly stability: readonly ClusterStability[];
  /** The databases and other servers that services connect to. */
  readonly servers: readonly ServerLink[];
  /** The services behind a load balancer. */
  readonly web: readonly WebService[];
}

/** One thing that a check found. */
export interface Problem {
  readonly address: string;
  /** What is wrong, with the names and numbers of this case. */
  readonly message: string;
  /** Where it is less or more than the check's own. */
  readonly severity?: Severity;
}

export interface Check {
  /** Stable: baselines and `--ignore` name it. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** Why it matters. */
  readonly rationale: string;
  /** What to do. */
  readonly remediation: string;
  /** When it reports nothing, although something may be wrong. */
  readonly limitations?: string;
  /** The same rule in well-known scanners. */
  readonly related?: readonly string[];
  /** The pages that it rests on. */
  readonly sources: readonly string[];
  find(subject: Subject): Iterable<Problem>;
}

/** Each task definition once, with the first service that runs it. */
export function* runningDefinitions({ services }: Subject): Generator<{ service: Service; definition: Resource }> {
  const seen = new Set<Resource>();
  for (const service of services) {
    if (!service.taskDefinition || seen.has(service.taskDefinition)) continue;
    seen.add(service.taskDefinition);
    yield { service, definition: service.taskDefinition };
  }
}
