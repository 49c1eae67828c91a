import type { Images } from "./control-plane/images";
import type { LabServiceOptions } from "./control-plane/lab-service";
import type { Destination, TaskRuntime, TaskRuntimeOptions } from "./data-plane/data-plane";
import type { LabEvent } from "./lab-event";
import type { VariableOverrides } from "./run-options/variable-overrides";
import type { AwsEndpoint } from "./local-aws/aws-clients";

/** Patches of local AWS that the lab needs: `patches` of `startLocalAws`. */
export const labPatches = ["tasks", "cloud_map", "iam", "load_balancing", "logs"] as const;

export interface LabOptions extends Pick<LabServiceOptions, "settleSeconds" | "retrySeconds"> {
  /** Local AWS that the layout was applied to, started with the patches {@link labPatches}. */
  readonly aws: AwsEndpoint;
  readonly images: Images;
  /** What makes the VPC on this machine. @default `startTaskRuntime` */
  readonly startRuntime?: (options: TaskRuntimeOptions) => Promise<TaskRuntime>;
  /** Folder that gets each container's output. @default no files */
  readonly logFolder?: string;
  /** Seconds between two looks at what is applied; 0: only on {@link Lab.sync}. @default 2 */
  readonly syncSeconds?: number;
  /** Seconds that a resolver keeps an NXDOMAIN, in place of what the namespace says. @default the namespace's, or 300 */
  readonly negativeTtl?: number;
  /** Servers beyond the VPC that tasks reach. @default none */
  readonly destinations?: readonly Destination[];
  /** PostgreSQL in the VPC: its security group by name or id, or `true` where the layout has one for it. @default none */
  readonly database?: string | true;
  /** Variables that containers get in this run. @default those of their task definitions */
  readonly variables?: VariableOverrides;
  readonly onEvent?: (event: LabEvent) => void;
}
