import { GetBucketLocationCommand, GetObjectCommand } from "@aws-sdk/client-s3";
import { parseS3Object } from "../../../aws/arn";
import type { AwsClients } from "../../local-aws/aws-clients";
import type { ExecutionAccess } from "./execution-access";
import { TaskFailedToStart } from "../task/task-containers";

/**
 * Variables of the environment files of a container. An earlier file overrides a later one; the caller lets variables of the
 * container definition override both.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html
 *
 * @param files ARNs of objects in S3 @throws TaskFailedToStart in ECS's words
 */
export async function readEnvironmentFiles(
  clients: AwsClients,
  access: ExecutionAccess,
  files: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const variables: Record<string, string> = {};
  for (const file of [...files].reverse())
    Object.assign(variables, variablesIn(await contentOf(clients, access, file)));
  return variables;
}

async function contentOf({ s3 }: AwsClients, access: ExecutionAccess, arn: string): Promise<string> {
  const file = parseS3Object(arn);
  const failed = (why: string) =>
    new TaskFailedToStart(
      `ResourceInitializationError: failed to download env files: file download command: non empty error stream: service call has been retried 5 time(s): ${why}`,
    );
  if (!file) throw failed(`unable to parse bucket and key from s3 ARN ${arn}`);
  const { bucketArn, bucket: Bucket, key: Key } = file;
  for (const [action, resource] of [
    ["s3:GetBucketLocation", bucketArn],
    ["s3:GetObject", arn],
  ] as const) {
    const because = access.refusal(action, resource);
    if (because !== undefined) throw failed(`AccessDenied: Access Denied: ${because}`);
  }
  try {
    await s3.send(new GetBucketLocationCommand({ Bucket }));
    const { Body, SSEKMSKeyId } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    if (SSEKMSKeyId !== undefined && !SSEKMSKeyId.endsWith("alias/aws/s3")) {
      const because = access.decryptionRefusal(SSEKMSKeyId, { service: "s3", context: "aws:s3:arn", resource: arn });
      if (because !== undefined) throw failed(`AccessDenied: ${because}`);
    }
    return (await Body?.transformToString()) ?? "";
  } catch (error) {
    if (error instanceof TaskFailedToStart || !(error instanceof Error)) throw error;
    throw failed(`${error.name}: ${error.message} (${arn})`);
  }
}

/** Lines `VARIABLE=value`: spaces and quotation marks are part of the value, and lines that begin with # are comments. */
export function variablesIn(content: string): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const line of content.split(/\r?\n/)) {
    const at = line.indexOf("=");
    if (line.startsWith("#") || at < 1 || at === line.length - 1) continue;
    variables[line.slice(0, at)] = line.slice(at + 1);
  }
  return variables;
}
