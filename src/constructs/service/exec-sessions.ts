import type { PolicyStatement } from "./policy-statement";

/** How ECS Exec sessions are encrypted, and where they are logged. */
export interface ExecSessions {
  /** ARN of the KMS key that encrypts sessions between the person who connects and the container. @default TLS alone */
  readonly kmsKeyArn?: string | undefined;
  /**
   * The log group: of an existing ECS cluster the one that its owner configured.
   * @default /ecs/<cluster>/exec for a new ECS cluster, none for an existing one
   */
  readonly logGroup?: string | undefined;
  /** A bucket that gets a copy of each session. It must be encrypted. @default none */
  readonly s3?:
    | {
        readonly bucket: string;
        /** The beginning of the objects' keys. @default none */
        readonly prefix?: string | undefined;
        /** ARN of the bucket's own KMS key, where it has one. @default none */
        readonly kmsKeyArn?: string | undefined;
      }
    | undefined;
}

/** The sessions of an ECS cluster. */
export interface ClusterSessions extends ExecSessions {
  /** ARN of the log group of a new ECS cluster. */
  readonly logGroupArn?: string | undefined;
}

/**
 * What the task's role must allow so that the agent encrypts and logs sessions.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html#ecs-exec-logging
 */
export function sessionStatements({
  logGroupArn,
  kmsKeyArn,
  s3,
  partition,
}: ClusterSessions & { readonly partition: string }): PolicyStatement[] {
  const bucket = s3 && `arn:${partition}:s3:::${s3.bucket}`;
  const objects = bucket && [bucket, s3.prefix, "*"].filter((part) => part !== undefined).join("/");
  const encrypt = ["kms:Decrypt", "kms:GenerateDataKey"];
  const keys = [...new Set([kmsKeyArn, s3?.kmsKeyArn])].filter((key) => key !== undefined);
  return [
    ...(logGroupArn
      ? [
          { actions: ["logs:DescribeLogGroups"], resources: ["*"] },
          {
            actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            resources: [`${logGroupArn}:*`],
          },
        ]
      : []),
    ...(bucket && objects
      ? [
          { actions: ["s3:GetBucketLocation", "s3:GetEncryptionConfiguration"], resources: [bucket] },
          { actions: ["s3:PutObject"], resources: [objects] },
        ]
      : []),
    ...(keys.length > 0 ? [{ actions: encrypt, resources: keys }] : []),
  ];
}
