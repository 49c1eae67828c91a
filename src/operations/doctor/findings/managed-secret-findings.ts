import {
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  ListSecretVersionIdsCommand,
} from "@aws-sdk/client-secrets-manager";
import { accountOf, parseArn, parseManagedSecret } from "../../../aws/arn";
import { advice } from "../../../advice";
import type { Aws } from "../../../aws/sdk/clients";
import { awsFailure } from "../../aws-failure";
import type { DeployedEnvironment } from "../../deployed-environment";
import type { Observation } from "../observation";
import { error, type Finding, unchecked } from "./finding";
import { olderTasks } from "./older-tasks";
import { refused } from "./refused";

/** A secret in Secrets Manager that a task definition injects. */
interface Injected {
  readonly observation: Observation;
  /** Its variables: one secret may have several keys. */
  readonly variables: readonly Variable[];
  readonly arn: string;
}

interface Variable {
  readonly name: string;
  /** Staging label of the version that it reads; `undefined` if it names a version, whose value never changes. */
  readonly stage: string | undefined;
}

/**
 * Checks the secrets in Secrets Manager of running services: they exist, and the execution role may read and decrypt them, and
 * no task is older than the version that it would read now. It reads their metadata, never a value, so a missing key of a JSON
 * object isn't found, and a new version counts as a new value of all its keys. Secrets of other accounts and Regions aren't looked up.
 */
export async function managedSecretFindings(
  aws: Aws,
  environment: DeployedEnvironment,
  observations: readonly Observation[],
): Promise<Finding[]> {
  const injected = observations.flatMap((observation) => injectedBy(observation, aws.region));
  const found = await Promise.all(injected.map((secret) => findingsOf(aws, environment, secret)));
  return found.flat();
}

function injectedBy(observation: Observation, region: string): Injected[] {
  const { definition } = observation;
  const account = accountOf(definition?.executionRoleArn);
  const variables = new Map<string, Variable[]>();
  for (const { name, valueFrom } of (definition?.containerDefinitions ?? []).flatMap(({ secrets = [] }) => secrets)) {
    const secret = parseManagedSecret(valueFrom ?? "");
    const owner = secret && parseArn(secret.arn);
    if (owner?.region !== region || owner.account !== account) continue;
    const { arn, stage, version } = secret!;
    const variable = { name: name!, stage: version ? undefined : stage || "AWSCURRENT" };
    variables.set(arn, [...(variables.get(arn) ?? []), variable]);
  }
  return [...variables].map(([arn, own]) => ({ observation, arn, variables: own }));
}

async function findingsOf(aws: Aws, environment: DeployedEnvironment, secret: Injected): Promise<Finding[]> {
  const { service } = secret.observation;
  const what = `${[...new Set(secret.variables.map(({ name }) => name))].join(", ")} (${secret.arn})`;
  try {
    const described = await aws.secretsManager.send(new DescribeSecretCommand({ SecretId: secret.arn }));
    if (described.DeletedDate === undefined)
      return [...(await unreadable(aws, environment, secret, described)), ...(await withOlderTasks(aws, secret))];
    const restore = `to restore it: ${advice.restoreSecret(environment.options.region, secret.arn)}`;
    return [error(service.name, `${what} is scheduled for deletion: no task can start`, restore)];
  } catch (failure) {
    if ((failure as Error).name === "ResourceNotFoundException")
      return [error(service.name, `${what} is missing: no task can start`, advice.secrets(environment))];
    const why = awsFailure(failure);
    if (why === undefined) throw failure;
    return [unchecked(service.name, `${what}: ${why}`)];
  }
}

async function unreadable(
  aws: Aws,
  environment: DeployedEnvironment,
  { observation: { service, definition }, arn }: Injected,
  { KmsKeyId: key }: DescribeSecretCommandOutput,
): Promise<Finding[]> {
  const role = definition?.executionRoleArn;
  if (role === undefined) return [];
  const context = { "kms:EncryptionContext:SecretARN": arn };
  const resources = [
    ...(await refused(aws, role, "secretsmanager:GetSecretValue", [arn])),
    ...(key?.startsWith("arn:") ? await refused(aws, role, "kms:Decrypt", [key], context) : []),
  ];
  return resources.map((resource) =>
    error(
      service.name,
      `its execution role can't read ${resource}: no new task can start`,
      `to restore the policy of ${service.executionRole}: ${advice.apply(environment)}`,
    ),
  );
}

/**
 * DescribeSecret's LastChangedDate is also that of a changed description, so the version's own date counts.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecretVersionIds.html
 */
async function withOlderTasks(aws: Aws, { observation, variables, arn }: Injected): Promise<Finding[]> {
  const { Versions = [] } = await aws.secretsManager.send(new ListSecretVersionIdsCommand({ SecretId: arn }));
  return variables.flatMap(({ name, stage }) => {
    const version = Versions.find(({ VersionStages = [] }) => stage !== undefined && VersionStages.includes(stage));
    return olderTasks(observation, name, version?.CreatedDate);
  });
}
