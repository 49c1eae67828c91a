import { DescribeTaskDefinitionCommand, type Service, type ServiceDeploymentBrief } from "@aws-sdk/client-ecs";
import { lastPartOf } from "../../aws/arn";
import { advice } from "../../advice";
import type { Aws } from "../../aws/sdk/clients";
import { UserError } from "../../user-error";
import type { DeployedEnvironment, DeployedService } from "../deployed-environment";
import { ecsServiceOf } from "../ecs-service";
import { listDeployments, taskDefinitions } from "../service-deployments";

/** A revision of a service's task definition that was deployed. */
export interface Revision {
  /** `prod-shop:14`. */
  readonly name: string;
  readonly arn: string;
  /** URI of the service's image; `undefined` if ECS no longer knows the revision. */
  readonly image: string | undefined;
  /** Whether it was deregistered, as Terraform does with a revision that it replaces. */
  readonly isInactive: boolean;
  /** When its last deployment began. */
  readonly deployedAt: Date | undefined;
  /** `ran`: a deployment of it succeeded once. */
  readonly outcome: "runs" | "ran" | "failed";
}

/** A service, and what it can be rolled back to. */
export interface RollbackChoices {
  readonly ecs: Service;
  /** The newest first. */
  readonly revisions: readonly Revision[];
  /** ARNs of the deployments there are. */
  readonly deployments: readonly string[];
}

/** Maximum of revisions that are shown. */
const shownRevisions = 10;

/**
 * The revisions of a service that ran, as ECS remembers them for 90 days.
 *
 * @throws UserError when the service isn't deployed, or a deployment is in progress.
 */
export async function rollbackChoices(
  aws: Aws,
  environment: DeployedEnvironment,
  service: DeployedService,
): Promise<RollbackChoices> {
  const ecs = await ecsServiceOf(aws, environment, service);
  const deployments = await listDeployments(aws, environment.cluster, service.ecsService);
  mustBeAtRest(environment, service, ecs, deployments);
  const definitions = await taskDefinitions(
    aws.ecs,
    deployments.map(({ targetServiceRevisionArn }) => targetServiceRevisionArn),
  );
  const ofDefinition = new Map<string, ServiceDeploymentBrief[]>([[ecs.taskDefinition!, []]]);
  for (const deployment of deployments) {
    const arn = definitions.get(deployment.targetServiceRevisionArn ?? "");
    if (arn !== undefined) ofDefinition.set(arn, [...(ofDefinition.get(arn) ?? []), deployment]);
  }
  const newest = [...ofDefinition].slice(0, shownRevisions);
  return {
    ecs,
    revisions: await Promise.all(newest.map(([arn, all]) => revision(aws, service, arn, all, ecs.taskDefinition!))),
    deployments: deployments.flatMap(({ serviceDeploymentArn }) => serviceDeploymentArn ?? []),
  };
}

function mustBeAtRest(
  environment: DeployedEnvironment,
  { name }: DeployedService,
  { deployments = [] }: Service,
  known: readonly ServiceDeploymentBrief[],
): void {
  const inProgress = deployments.find(
    ({ status, rolloutState }) => status === "PRIMARY" && rolloutState === "IN_PROGRESS",
  );
  if (!inProgress) return;
  const [{ serviceDeploymentArn: arn, status } = {}] = known;
  const canStop = arn !== undefined && (status === "IN_PROGRESS" || status === "PENDING");
  throw new UserError(
    `${name} is being deployed: ${lastPartOf(inProgress.taskDefinition!)}. Wait until that has ended: ${advice.status(environment)}` +
      (canStop
        ? `\nOr stop it, and ECS goes back by itself: ${advice.stopDeployment(environment.options.region, arn)}`
        : ""),
  );
}

async function revision(
  { ecs }: Aws,
  { name }: DeployedService,
  arn: string,
  deployments: readonly ServiceDeploymentBrief[],
  running: string,
): Promise<Revision> {
  const taskDefinition = await ecs
    .send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }))
    .then((described) => described.taskDefinition)
    .catch((error: Error) => {
      // A deleted task definition.
      if (error.name !== "ClientException") throw error;
      return undefined;
    });
  const succeeded = deployments.some(({ status }) => status === "SUCCESSFUL");
  return {
    name: lastPartOf(arn),
    arn,
    image: taskDefinition?.containerDefinitions?.find((container) => container.name === name)?.image,
    isInactive: taskDefinition?.status === "INACTIVE",
    deployedAt: deployments[0]?.startedAt ?? deployments[0]?.createdAt,
    outcome: arn === running ? "runs" : succeeded && taskDefinition ? "ran" : "failed",
  };
}

/**
 * The revision that a user means.
 * @param wanted its number or name. @throws UserError when it isn't one that can be deployed.
 */
export function chosenRevision({ revisions }: RollbackChoices, wanted: string): Revision {
  const found = revisions.find(({ name, arn }) => [arn, name, name.split(":").at(-1)].includes(wanted));
  if (found?.outcome === "ran") return found;
  const possible = revisions.filter(({ outcome }) => outcome === "ran").map(({ name }) => name);
  const have = possible.length === 0 ? "There is none to go back to." : `Choose one of: ${possible.join(", ")}.`;
  if (found?.outcome === "runs") throw new UserError(`${found.name} runs already. ${have}`);
  if (found) throw new UserError(`${found.name} never ran, because its deployment failed. ${have}`);
  throw new UserError(`"${wanted}" is not a revision that ran in the last 90 days. ${have}`);
}
