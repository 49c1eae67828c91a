import { createCertificates } from "../../../certificates/node-certificates";
import { certificatesOf, type Environment, serviceSecrets } from "../../../environment";
import type { AwsClients } from "../aws-clients";
import { storeBucket, storeCertificates, storeFile, storeParameter, storeSecret } from "./stored-secrets";

/**
 * Creates an environment's secrets, with random values, in the account and Region of their ARN where they have one, and its
 * environment files, without variables.
 *
 * @returns the values by name: `/my-org/cookie`, `prod/shop`, `prod/shop:url`.
 */
export async function createSecrets(clients: AwsClients, environment: Environment): Promise<Record<string, string>> {
  const { releaseCookie, services } = environment;
  const all = Object.values(services);
  const secrets = [releaseCookie, ...all.flatMap((service) => serviceSecrets(service).map(({ secret }) => secret))];
  const values: Record<string, string> = {};
  for (const name of new Set(secrets.flatMap(({ ssmParameter }) => ssmParameter ?? [])))
    values[name] = await storeParameter(clients, name);
  for (const name of new Set(all.flatMap((service) => certificatesOf(environment, service)?.ssmParameter ?? [])))
    values[name] = await storeCertificates(clients, name, await createCertificates("lab", new Date()));
  for (const name of new Set(secrets.flatMap(({ secretsManager }) => secretsManager ?? []))) {
    const uses = secrets.filter(({ secretsManager }) => secretsManager === name);
    const stored = await storeSecret(clients, {
      name,
      keys: distinct(uses.flatMap(({ key }) => key ?? [])),
      stages: distinct(uses.flatMap(({ versionStage }) => versionStage ?? [])).filter((each) => each !== "AWSCURRENT"),
    });
    for (const [key, value] of Object.entries(stored)) values[key === "" ? name : `${name}:${key}`] = value;
  }
  const files = distinct(all.flatMap(({ environmentFiles }) => environmentFiles.map(({ s3 }) => s3))).map(placeOf);
  for (const bucket of new Set(files.map(([name]) => name))) await storeBucket(clients, bucket);
  for (const [bucket, key] of files) await storeFile(clients, bucket, key);
  return values;
}

const distinct = (texts: readonly string[]) => [...new Set(texts)];

const placeOf = (arn: string): [bucket: string, key: string] =>
  /:::([^/]+)\/(.+)$/.exec(arn)!.slice(1) as [string, string];
