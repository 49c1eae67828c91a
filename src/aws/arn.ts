/** The parts of an ARN. S3's have neither region nor account. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** `undefined` for any other text, such as a name. Parts may be references of Terraform without a colon. */
export function parseArn(text: string): Arn | undefined {
  const [, partition = "", service = "", region = "", account = "", resource] =
    /^arn:([^:]*):([^:]*):([^:]*):([^:]*):(.+)$/s.exec(text) ?? [];
  return resource === undefined ? undefined : { partition, service, region, account, resource };
}

/** The account of an ARN; `undefined` where there is none. */
export const accountOf = (arn: string | undefined): string | undefined => parseArn(arn ?? "")?.account;

/** What an ARN ends with: the revision `shop:12` of a task definition, the id of a task, the name of a role. */
export const lastPartOf = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

/** The name of a target group, whose ARN ends with `targetgroup/NAME/0123456789abcdef`. */
export const targetGroupName = (arn: string): string => arn.split("/").at(-2) ?? arn;

/** An object in S3. */
export interface S3Object {
  readonly bucketArn: string;
  readonly bucket: string;
  readonly key: string;
}

/** `undefined` for what isn't the ARN of an object. */
export function parseS3Object(arn: string): S3Object | undefined {
  const [, bucketArn, bucket, key] = /^(arn:[^:]*:s3:::([^/]+))\/(.+)$/.exec(arn) ?? [];
  return bucketArn === undefined || bucket === undefined || key === undefined ? undefined : { bucketArn, bucket, key };
}

/** A secret of Secrets Manager as a container's `valueFrom` names it. Parts that it doesn't select are empty. */
export interface ManagedSecret {
  readonly arn: string;
  /** Of the secret's JSON object. */
  readonly key: string;
  /** Staging label of a version. */
  readonly stage: string;
  readonly version: string;
}

/**
 * Parses `arn:…:secret:name-AbCdEf:key:stage:version`; `undefined` for what isn't a secret of Secrets Manager.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 */
export function parseManagedSecret(valueFrom: string): ManagedSecret | undefined {
  const [, arn, key = "", stage = "", version = ""] =
    /^(arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:[^:]+)(?::([^:]*))?(?::([^:]*))?(?::([^:]*))?/.exec(valueFrom) ?? [];
  return arn === undefined ? undefined : { arn, key, stage, version };
}
