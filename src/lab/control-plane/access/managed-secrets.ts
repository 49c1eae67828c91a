import { GetSecretValueCommand, DescribeSecretCommand } from "@aws-sdk/client-secrets-manager";
import { parseManagedSecret, type ManagedSecret } from "../../../aws/arn";
import type { AwsClients, SecretClients } from "../../local-aws/aws-clients";
import type { ExecutionAccess } from "./execution-access";
import { TaskFailedToStart } from "../task/task-containers";

const from = "asm";

/**
 * Reads what `valueFrom`s name in Secrets Manager as Fargate's agent does: a whole secret, or one key of its JSON object.
 * Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html and, for the
 * wording of failures, https://github.com/aws/amazon-ecs-agent/blob/master/agent/asm/asm.go
 *
 * @returns the values by `valueFrom`. @throws TaskFailedToStart in ECS's words
 */
export async function readManagedSecrets(
  clients: AwsClients,
  access: ExecutionAccess,
  valueFroms: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  for (const valueFrom of new Set(valueFroms)) {
    const selected = selectedBy(valueFrom, access);
    access.mayRead("secretsmanager:GetSecretValue", selected.arn, from);
    const whole = await secretString(clients.ownersOf(selected.arn), access, selected);
    values.set(valueFrom, selected.key === "" ? whole : valueOf(whole, selected.key, access));
  }
  return values;
}

/** @throws TaskFailedToStart when the role may not read what a `valueFrom` names. */
export function mayReadManaged(access: ExecutionAccess, valueFrom: string): void {
  access.mayRead("secretsmanager:GetSecretValue", selectedBy(valueFrom, access).arn, from);
}

function selectedBy(valueFrom: string, access: ExecutionAccess): ManagedSecret {
  const secret = parseManagedSecret(valueFrom);
  // ECS takes the whole secret or a full selector, nothing in between.
  if (!secret || ![7, 10].includes(valueFrom.split(":").length)) {
    throw access.unretrieved(
      from,
      "an invalid ARN format for the AWS Secrets Manager secret was specified. Specify a valid ARN and try again.",
    );
  }
  return secret;
}

async function secretString(
  { secretsManager }: SecretClients,
  access: ExecutionAccess,
  { arn, stage, version }: ManagedSecret,
): Promise<string> {
  const SecretId = arn;
  try {
    const { KmsKeyId } = await secretsManager.send(new DescribeSecretCommand({ SecretId }));
    if (KmsKeyId !== undefined && KmsKeyId !== "" && !KmsKeyId.endsWith("alias/aws/secretsmanager")) {
      access.mayDecrypt(KmsKeyId, { service: "secretsmanager", context: "SecretARN", resource: arn, from });
    }
    const { SecretString = "" } = await secretsManager.send(
      new GetSecretValueCommand({
        SecretId,
        ...(stage === "" ? {} : { VersionStage: stage }),
        ...(version === "" ? {} : { VersionId: version }),
      }),
    );
    return SecretString;
  } catch (error) {
    if (error instanceof TaskFailedToStart || !(error instanceof Error)) throw error;
    throw access.unretrieved(
      from,
      `ResourceInitializationError: The task can't retrieve the secret with ARN '${arn}' from AWS Secrets Manager. Check ` +
        `that the secret ARN is correct: ${error.name}: ${error.message}`,
    );
  }
}

/** Only the object's own keys; a number or an object is injected as text. */
function valueOf(whole: string, key: string, access: ExecutionAccess): string {
  const parsed = parsedObject(whole);
  if (!parsed) throw access.unretrieved(from, "invalid character: the secret is not a JSON object");
  if (!Object.hasOwn(parsed, key)) {
    throw access.unretrieved(from, `retrieved secret from Secrets Manager did not contain json key ${key}`);
  }
  const value = parsed[key];
  return typeof value === "string" ? value : JSON.stringify(value);
}

function parsedObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
