import { EcsCluster, type EcsClusterProps } from "../../../src/constructs/service/ecs-cluster";
import { sessionStatements } from "../../../src/constructs/service/exec-sessions";
import { emptyStack, jsonOf, Layout, the } from "../layout";

const key = (id: string) => `arn:aws:kms:eu-west-1:123456789012:key/${id}`;
const partition = "aws";

describe("the statements of a task's role", () => {
  it("are none where sessions are neither logged nor encrypted with a key", () => {
    expect(sessionStatements({ partition })).toEqual([]);
  });

  it("allow the agent to write to the log group, to the bucket below the prefix, and to use both keys", () => {
    const s3 = { bucket: "acme-audit", prefix: "exec/prod", kmsKeyArn: key("2") };
    expect(sessionStatements({ partition, logGroupArn: "arn:log", kmsKeyArn: key("1"), s3 })).toEqual([
      { actions: ["logs:DescribeLogGroups"], resources: ["*"] },
      {
        actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        resources: ["arn:log:*"],
      },
      { actions: ["s3:GetBucketLocation", "s3:GetEncryptionConfiguration"], resources: ["arn:aws:s3:::acme-audit"] },
      { actions: ["s3:PutObject"], resources: ["arn:aws:s3:::acme-audit/exec/prod/*"] },
      { actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [key("1"), key("2")] },
    ]);
  });

  it("name a key once, and the whole bucket without a prefix", () => {
    const s3 = { bucket: "acme-audit", kmsKeyArn: key("1") };
    const resources = sessionStatements({ partition, kmsKeyArn: key("1"), s3 }).flatMap((each) => each.resources);
    expect(resources).toEqual(["arn:aws:s3:::acme-audit", "arn:aws:s3:::acme-audit/*", key("1")]);
  });
});

describe("an ECS cluster's sessions", () => {
  const clusterWith = (props: Omit<EcsClusterProps, "cluster">) => {
    const stack = emptyStack();
    new EcsCluster(stack, "ecs-cluster", { cluster: { create: "prod" }, ...props });
    return jsonOf(stack);
  };

  it("are encrypted, and logged where the options say", () => {
    const json = clusterWith({
      execSessions: { kmsKeyArn: key("1"), logGroup: "/acme/exec", s3: { bucket: "acme-audit", prefix: "exec" } },
      logsKmsKeyArn: key("2"),
    });
    expect(the(json, "aws_cloudwatch_log_group")).toMatchObject({ name: "/acme/exec", kms_key_id: key("2") });
    expect(the(json, "aws_ecs_cluster").configuration).toMatchObject({
      execute_command_configuration: {
        kms_key_id: key("1"),
        log_configuration: {
          cloud_watch_encryption_enabled: true,
          s3_bucket_name: "acme-audit",
          s3_bucket_encryption_enabled: true,
          s3_key_prefix: "exec",
        },
      },
    });
  });

  it("don't demand an encrypted log group without a key for it", () => {
    const json = clusterWith({ execSessions: { kmsKeyArn: key("1") } });
    expect(JSON.stringify(the(json, "aws_ecs_cluster"))).not.toContain("cloud_watch_encryption_enabled");
  });
});

describe("a task's role in another owner's ECS cluster", () => {
  /** Actions and resources of the task role's policy. */
  const policyOf = (execSessions: EcsClusterProps["execSessions"], executeCommand = true) => {
    const layout = new Layout();
    const cluster = new EcsCluster(layout.stack, "other", { cluster: { name: "shared" }, execSessions });
    layout.service("myapp", { cluster, executeCommand });
    return JSON.stringify(jsonOf(layout.stack).resource!.aws_iam_role_policy);
  };

  it("may write to the log group that the owner configured", () => {
    expect(policyOf({ logGroup: "/platform/exec" })).toMatch(
      /arn:[^"]*:logs:eu-west-1:[^"]*:log-group:\/platform\/exec:\*/,
    );
  });

  it("may do nothing more without the option, or without ECS Exec", () => {
    expect(policyOf(undefined)).not.toContain("logs:DescribeLogGroups");
    expect(policyOf({ logGroup: "/platform/exec", kmsKeyArn: key("1") }, false)).not.toMatch(/platform|kms:/);
  });
});
