import { certificatesVariable, cookieVariable } from "../../containers/variables";
import { randomBytes } from "node:crypto";
import { DescribeParametersCommand, type ParameterMetadata, PutParameterCommand } from "@aws-sdk/client-ssm";
import { advice } from "../../advice";
import { didYouMean } from "../../environment/nearest";
import type { Aws } from "../../aws/sdk/clients";
import { existingParameters } from "../../aws/sdk/parameters";
import { awsFailure } from "../aws-failure";
import type { DeployedEnvironment } from "../deployed-environment";
import { managedSecretExists, writeManagedSecret } from "./managed-secrets";
import { type CertificateChange, planRotation, writeCertificates } from "./certificate-secrets";
import { isCertificates, isElsewhere, secretsOf, type Secret } from "./secret-uses";
import { UserError } from "../../user-error";

/** What a run does with a secret: without `action` it only looks it up. */
export interface PlannedSecret {
  readonly secret: Secret;
  /** Its state in SSM or Secrets Manager; `elsewhere`: its owner creates it, and nothing was looked up. */
  readonly found: "exists" | "missing" | "not encrypted" | "elsewhere";
  readonly action?: "create" | "rotate";
  /** The change of certificates, for the secret that contains them. */
  readonly certificates?: CertificateChange;
  /** The attributes that a rotation keeps. */
  readonly kept?: Pick<ParameterMetadata, "KeyId" | "Description" | "AllowedPattern">;
}

/** A secret, and its state after the run. */
export interface SecretResult {
  readonly secret: Secret;
  /** `failed`: AWS refused the write, or gave no answer; `not tried`: an earlier write failed, or the run was interrupted. */
  readonly state: PlannedSecret["found"] | "created" | "rotated" | "failed" | "not tried";
  /** What changed, or would have changed, in certificates of nodes. */
  readonly certificates?: CertificateChange;
  /** Why it failed, in a sentence. */
  readonly failure?: string;
  /** Whether AWS gave no answer to the write, so that the parameter may have the new value. */
  readonly uncertain?: true;
}

/** Options of {@link planSecrets}. */
export interface PlanSecretsOptions {
  /** Variables whose existing values are replaced. @default none */
  readonly rotate?: readonly string[];
  /** Further variables, next to the cookie and `SECRET_KEY_BASE`, whose values may be random. @default none */
  readonly generate?: readonly string[];
  /** Whether the authority of the nodes' certificates is replaced by a new one: each run takes one of three steps. @default false */
  readonly rotateAuthority?: boolean;
}

/** Variables whose values only this cluster uses, so that they can be random. */
const random = [cookieVariable, certificatesVariable, "SECRET_KEY_BASE"];

/**
 * Bytes of a new value, which is written in hexadecimal, twice as long. An Erlang cookie is an atom of at most 255
 * characters; Phoenix needs at least 64 bytes. Sources: https://www.erlang.org/doc/system/distributed#security,
 * https://hexdocs.pm/plug/Plug.Session.COOKIE.html
 */
const valueBytes = 48;

/**
 * Looks up every secret of an environment and decides what to write: missing secrets that can be random are created, those
 * named in `rotate` get a new value. Writes nothing.
 *
 * @throws UserError when the environment doesn't have a named variable, when a random value would replace one that others may
 * know, or when two uses of a missing parameter name different KMS keys.
 */
export async function planSecrets(
  aws: Aws,
  environment: DeployedEnvironment,
  { rotate: named = [], generate = [], rotateAuthority = false }: PlanSecretsOptions = {},
): Promise<PlannedSecret[]> {
  const secrets = secretsOf(environment);
  const rotate = rotateAuthority ? [...named, certificatesVariable] : named;
  if (rotateAuthority) mustEncrypt(environment, secrets);
  for (const variable of [...rotate, ...generate]) mustBeOneOf(secrets, variable, environment);
  const knowable = [...random, ...generate];
  const rotating = secrets.filter(({ uses }) =>
    uses.some(({ environment: { name }, variable }) => name === environment.name && rotate.includes(variable)),
  );
  rotating.forEach(refuseElsewhere);
  rotating.forEach((secret) => refuseUnknowable(secret, knowable, environment.options.region));
  const reachable = secrets.filter((secret) => !isElsewhere(secret));
  const types = await typesOf(aws, reachable);
  const isThere = ({ parameter }: Secret) => types.get(parameter) === "SecureString";
  const kept = await metadataOf(
    aws,
    rotating.filter((secret) => secret.managed === undefined && isThere(secret)),
  );
  const planned = secrets.map((secret): PlannedSecret => {
    if (isElsewhere(secret)) return { secret, found: "elsewhere" };
    const type = types.get(secret.parameter);
    if (type === undefined) {
      if (!secret.variables.every((variable) => knowable.includes(variable))) return { secret, found: "missing" };
      mustHaveOneKey(secret);
      return { secret, found: "missing", action: "create" };
    }
    // SSM can't change a parameter's type: somebody who knows its readers must delete it first.
    if (type !== "SecureString") return { secret, found: "not encrypted" };
    if (!rotating.includes(secret)) return { secret, found: "exists" };
    return { secret, found: "exists", action: "rotate", kept: kept.get(secret.parameter) ?? {} };
  });
  return Promise.all(
    planned.map(async (plan): Promise<PlannedSecret> => {
      const { secret, action } = plan;
      if (!isCertificates(secret) || action === undefined) return plan;
      if (action === "create") return { ...plan, certificates: "create" };
      return { ...plan, certificates: rotateAuthority ? await planRotation(aws, secret) : "renew" };
    }),
  );
}

/**
 * Writes planned secrets as SecureStrings, with values from the operating system's random source. After a failure it writes
 * nothing more; the result contains what was written before.
 *
 * @param signal stops further writes.
 */
export async function writeSecrets(
  aws: Aws,
  planned: readonly PlannedSecret[],
  signal?: AbortSignal,
): Promise<SecretResult[]> {
  const results: SecretResult[] = [];
  let stopped = false;
  for (const plan of planned) {
    const { secret, found, action } = plan;
    if (!action) results.push({ secret, state: found });
    else if (stopped || signal?.aborted) results.push({ secret, state: "not tried" });
    else {
      const result = await write(aws, plan, action);
      results.push(result);
      stopped = result.state === "failed";
    }
  }
  return results;
}

async function write(aws: Aws, plan: PlannedSecret, action: "create" | "rotate"): Promise<SecretResult> {
  const { secret, certificates } = plan;
  const changed = certificates === undefined ? {} : { certificates };
  try {
    await writeValue(aws, plan, action);
    return { secret, ...changed, state: action === "rotate" ? "rotated" : "created" };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // Somebody else has just created it.
    if (error.name === "ParameterAlreadyExists") return { secret, state: "exists" };
    const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
    const answered = $metadata?.httpStatusCode !== undefined && $metadata.httpStatusCode < 500;
    const failure = awsFailure(error) ?? error.message;
    return { secret, ...changed, state: "failed", failure, ...(answered ? {} : { uncertain: true }) };
  }
}

async function writeValue(
  aws: Aws,
  { secret, kept, certificates }: PlannedSecret,
  action: "create" | "rotate",
): Promise<void> {
  const { parameter, managed, kmsKeyArns } = secret;
  const [keyArn] = kmsKeyArns;
  // Without a key AWS encrypts with the account's default key, not with the parameter's previous key.
  const attributes = action === "rotate" ? (kept ?? {}) : keyArn ? { KeyId: keyArn } : {};
  if (certificates) return writeCertificates(aws, secret, certificates, attributes);
  const Value = randomBytes(valueBytes).toString("hex");
  if (managed) return writeManagedSecret(aws, managed, Value, keyArn);
  const options = { Type: "SecureString", Overwrite: action === "rotate", ...attributes } as const;
  await aws.ssm.send(new PutParameterCommand({ Name: parameter, Value, ...options }));
}

/** The types of the parameters and secrets that exist, by name. No parameter is decrypted. */
async function typesOf(aws: Aws, secrets: readonly Secret[]): Promise<Map<string, string>> {
  const parameters = secrets.filter(({ managed }) => managed === undefined).map(({ parameter }) => parameter);
  const types = new Map((await existingParameters(aws, parameters)).map(({ Name, Type }) => [Name!, Type!]));
  for (const { parameter, managed } of secrets)
    if (managed && (await managedSecretExists(aws, managed))) types.set(parameter, "SecureString");
  return types;
}

/** Key, description and pattern of parameters. A write without them would reset them to defaults. */
async function metadataOf(
  { ssm }: Aws,
  secrets: readonly Secret[],
): Promise<Map<string, NonNullable<PlannedSecret["kept"]>>> {
  const kept = new Map<string, NonNullable<PlannedSecret["kept"]>>();
  for (const { parameter } of secrets) {
    const ParameterFilters = [{ Key: "Name", Option: "Equals", Values: [parameter] }];
    let NextToken: string | undefined;
    do {
      const page = await ssm.send(new DescribeParametersCommand({ ParameterFilters, NextToken }));
      for (const { Name, KeyId, Description, AllowedPattern } of page.Parameters ?? []) {
        if (Name === parameter) kept.set(parameter, { KeyId, Description, AllowedPattern });
      }
      NextToken = page.NextToken;
    } while (NextToken !== undefined && !kept.has(parameter));
    if (!kept.has(parameter))
      throw new UserError(`DescribeParameters doesn't list ${parameter}, so its KMS key is unknown.`);
  }
  return kept;
}

function mustEncrypt({ name }: DeployedEnvironment, secrets: readonly Secret[]): void {
  if (secrets.some(isCertificates)) return;
  throw new UserError(
    `The nodes of ${name} have no certificates: no distribution in the environment is "tls". See docs/encryption.md.`,
  );
}

function mustBeOneOf(secrets: readonly Secret[], variable: string, { name }: DeployedEnvironment): void {
  const own = secrets.flatMap(({ uses }) => uses.filter((use) => use.environment.name === name));
  const variables = [...new Set(own.map((use) => use.variable))];
  if (variables.includes(variable)) return;
  throw new UserError(
    `${name} has no secret called "${variable}". It has: ${variables.join(", ")}.${didYouMean(variable, variables)}`,
  );
}

function refuseUnknowable(
  { parameter, managed, variables, kmsKeyArns }: Secret,
  knowable: readonly string[],
  region: string,
): void {
  const unknowable = variables.filter((variable) => !knowable.includes(variable));
  if (unknowable.length === 0) return;
  const names = unknowable.join(" and ");
  throw new UserError(
    `${parameter} is also the value of ${names}, which others may know: a random value would break them. ` +
      `If no one else uses it, add ${unknowable.map((name) => `--generate ${name}`).join(" ")}; ` +
      `otherwise write the new value yourself${managed ? " in Secrets Manager" : `: ${advice.overwriteParameter(region, parameter, kmsKeyArns[0])}`}`,
  );
}

function refuseElsewhere(secret: Secret): void {
  if (!isElsewhere(secret)) return;
  throw new UserError(`${secret.parameter} belongs to its owner, who writes it: this command can't rotate it.`);
}

function mustHaveOneKey({ parameter, kmsKeyArns, uses }: Secret): void {
  if (kmsKeyArns.length < 2) return;
  const named = uses.map((use) => `${use.environment.name} ${use.variable}: ${use.kmsKeyArn ?? "no kmsKeyArn"}`);
  throw new UserError(
    `${parameter} has one KMS key, but its uses set different ones:\n  ${[...new Set(named)].join("\n  ")}\n` +
      "Set the same kmsKeyArn for each use: otherwise some roles can't read it.",
  );
}
