import { arnPrefix, regionAndAccount } from "./arn-pattern";
import { text } from "./shapes";

const bucket = "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]";
const objectKey = "[^\\u0000-\\u001f*?]{0,1019}";

/** @param resource a pattern for all behind the partition. */
const arn = (resource: string, example: string, allowed = `an ARN such as "${example}"`) =>
  text(new RegExp(`^${arnPrefix}:${resource}$`), allowed, example);

/** An IAM policy can't name an alias, only a key. Source: https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html */
export const kmsKeyArn = arn(
  `kms:${regionAndAccount}:key/[a-zA-Z0-9-]+`,
  "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
);
export const targetGroupArn = arn(
  `elasticloadbalancing:${regionAndAccount}:targetgroup/[A-Za-z0-9-]{1,32}/[0-9a-f]{16}`,
  "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/myapp/0123456789abcdef",
);
export const listenerArn = arn(
  `elasticloadbalancing:${regionAndAccount}:listener/app/[A-Za-z0-9-]{1,32}/[0-9a-f]{16}/[0-9a-f]{16}`,
  "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shop/0123456789abcdef/0123456789abcdef",
);
export const certificateArn = arn(
  `acm:${regionAndAccount}:certificate/[a-zA-Z0-9-]+`,
  "arn:aws:acm:eu-west-1:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab",
);
/** A web ACL of CloudFront (`global`) doesn't fit a load balancer. Source: https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html */
export const webAclArn = arn(
  `wafv2:${regionAndAccount}:regional/webacl/[A-Za-z0-9_-]{1,128}/[a-f0-9-]{36}`,
  "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/shop/1234abcd-12ab-34cd-56ef-1234567890ab",
);
/** Without `.fifo`: neither CloudWatch nor EventBridge publishes to those. Source: https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html */
export const topicArn = arn(
  `sns:${regionAndAccount}:[A-Za-z0-9_-]{1,256}`,
  "arn:aws:sns:eu-west-1:123456789012:alarms",
);
/** A standard queue: Scheduler takes no FIFO one. Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html */
export const queueArn = arn(
  `sqs:${regionAndAccount}:[A-Za-z0-9_-]{1,80}`,
  "arn:aws:sqs:eu-west-1:123456789012:failed-tasks",
  'an ARN such as "arn:aws:sqs:eu-west-1:123456789012:failed-tasks", not of a FIFO queue',
);
export const roleArn = arn("iam::\\d{12}:role/[A-Za-z0-9_+=,.@/-]+", "arn:aws:iam::123456789012:role/terraform");
/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html */
export const policyArn = arn(
  "iam::(aws|\\d{12}):policy/[A-Za-z0-9_+=,.@/-]+",
  "arn:aws:iam::123456789012:policy/boundary",
  'a policy\'s ARN such as "arn:aws:iam::123456789012:policy/boundary"',
);
/** Source: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
export const repositoryArn = arn(
  `ecr:${regionAndAccount}:repository/(?=.{2,256}$)[a-z0-9]+([._\\-/][a-z0-9]+)*`,
  "arn:aws:ecr:eu-west-1:123456789012:repository/shop",
  'the ARN of an ECR repository, such as "arn:aws:ecr:eu-west-1:123456789012:repository/myapp"',
);
/** Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html */
export const environmentFileArn = arn(
  `s3:::${bucket}/${objectKey}\\.env`,
  "arn:aws:s3:::acme-config/shop/prod.env",
  'the ARN of an S3 object that ends with .env, such as "arn:aws:s3:::acme-config/shop/prod.env"',
);
/** Source: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-create-flow-log.html */
export const flowLogArn = arn(
  `s3:::${bucket}(/${objectKey})?`,
  "arn:aws:s3:::acme-flow-logs/prod",
  'the ARN of an S3 bucket, or of a folder in it, such as "arn:aws:s3:::acme-flow-logs/prod"',
);
