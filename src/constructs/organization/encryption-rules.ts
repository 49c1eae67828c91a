import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import type { IAspect } from "cdktf";
import type { IConstruct } from "constructs";

/** Properties of {@link EncryptionRules}. */
export interface EncryptionRulesProps {
  /** ARN of the KMS key of log groups that name none. Its policy must allow CloudWatch Logs to use it. @default a key that CloudWatch owns */
  readonly logs?: string | undefined;
  /** ARN of the KMS key of ECR repositories. @default S3's own encryption */
  readonly images?: string | undefined;
}

/**
 * Encrypts every log group and ECR repository of a stack with the organization's keys:
 * `Aspects.of(stack).add(new EncryptionRules({ logs: keyArn }))`.
 *
 * A log group gets a key in place; a different key replaces an ECR repository.
 * Sources: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html,
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
 */
export class EncryptionRules implements IAspect {
  constructor(private readonly props: EncryptionRulesProps) {}

  visit(node: IConstruct): void {
    const { logs, images } = this.props;
    if (node instanceof CloudwatchLogGroup && logs !== undefined && node.kmsKeyIdInput === undefined)
      node.kmsKeyId = logs;
    if (node instanceof EcrRepository && images !== undefined)
      node.putEncryptionConfiguration([{ encryptionType: "KMS", kmsKey: images }]);
  }
}
