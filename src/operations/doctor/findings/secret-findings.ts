import { accountOf, parseArn } from "../../../aws/arn";
import { cookieVariable } from "../../../containers/variables";
import type { Parameter } from "@aws-sdk/client-ssm";
import { advice } from "../../../advice";
import { parameterName } from "../../../aws/parameter-names";
import type { Aws } from "../../../aws/sdk/clients";
import { existingParameters } from "../../../aws/sdk/parameters";
import { awsFailure } from "../../aws-failure";
import { serviceSecrets } from "../../../environment";
import type { DeployedEnvironment } from "../../deployed-environment";
import { error, type Finding, note, unchecked } from "./finding";
import type { Observation } from "../observation";
import { olderTasks } from "./older-tasks";
import { refused } from "./refused";

/** A parameter that a task definition injects as a variable. */
interface Injected {
  readonly observation: Observation;
  readonly variable: string;
  /** Name or ARN of the parameter. */
  readonly valueFrom: string;
  readonly parameter: Parameter | undefined;
}

/**
 * Checks the SSM parameters of running services: they exist, are encrypted, the execution role may read them, all services have
 * the same cookie, and no task is older than its value.
 */
export async function secretFindings(
  aws: Aws,
  environment: DeployedEnvironment,
  observations: readonly Observation[],
): Promise<Finding[]> {
  const injected = await readInjected(aws, observations);
  const existing = injected.filter(({ parameter }) => parameter);
  const readable = await Promise.all(
    observations.map((observation) => readableBy(aws, environment, observation, existing)),
  );
  return [
    ...injected.flatMap((secret) => existence(environment, secret)),
    ...readable.flat(),
    ...sameCookie(environment, observations),
    ...existing.flatMap(({ observation, variable, parameter }) =>
      olderTasks(observation, variable, parameter!.LastModifiedDate),
    ),
  ];
}

async function readInjected(aws: Aws, observations: readonly Observation[]): Promise<Injected[]> {
  const all = observations.flatMap((observation) =>
    (observation.definition?.containerDefinitions ?? [])
      .flatMap(({ secrets = [] }) => secrets)
      .map(({ name, valueFrom }) => ({ observation, variable: name!, valueFrom: valueFrom! })),
  );
  const uses = all.filter(({ valueFrom, observation }) => isOwnParameter(valueFrom, aws.region, observation));
  const names = new Set(uses.map(({ valueFrom }) => parameterName(valueFrom)));
  const parameters = await existingParameters(aws, [...names]);
  return uses.map((use) => ({
    ...use,
    parameter: parameters.find(({ Name }) => Name === parameterName(use.valueFrom)),
  }));
}

/** Whether it is a parameter of this account and region: only these are looked up. */
function isOwnParameter(valueFrom: string, region: string, { definition }: Observation): boolean {
  const arn = parseArn(valueFrom);
  if (!arn) return true;
  const own = accountOf(definition?.executionRoleArn) ?? arn.account;
  return arn.service === "ssm" && arn.region === region && arn.account === own;
}

/** What a service's task definition reads its cookie from. */
const cookiesOf = ({ definition }: Observation): string[] =>
  (definition?.containerDefinitions ?? [])
    .flatMap(({ secrets = [] }) => secrets)
    .flatMap(({ name, valueFrom }) => (name === cookieVariable && valueFrom !== undefined ? [valueFrom] : []));

function existence(
  environment: DeployedEnvironment,
  { observation, variable, valueFrom, parameter }: Injected,
): Finding[] {
  const { service } = observation;
  const what = `${variable} (${parameterName(valueFrom)})`;
  if (!parameter) return [error(service.name, `${what} is missing: no task can start`, advice.secrets(environment))];
  if (parameter.Type === "SecureString") return [];
  return [
    error(
      service.name,
      `${what} is a ${parameter.Type}, not a SecureString: anyone who may read parameters can read it`,
    ),
  ];
}

async function readableBy(
  aws: Aws,
  environment: DeployedEnvironment,
  observation: Observation,
  secrets: readonly Injected[],
): Promise<Finding[]> {
  const { service, definition } = observation;
  const own = secrets.filter((secret) => secret.observation === observation);
  if (!definition?.executionRoleArn) return [];
  const role = definition.executionRoleArn;
  try {
    return [
      ...(await refused(
        aws,
        role,
        "ssm:GetParameters",
        own.flatMap(({ parameter }) => parameter?.ARN ?? []),
      )),
      ...(await undecryptable(aws, role, keysOf(environment, observation), own)),
    ].map((resource) =>
      error(
        service.name,
        `its execution role can't read ${resource}: no new task can start`,
        `to restore the policy of ${service.executionRole}: ${advice.apply(environment)}`,
      ),
    );
  } catch (failure) {
    if ((failure as Error).name.startsWith("NoSuchEntity")) {
      return [error(service.name, `its execution role ${role} doesn't exist: no new task can start`)];
    }
    const why = awsFailure(failure);
    if (why === undefined) throw failure;
    return [unchecked(service.name, `whether its execution role can read its secrets: ${why}`)];
  }
}

/** The customer keys of a service's parameters, by the parameter's name. */
function keysOf({ options }: DeployedEnvironment, { service }: Observation): ReadonlyMap<string, string> {
  return new Map(
    [options.releaseCookie, ...serviceSecrets(service.options).map(({ secret }) => secret)].flatMap(
      ({ ssmParameter, kmsKeyArn }) =>
        ssmParameter === undefined || kmsKeyArn === undefined ? [] : [[ssmParameter, kmsKeyArn] as const],
    ),
  );
}

/** The keys that a role may not decrypt its parameters with. SSM names the parameter to KMS, and policies may require it. */
async function undecryptable(
  aws: Aws,
  role: string,
  keys: ReadonlyMap<string, string>,
  secrets: readonly Injected[],
): Promise<string[]> {
  const found = new Set<string>();
  for (const { valueFrom, parameter } of secrets) {
    const key = keys.get(parameterName(valueFrom));
    if (key === undefined) continue;
    const context = { "kms:EncryptionContext:PARAMETER_ARN": parameter?.ARN ?? "" };
    for (const refusedKey of await refused(aws, role, "kms:Decrypt", [key], context)) found.add(refusedKey);
  }
  return [...found];
}

/** Nodes with different cookies refuse each other. */
function sameCookie(environment: DeployedEnvironment, observations: readonly Observation[]): Finding[] {
  const cookies = observations.flatMap((observation) =>
    cookiesOf(observation).map((valueFrom) => ({ observation, place: parameterName(valueFrom) })),
  );
  const different =
    new Set(cookies.map(({ place }) => place)).size <= 1
      ? []
      : cookies.map(({ observation, place }) =>
          error(
            observation.service.name,
            `reads its cookie from ${place}, but other services from another place`,
            advice.apply(environment),
          ),
        );
  const without = observations
    .filter((one) => one.definition && cookiesOf(one).length === 0)
    .map(({ service }) => error(service.name, "has no RELEASE_COOKIE", advice.apply(environment)));
  const peers = Object.keys(environment.options.peers).map((peer) =>
    note(peer, "belongs to another project: whether it has the same cookie is unknown"),
  );
  return [...different, ...without, ...peers];
}
