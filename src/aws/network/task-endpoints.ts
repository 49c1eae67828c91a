/** What tasks use of AWS, as far as it decides which VPC endpoints they need. */
export interface TaskNeeds {
  /** Secrets from SSM parameters. */
  readonly ssmSecrets: boolean;
  /** Secrets from Secrets Manager. */
  readonly secretsManagerSecrets: boolean;
  /** ECS Exec. */
  readonly executeCommand: boolean;
  /** A KMS key of the sessions of ECS Exec: the agent inside the task decrypts with it. */
  readonly sessionKey: boolean;
  /** Tasks that protect themselves from scale-in: the container agent asks ECS for it. */
  readonly taskProtection: boolean;
}

/**
 * Services that are reached through a gateway endpoint, which is a route and costs nothing; all others are interfaces.
 * Source: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
 */
export const gatewayEndpoint = "s3";

/**
 * The AWS services that tasks on Fargate start and run with, by the end of their endpoints' names. S3 keeps the layers of
 * ECR's images and environment files. Neither DNS nor the metadata endpoint needs one; ECS and
 * the services that keep secrets and logs use KMS themselves, so that sessions alone need it.
 * Sources: https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html,
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html,
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html (kms, for Session Manager)
 */
export function taskEndpoints(needs: TaskNeeds): readonly string[] {
  return [
    "ecr.api",
    "ecr.dkr",
    gatewayEndpoint,
    "logs",
    ...(needs.ssmSecrets ? ["ssm"] : []),
    ...(needs.secretsManagerSecrets ? ["secretsmanager"] : []),
    ...(needs.executeCommand ? ["ssmmessages"] : []),
    ...(needs.executeCommand && needs.sessionKey ? ["kms"] : []),
    ...(needs.taskProtection ? ["ecs"] : []),
  ];
}
