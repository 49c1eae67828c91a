import { randomBytes } from "node:crypto";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import type { Environment } from "../../environment";
import { parameterName } from "../../aws/parameter-names";
import type { AwsClients } from "./aws-clients";

type Secret = Environment["releaseCookie"];

/**
 * Creates an environment's secrets, with random values, in the account and Region of their ARN where they have one, and its
 * environment files, without variables.
 *
 * @returns the values by name: `/my-org/cookie`, `prod/shop`, `prod/shop:url`.
 */
export async function createSecrets(
  clients: AwsClients,
  { releaseCookie, services }: Environment,
): Promise<Record<string, string>> {
  const all = Object.values(services);
  const secrets = [releaseCookie, ...all.flatMap((service) => Object.values(service.secrets))];
  const values: Record<string, string> = {};
  for (const Name of new Set(secrets.flatMap(({ ssmParameter }) => ssmParameter ?? []))) {
    values[Name] = randomValue();
    const { ssm } = ownerOf(clients, Name);
    await ssm.send(new PutParameterCommand({ Name: parameterName(Name), Value: values[Name], Type: "SecureString" }));
  }
  for (const Name of new Set(secrets.flatMap(({ secretsManager }) => secretsManager ?? []))) {
    const own = valuesIn(Name, secrets);
    const whole = own[Name] ?? JSON.stringify(keysOf(Name, own));
    const { secretsManager } = ownerOf(clients, Name);
    await secretsManager.send(new CreateSecretCommand({ Name: secretName(Name), SecretString: whole }));
    Object.assign(values, own);
  }
  const files = all.flatMap(({ environmentFiles }) => environmentFiles.map(({ s3 }) => s3));
  await createFiles(clients, [...new Set(files)]);
  return values;
}

const ownerOf = (clients: AwsClients, name: string) => (name.startsWith("arn:") ? clients.ownersOf(name) : clients);

/** A secret's name, from its name or its ARN, which ends with six characters that AWS adds. Local AWS finds it by any six. */
const secretName = (name: string) => /^arn:.*:secret:(.+)-\w{6}$/.exec(name)?.[1] ?? name;

/** Hexadecimal: a cookie becomes an Erlang atom, and SECRET_KEY_BASE wants 64 bytes. */
const randomValue = () => randomBytes(32).toString("hex");

function valuesIn(name: string, secrets: readonly Secret[]): Record<string, string> {
  const keys = secrets.filter(({ secretsManager }) => secretsManager === name).map(({ key }) => key);
  return Object.fromEntries(
    [...new Set(keys)].map((key) => [key === undefined ? name : `${name}:${key}`, randomValue()]),
  );
}

const keysOf = (name: string, values: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key.slice(name.length + 1), value]));

async function createFiles({ s3, region }: AwsClients, files: readonly string[]): Promise<void> {
  const places = files.map((arn) => /:::([^/]+)\/(.+)$/.exec(arn) as unknown as [string, string, string]);
  const CreateBucketConfiguration = { LocationConstraint: region as never };
  for (const Bucket of new Set(places.map(([, bucket]) => bucket)))
    await s3.send(
      new CreateBucketCommand({ Bucket, ...(region === "us-east-1" ? {} : { CreateBucketConfiguration }) }),
    );
  for (const [, Bucket, Key] of places) await s3.send(new PutObjectCommand({ Bucket, Key, Body: "# Variables\n" }));
}
