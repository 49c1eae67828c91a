import { DescribeParametersCommand } from "@aws-sdk/client-ssm";
import { parameterName, parameterResource } from "../../../aws/parameter-names";
import { existingParameters } from "../../../aws/sdk/parameters";
import { readRole, trustsEcsTasks } from "../applied/roles";
import type { AppliedRole } from "../applied/roles";
import type { AppliedTaskDefinition } from "../applied/task-definitions";
import type { AwsClients, SecretClients } from "../../local-aws/aws-clients";
import { readEnvironmentFiles } from "./environment-files";
import { ExecutionAccess } from "./execution-access";
import { mayReadManaged, readManagedSecrets } from "./managed-secrets";
import { TaskFailedToStart, type TaskSecrets } from "../task/task-containers";

/**
 * Resolves a task's secrets and environment files as Fargate's agent does before it starts any container, with the execution
 * role's permissions of this moment.
 * Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html and, for the wording
 * of failures, https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
 *
 * @returns variables by container: those of files, and secrets, which override them.
 * @throws TaskFailedToStart in ECS's words when the role may not read something, or it doesn't exist.
 */
export async function resolveSecrets(
  clients: AwsClients,
  definition: AppliedTaskDefinition,
  taskId: string,
): Promise<TaskSecrets> {
  const all = definition.containers.flatMap(({ secrets }) => secrets);
  const wanted = all.filter(({ given }) => given === undefined).map(({ valueFrom }) => valueFrom);
  const files = definition.containers.flatMap(({ environmentFiles }) => environmentFiles ?? []);
  if (all.length + files.length === 0) return new Map();
  const access = new ExecutionAccess(await executionRole(clients, definition), clients.region, taskId);
  for (const { given, valueFrom } of all) if (given !== undefined) mayRead(access, valueFrom, clients.region);
  const managed = await readManagedSecrets(clients, access, wanted.filter(isManaged));
  const parameters = await readParameters(
    clients,
    access,
    wanted.filter((valueFrom) => !isManaged(valueFrom)),
  );
  const valueOf = (valueFrom: string) => (isManaged(valueFrom) ? managed : parameters).get(valueFrom)!;
  const resolved = new Map<string, Readonly<Record<string, string>>>();
  for (const { name, secrets, environment, environmentFiles = [] } of definition.containers) {
    const variables = await readEnvironmentFiles(clients, access, environmentFiles);
    const own = Object.entries(variables).filter(([variable]) => !Object.hasOwn(environment ?? {}, variable));
    const values = secrets.map((secret) => [secret.name, secret.given ?? valueOf(secret.valueFrom)] as const);
    resolved.set(name, Object.fromEntries([...own, ...values]));
  }
  return resolved;
}

const isManaged = (valueFrom: string) => valueFrom.includes(":secretsmanager:");

/** A secret with a value of this run isn't read, but needs the permission anyway. @throws TaskFailedToStart */
function mayRead(access: ExecutionAccess, valueFrom: string, region: string): void {
  if (isManaged(valueFrom)) return mayReadManaged(access, valueFrom);
  const arn = `${ownerOf(access, valueFrom, region)}${parameterResource(parameterName(valueFrom))}`;
  access.mayRead("ssm:GetParameters", arn, "ssm");
}

/** How the ARN of a parameter begins. */
const ownerOf = ({ account }: ExecutionAccess, valueFrom: string, region: string): string =>
  /^(?:[^:]*:){5}(?=parameter\/)/.exec(valueFrom)?.[0] ?? `arn:aws:ssm:${region}:${account}:`;

/** Values by `valueFrom`: a name in the tasks' own account and Region, or an ARN, which may be of another. */
async function readParameters(
  clients: AwsClients,
  access: ExecutionAccess,
  valueFroms: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const byOwner = new Map<string, string[]>();
  for (const valueFrom of new Set(valueFroms)) {
    const owner = ownerOf(access, valueFrom, clients.region);
    byOwner.set(owner, [...(byOwner.get(owner) ?? []), valueFrom]);
  }
  const values = new Map<string, string>();
  for (const [owner, wanted] of byOwner) {
    // What another owner has is named by its ARN.
    const keeper = owner === ownerOf(access, "", clients.region) ? clients : clients.ownersOf(wanted[0]!);
    const read = await readOwned(keeper, access, owner, [...new Set(wanted.map(parameterName))]);
    for (const valueFrom of wanted) values.set(valueFrom, read.get(parameterName(valueFrom))!);
  }
  return values;
}

/** Values by the parameter's name, its selector included. @param owner how the ARNs begin */
async function readOwned(
  clients: SecretClients,
  access: ExecutionAccess,
  owner: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const arnOf = (name: string) => `${owner}${parameterResource(name)}`;
  for (const name of names) access.mayRead("ssm:GetParameters", arnOf(name), "ssm");
  const values = await getParameters(clients, access, names);
  for (const { name, key } of await customerKeys(clients, names)) {
    const decryption = { service: "ssm", context: "PARAMETER_ARN", resource: arnOf(name), from: "ssm" };
    access.mayDecrypt(key, decryption);
  }
  return values;
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
async function getParameters(
  clients: SecretClients,
  access: ExecutionAccess,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
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
  if (invalid.length > 0) throw access.unretrieved("ssm", `invalid ssm parameters: ${invalid.join(", ")}`);
  return found;
}

/** The parameters that keys of customers encrypt, each with its key. */
async function customerKeys(
  { ssm }: SecretClients,
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
