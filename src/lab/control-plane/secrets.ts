import { DescribeParametersCommand } from "@aws-sdk/client-ssm";
import { parameterName, parameterResource } from "../../aws/parameter-names";
import { existingParameters } from "../../aws/sdk/parameters";
import { readRole, trustsEcsTasks } from "./applied/roles";
import type { AppliedRole } from "./applied/roles";
import type { AppliedTaskDefinition } from "./applied/task-definitions";
import type { AwsClients } from "../local-aws/aws-clients";
import { evaluateAccess } from "./iam-policy";
import { TaskFailedToStart, type TaskSecrets } from "./task/task-containers";

/**
 * Resolves a task's secrets as Fargate's agent does before it starts any container: all parameters at once, with the
 * execution role's permissions of this moment.
 * Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html and, for the wording
 * of failures, https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
 *
 * @throws TaskFailedToStart in ECS's words when the role may not read a parameter, or there is none of that name.
 */
export async function resolveSecrets(
  clients: AwsClients,
  definition: AppliedTaskDefinition,
  taskId: string,
): Promise<TaskSecrets> {
  const wanted = definition.containers.flatMap((container) => container.secrets);
  if (wanted.length === 0) return new Map();
  const role = await executionRole(clients, definition);
  const account = role.arn.split(":")[4]!;
  const names = [...new Set(wanted.map((secret) => parameterOf(secret.valueFrom)))];
  const who = `arn:aws:sts::${account}:assumed-role/${role.name}/${taskId}`;
  const arnOf = (name: string) => `arn:aws:ssm:${clients.region}:${account}:${parameterResource(name)}`;
  for (const name of names) {
    const access = evaluateAccess(role, {
      action: "ssm:GetParameters",
      resource: arnOf(name),
      context: requestContext(clients.region, role, account),
    });
    if (!access.allowed) throw denied("ssm:GetParameters", who, arnOf(name), access.because);
  }
  const values = await getParameters(clients, names);
  for (const { name, key } of await customerKeys(clients, names)) {
    allowDecryption(role, key, arnOf(name), clients.region, account);
  }
  return new Map(
    definition.containers.map((container) => [
      container.name,
      Object.fromEntries(container.secrets.map(({ name, valueFrom }) => [name, values.get(parameterOf(valueFrom))!])),
    ]),
  );
}

async function executionRole(clients: AwsClients, definition: AppliedTaskDefinition): Promise<AppliedRole> {
  const arn = definition.executionRoleArn;
  if (!arn) {
    throw new TaskFailedToStart(
      "ClientException: When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    );
  }
  const role = await readRole(clients, arn);
  if (role && trustsEcsTasks(role, clients.region)) return role;
  throw new TaskFailedToStart(
    `ECS was unable to assume the role '${arn}' that was provided for this task. Please verify that the role being ` +
      `passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.`,
  );
}

/** Values by the name that was asked for, its selector included. */
async function getParameters(clients: AwsClients, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const read = async (wanted: readonly string[]) => {
    for (const { Name, Selector, Value } of await existingParameters(clients, wanted, true))
      found.set(`${Name}${Selector ?? ""}`, Value ?? "");
  };
  await read(names);
  // The ARN of `/name` is that of `name`, so whichever exists is meant.
  const oneLevel = names.filter((name) => !found.has(name) && !name.includes("/"));
  await read(oneLevel.map((name) => `/${name}`));
  for (const name of oneLevel) if (found.has(`/${name}`)) found.set(name, found.get(`/${name}`)!);
  const invalid = names.filter((name) => !found.has(name));
  if (invalid.length > 0) throw unretrieved(`invalid ssm parameters: ${invalid.join(", ")}`);
  return found;
}

/** The parameters that keys of customers encrypt, each with its key. */
async function customerKeys(
  { ssm }: AwsClients,
  names: readonly string[],
): Promise<readonly { readonly name: string; readonly key: string }[]> {
  const Values = names.map((name) => name.replace(/:[^:]*$/, ""));
  const ParameterFilters = [{ Key: "Name", Option: "Equals", Values }];
  const { Parameters = [] } = await ssm.send(new DescribeParametersCommand({ ParameterFilters, MaxResults: 50 }));
  return Parameters.filter(({ Type }) => Type === "SecureString")
    .map(({ Name, KeyId }) => ({ name: Name!, key: KeyId ?? managedKey }))
    .filter(({ key }) => !key.endsWith(managedKey));
}

/** The key that AWS manages for SSM decrypts for anyone who may read the parameter. */
const managedKey = "alias/aws/ssm";

/**
 * A customer's key has to be named in the role's policy too. SSM tells KMS which parameter it decrypts.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
 */
function allowDecryption(role: AppliedRole, keyId: string, parameter: string, region: string, account: string): void {
  const resource = keyId.startsWith("arn:") ? keyId : `arn:aws:kms:${region}:${account}:key/${keyId}`;
  const context = {
    ...requestContext(region, role, account),
    "kms:ViaService": `ssm.${region}.amazonaws.com`,
    "kms:EncryptionContext:PARAMETER_ARN": parameter,
  };
  if (evaluateAccess(role, { action: "kms:Decrypt", resource, context }).allowed) return;
  throw unretrieved(
    "AccessDeniedException: The ciphertext refers to a customer master key that does not exist, does not exist in this " +
      "region, or you are not allowed to access.",
  );
}

const requestContext = (region: string, role: AppliedRole, account: string) => ({
  "aws:RequestedRegion": region,
  "aws:PrincipalArn": role.arn,
  "aws:PrincipalAccount": account,
  "aws:ResourceAccount": account,
  "aws:SecureTransport": "true",
});

/** The parameter that a `valueFrom` names. @throws TaskFailedToStart for a secret of Secrets Manager */
function parameterOf(valueFrom: string): string {
  if (valueFrom.includes(":secretsmanager:")) {
    throw new TaskFailedToStart(
      `The lab resolves secrets from SSM's Parameter Store only, and ${valueFrom} is one of Secrets Manager. Give the ` +
        `task definition a parameter for a run in the lab.`,
    );
  }
  return parameterName(valueFrom);
}

const unretrieved = (why: string): TaskFailedToStart =>
  new TaskFailedToStart(
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable " +
      `to retrieve secrets from ssm: service call has been retried 1 time(s): ${why}`,
  );

const denied = (action: string, who: string, resource: string, because: string): TaskFailedToStart =>
  unretrieved(
    `AccessDeniedException: User: ${who} is not authorized to perform: ${action} on resource: ${resource} ${because}`,
  );
