import { type AwsEndpoint, awsClients } from "../../local-aws/aws-clients";
import { storeBucket, storeFile, storeParameter, storeSecret } from "../../local-aws/prerequisites/stored-secrets";
import { blocksIn } from "./blocks";
import { readSecrets } from "./read-secrets";

/**
 * Creates in local AWS the parameters, secrets and environment files that folders of Terraform read and none of them creates.
 * @returns what was created, each in a few words
 */
export async function makeReadSecrets(aws: AwsEndpoint, folders: readonly string[]): Promise<string[]> {
  const { parameters, managed, files } = readSecrets(folders.flatMap(blocksIn));
  const clients = awsClients(aws);
  try {
    for (const name of parameters) await storeParameter(clients, name);
    for (const secret of managed) await storeSecret(clients, secret);
    for (const bucket of new Set(files.map((file) => file.bucket))) await storeBucket(clients, bucket);
    for (const { bucket, key } of files) await storeFile(clients, bucket, key);
  } finally {
    clients.destroy();
  }
  return [
    ...parameters.map((name) => `parameter ${name}`),
    ...managed.map(({ name }) => `secret ${name}`),
    ...files.map(({ bucket, key }) => `environment file ${bucket}/${key}`),
  ];
}
