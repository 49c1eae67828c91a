import { randomBytes } from "node:crypto";
import { GetParametersCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { nearest } from "../environment/nearest";
import { type Aws, batches } from "./aws";
import type { DeployedEnvironment } from "./deployed-environment";
import { Refusal } from "./refusal";

/** A secret that an environment needs, as it stands in SSM. Its value is in none of this. */
export interface Secret {
  /** Name of the SSM parameter. */
  readonly parameter: string;
  /** The environment variables that containers get it as, each once. */
  readonly variables: readonly string[];
  /** ARN of the customer key that encrypts it, if one does. */
  readonly kmsKeyArn: string | undefined;
}

/** A secret, and what became of it. */
export interface SecretResult extends Secret {
  readonly state: "exists" | "created" | "rotated" | "missing" | "not encrypted";
}

/** Options of {@link ensureSecrets}. */
export interface EnsureSecretsOptions {
  /** Variables whose existing values are replaced. @default none */
  readonly rotate?: readonly string[];
  /** Variables beside the cookie and `SECRET_KEY_BASE` whose missing values are made at random as well. @default none */
  readonly generate?: readonly string[];
  /** Only tell. @default false */
  readonly check?: boolean;
}

/** What can be made at random without knowing more: who shares these is only this cluster. */
const random = ["RELEASE_COOKIE", "SECRET_KEY_BASE"];

/**
 * Bytes of a new value; it is written in hexadecimal, twice as long. Erlang makes an atom of a cookie, 255 characters at
 * most; Phoenix wants 64 bytes at least. Sources: https://www.erlang.org/doc/system/distributed#security,
 * https://hexdocs.pm/plug/Plug.Session.COOKIE.html
 */
const valueBytes = 48;

/** Every secret that the services of an environment are given, by parameter. */
export function secretsOf({ options, services }: DeployedEnvironment): Secret[] {
  const uses = [
    { variable: "RELEASE_COOKIE", secret: options.releaseCookie },
    ...services.flatMap((service) =>
      Object.entries(service.options.secrets).map(([variable, secret]) => ({ variable, secret })),
    ),
  ];
  const parameters = [...new Set(uses.map(({ secret }) => secret.ssmParameter))];
  return parameters.map((parameter) => {
    const own = uses.filter(({ secret }) => secret.ssmParameter === parameter);
    return {
      parameter,
      variables: [...new Set(own.map(({ variable }) => variable))],
      kmsKeyArn: own.find(({ secret }) => secret.kmsKeyArn)?.secret.kmsKeyArn,
    };
  });
}

/**
 * Creates the missing secrets of an environment that can be made at random, as SecureStrings with values from the operating
 * system's random source, and replaces those that are to be rotated. A value that exists is otherwise never written.
 *
 * @throws Refusal when something is to be rotated or generated that the environment doesn't have; nothing is written then.
 */
export async function ensureSecrets(
  aws: Aws,
  environment: DeployedEnvironment,
  { rotate = [], generate = [], check = false }: EnsureSecretsOptions = {},
): Promise<SecretResult[]> {
  const secrets = secretsOf(environment);
  for (const variable of [...rotate, ...generate]) mustBeOneOf(secrets, variable, environment);
  refuseUnknowable([...rotate], generate);
  const types = await parameterTypes(
    aws,
    secrets.map(({ parameter }) => parameter),
  );
  const results: SecretResult[] = [];
  for (const secret of secrets) {
    const isAny = (variables: readonly string[]) => secret.variables.some((variable) => variables.includes(variable));
    const type = types.get(secret.parameter);
    const turns = isAny(rotate) && !check;
    results.push({
      ...secret,
      state: await stateAfter(aws, secret, type, turns, isAny([...random, ...generate]) && !check),
    });
  }
  return results;
}

async function stateAfter(
  aws: Aws,
  secret: Secret,
  type: string | undefined,
  rotates: boolean,
  creates: boolean,
): Promise<SecretResult["state"]> {
  // SSM changes no parameter's type: one that is no SecureString has to be deleted by whoever knows who reads it.
  if (type !== undefined && type !== "SecureString") return "not encrypted";
  if (type !== undefined && rotates) {
    await put(aws, secret, true);
    return "rotated";
  }
  if (type !== undefined) return "exists";
  if (!creates) return "missing";
  return (await put(aws, secret, false)) ? "created" : "exists";
}

/** @returns whether it was written: not so when somebody else has created it meanwhile. */
async function put({ ssm }: Aws, { parameter, kmsKeyArn }: Secret, Overwrite: boolean): Promise<boolean> {
  const Value = randomBytes(valueBytes).toString("hex");
  try {
    await ssm.send(
      new PutParameterCommand({
        Name: parameter,
        Value,
        Type: "SecureString",
        Overwrite,
        ...(kmsKeyArn ? { KeyId: kmsKeyArn } : {}),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "ParameterAlreadyExists") return false;
    throw error;
  }
}

/** Parameters that one call takes. Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html */
const largestBatch = 10;

/** The types of the parameters that exist, by name. Nothing is decrypted. */
async function parameterTypes({ ssm }: Aws, names: readonly string[]): Promise<Map<string, string>> {
  const types = new Map<string, string>();
  for (const Names of batches(names, largestBatch)) {
    const { Parameters = [] } = await ssm.send(new GetParametersCommand({ Names, WithDecryption: false }));
    for (const { Name, Type } of Parameters) types.set(Name!, Type!);
  }
  return types;
}

function mustBeOneOf(secrets: readonly Secret[], variable: string, { name }: DeployedEnvironment): void {
  const variables = [...new Set(secrets.flatMap((secret) => secret.variables))];
  if (variables.includes(variable)) return;
  const meant = nearest(variable, variables);
  throw new Refusal(
    `${name} has no secret called "${variable}". It has: ${variables.join(", ")}.` +
      (meant === undefined ? "" : ` Did you mean "${meant}"?`),
  );
}

function refuseUnknowable(rotate: readonly string[], generate: readonly string[]): void {
  const unknowable = rotate.find((variable) => ![...random, ...generate].includes(variable));
  if (unknowable === undefined) return;
  throw new Refusal(
    `A random value for ${unknowable} would replace one that may be known elsewhere too. ` +
      `If nobody else knows it, add --generate ${unknowable}; else write the new one yourself with aws ssm put-parameter --overwrite.`,
  );
}
