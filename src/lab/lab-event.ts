import { versionVariable } from "../containers/variables";
import type { AppliedSnapshot } from "./control-plane/applied/applied-snapshot";
import type { HealthStatus } from "./control-plane/task/health-check";
import type { TargetHealth } from "./control-plane/load-balancing/target-health";
import type { FargateTask, TaskStatus } from "./control-plane/task/fargate-task";
import type { TaskEnd } from "./control-plane/task/task-order";
import type { NetworkEvent } from "./data-plane/data-plane";

/** What happened in the lab, for a timeline. `at` is milliseconds since 1970. */
export type LabEvent = { readonly at: number } & (
  | {
      readonly kind: "task";
      readonly service: string;
      readonly taskId: string;
      /** Absent before the network interface is there. */
      readonly address?: string;
      /** ARN. */
      readonly taskDefinition: string;
      /** Version of its nodes, where versions form separate clusters. */
      readonly version?: string;
      readonly status: TaskStatus;
      readonly health: HealthStatus;
      readonly end?: TaskEnd;
      /** Exit codes by container, of those that have ended. */
      readonly exitCodes: Readonly<Record<string, number>>;
    }
  /** A target of a load balancer has another state, or is gone (`unused`). */
  | { readonly kind: "target"; readonly taskId: string; readonly group: string; readonly health: TargetHealth }
  /** An event of the service, in ECS's words. */
  | { readonly kind: "service"; readonly service: string; readonly message: string }
  | {
      readonly kind: "output";
      readonly taskId: string;
      readonly container: string;
      readonly line: string;
      readonly stream: "stdout" | "stderr";
    }
  /** What the lab found applied, at its start and after each change. */
  | ({ readonly kind: "applied" } & AppliedSnapshot)
  /** Addresses that Cloud Map has for a name from now on. */
  | { readonly kind: "registered"; readonly name: string; readonly addresses: readonly string[] }
  /** Faults, and answers of DNS. */
  | NetworkEvent
  /** Something in the lab itself, or in what was applied, is wrong; the lab goes on. */
  | { readonly kind: "problem"; readonly message: string }
);

/** An event before it has its time; of each kind its own members. */
export type Untimed<Event> = Event extends unknown ? Omit<Event, "at"> : never;

function versionOf({ order }: FargateTask): { version?: string } {
  const version = order.definition.containers.map(({ environment }) => environment[versionVariable]).find(Boolean);
  return version === undefined ? {} : { version };
}

/** What has become of a task. */
export const taskEvent = (task: FargateTask): Untimed<LabEvent> => ({
  kind: "task",
  service: task.order.serviceName,
  taskId: task.id,
  address: task.networkInterface?.address,
  taskDefinition: task.order.definition.arn,
  ...versionOf(task),
  status: task.status,
  health: task.health,
  end: task.end,
  exitCodes: Object.fromEntries(
    task.containers.all.flatMap(({ definition, exit }) => (exit ? [[definition.name, exit.exitCode]] : [])),
  ),
});
