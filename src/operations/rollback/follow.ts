import { setTimeout as pause } from "node:timers/promises";
import type { Aws } from "../../aws/sdk/clients";
import type { DeployedEnvironment, DeployedService } from "../deployed-environment";
import { ecsServiceOf } from "../ecs-service";
import { listDeployments } from "../service-deployments";
import type { RollbackChoices } from "./revisions";

/** Milliseconds between two looks. */
const lookMs = 3000;

/** How a followed deployment ended; `left`: the signal came first. */
export type Ending = "succeeded" | "failed" | "left";

const endings: Readonly<Record<string, Ending>> = {
  SUCCESSFUL: "succeeded",
  STOPPED: "failed",
  ROLLBACK_SUCCESSFUL: "failed",
  ROLLBACK_FAILED: "failed",
};

/**
 * Follows the deployment that began after `before` was read.
 * @param say gets what ECS says about the service meanwhile.
 */
export async function followDeployment(
  aws: Aws,
  environment: DeployedEnvironment,
  service: DeployedService,
  before: RollbackChoices,
  { say, signal }: { readonly say: (text: string) => void; readonly signal: AbortSignal },
): Promise<Ending> {
  const told = new Set((before.ecs.events ?? []).map(({ id }) => id));
  while (!signal.aborted) {
    const deployments = await listDeployments(aws, environment.cluster, service.ecsService);
    // The oldest new one: another may have replaced it.
    const own = deployments.filter(({ serviceDeploymentArn: arn }) => arn && !before.deployments.includes(arn)).at(-1);
    const { events = [] } = await ecsServiceOf(aws, environment, service);
    for (const { id, createdAt, message = "" } of [...events].reverse()) {
      if (told.has(id)) continue;
      told.add(id);
      say(`${createdAt?.toISOString() ?? ""} ${message}`.trim());
    }
    const ending = endings[own?.status ?? ""];
    if (ending) return ending;
    await pause(lookMs, undefined, { signal }).catch(() => undefined);
  }
  return "left";
}
