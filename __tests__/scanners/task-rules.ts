import { block, containers } from "./resources";
import type { Rule } from "./rules";

const insights = (setting: unknown) =>
  [setting].flat().some((one) => block(one).name === "containerInsights" && block(one).value !== "disabled");
const session = (configuration: unknown) => block(block(configuration).execute_command_configuration);
const secretLike = /password|secret|private_key|aws_access_key_id|aws_secret_access_key|token|api_key/i;

/** Services, task definitions, clusters, logs and images. */
export const taskRules: readonly Rule[] = [
  {
    ids: ["CKV_AWS_336"],
    type: "aws_ecs_task_definition",
    demands: "the root file system is read-only",
    passes: (task) => containers(task).every(({ readonlyRootFilesystem }) => readonlyRootFilesystem === true),
    reason:
      'It isn\'t by default, because an application may write to its own folders. `"readonlyRootFilesystem": true` of a service makes it read-only, with volumes for what must be writable.',
  },
  {
    ids: ["CKV_AWS_334"],
    type: "aws_ecs_task_definition",
    demands: "no container is privileged",
    passes: (task) => containers(task).every(({ privileged }) => privileged !== true),
  },
  {
    ids: ["CKV_AWS_335"],
    type: "aws_ecs_task_definition",
    demands: "tasks don't share the host's process namespace",
    passes: ({ pid_mode }) => pid_mode !== "host",
  },
  {
    ids: ["CKV_AWS_249"],
    type: "aws_ecs_task_definition",
    demands: "the execution role isn't the task's role",
    passes: ({ execution_role_arn, task_role_arn }) => execution_role_arn !== task_role_arn,
  },
  {
    ids: ["CKV_AWS_97", "AWS-0035"],
    type: "aws_ecs_task_definition",
    demands: "EFS volumes are encrypted in transit",
    passes: ({ volume }) =>
      [volume ?? []].flat().every((one) => {
        const { efs_volume_configuration: efs } = block(one);
        return efs === undefined || block(efs).transit_encryption === "ENABLED";
      }),
  },
  {
    ids: ["AWS-0036"],
    type: "aws_ecs_task_definition",
    demands: "no plain variable looks like a secret",
    passes: (task) =>
      containers(task).every(({ environment }) =>
        ((environment ?? []) as { name: string }[]).every(({ name }) => !secretLike.test(name)),
      ),
  },
  {
    ids: ["CKV_AWS_332"],
    type: "aws_ecs_service",
    demands: "Fargate's platform version is the latest",
    passes: ({ platform_version }) => platform_version === undefined || platform_version === "LATEST",
  },
  {
    ids: ["CKV_AWS_333"],
    type: "aws_ecs_service",
    demands: "tasks have no public address",
    passes: ({ network_configuration }) => block(network_configuration).assign_public_ip !== true,
  },
  {
    ids: ["CKV_AWS_65", "AWS-0034"],
    type: "aws_ecs_cluster",
    demands: "Container Insights is on",
    passes: ({ setting }) => insights(setting),
  },
  {
    ids: ["CKV_AWS_223"],
    type: "aws_ecs_cluster",
    demands: "sessions of ECS Exec are logged",
    passes: ({ configuration }) => session(configuration).logging !== "NONE",
  },
  {
    ids: ["CKV_AWS_224"],
    type: "aws_ecs_cluster",
    demands: "sessions of ECS Exec and their logs are encrypted with a customer key",
    passes: ({ configuration }) =>
      session(configuration).kms_key_id !== undefined &&
      block(session(configuration).log_configuration).cloud_watch_encryption_enabled === true,
    reason:
      "Without keys of yours, sessions are encrypted with TLS, and CloudWatch encrypts logs with its own key. `execSessions.kmsKeyArn` and `kmsKeys.logs` name keys.",
  },
  {
    ids: ["CKV_AWS_66"],
    type: "aws_cloudwatch_log_group",
    demands: "logs have a retention",
    passes: ({ retention_in_days }) => typeof retention_in_days === "number" && retention_in_days > 0,
  },
  {
    ids: ["CKV_AWS_338"],
    type: "aws_cloudwatch_log_group",
    demands: "logs are kept for a year",
    passes: ({ retention_in_days }) => Number(retention_in_days) >= 365,
    reason:
      'Logs of applications are kept for 30 days, because they cost by the gigabyte and may contain personal data. `"logs": { "retentionDays": 365 }` of a service keeps them for a year. The log of ECS Exec sessions has `execSessions.logRetentionDays`.',
  },
  {
    ids: ["CKV_AWS_158", "AWS-0017"],
    type: "aws_cloudwatch_log_group",
    demands: "logs are encrypted with a customer key",
    passes: ({ kms_key_id }) => kms_key_id !== undefined,
    reason:
      "Without a key of yours, CloudWatch encrypts all logs with a key of its own. `kmsKeys.logs` names one for all log groups.",
  },
  {
    ids: ["CKV_AWS_51", "AWS-0031"],
    type: "aws_ecr_repository",
    demands: "tags of images are immutable",
    passes: ({ image_tag_mutability }) => image_tag_mutability === "IMMUTABLE",
  },
  {
    ids: ["CKV_AWS_163", "AWS-0030"],
    type: "aws_ecr_repository",
    demands: "images are scanned at each push",
    passes: ({ image_scanning_configuration }) => block(image_scanning_configuration).scan_on_push === true,
  },
  {
    ids: ["CKV_AWS_136", "AWS-0033"],
    type: "aws_ecr_repository",
    demands: "images are encrypted with a customer key",
    passes: ({ encryption_configuration }) => block(encryption_configuration).encryption_type === "KMS",
    reason:
      "ECR encrypts them with AES-256. Only `build`, which is for experiments, creates a repository. With `variable` or `uri` the repository is yours and may have a key. `kmsKeys.images` names one for `build`.",
  },
];
