import type { AppliedSubnet } from "../applied/subnets";
import type { AppliedTaskDefinition } from "../applied/task-definitions";
import type { RegistrationPlaces } from "../registrations";

/** What a task is made from; `oneOff` is of RunTask. */
export interface TaskOrder extends RegistrationPlaces {
  /** The service; for a task that RunTask started, its task definition's family. */
  readonly serviceName: string;
  readonly deploymentId: string;
  /** `FARGATE` or `FARGATE_SPOT`. */
  readonly capacityProvider: string;
  readonly oneOff?: { readonly id: string; readonly group: string };
  readonly clusterArn: string;
  readonly definition: AppliedTaskDefinition;
  readonly subnet: AppliedSubnet;
  readonly securityGroupIds: readonly string[];
  readonly enableExecuteCommand: boolean;
}

/** Why a task ends, in ECS's words. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html */
export interface TaskEnd {
  readonly stopCode:
    | "TaskFailedToStart"
    | "EssentialContainerExited"
    | "UserInitiated"
    | "ServiceSchedulerInitiated"
    | "SpotInterruption";
  readonly stoppedReason: string;
}
