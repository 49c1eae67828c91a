import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DataAwsEcsCluster } from "@cdktf/provider-aws/lib/data-aws-ecs-cluster";
import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import { EcsCluster as AwsEcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { Construct } from "constructs";
import { fargateProviders } from "../../aws/ecs/capacity";
import { execLogGroupName } from "../../aws/names";
import type { ClusterSessions, ExecSessions } from "./exec-sessions";
import { logDefaults } from "../../aws/defaults";

/** Properties of an {@link EcsCluster}. */
export interface EcsClusterProps {
  /** The name of an existing cluster, or of a new one. */
  readonly cluster: { readonly name: string } | { readonly create: string };
  /**
   * Whether services of it run on Fargate Spot: a new cluster gets the capacity providers. An existing one must have them.
   * @default false
   */
  readonly spot?: boolean;
  /** The encryption and the logs of ECS Exec sessions; a new cluster gets them, an existing one has them. */
  readonly execSessions?:
    | (ExecSessions & {
        /** Days that a new cluster keeps the sessions' logs. @default 30 */
        readonly logRetentionDays?: number | undefined;
      })
    | undefined;
  /** ARN of the KMS key that encrypts the log group of a new cluster's sessions. @default a key that CloudWatch owns */
  readonly logsKmsKeyArn?: string | undefined;
}

/**
 * The ECS cluster that services run in: an existing one, or a new one with Container Insights and with ECS Exec sessions
 * logged to CloudWatch. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
 */
export class EcsCluster extends Construct {
  /** ARN. Services take this rather than the name, which would force the replacement of an imported service. */
  readonly arn: string;
  /** Name. */
  readonly name: string;
  /** Its ECS Exec sessions: task roles need to write their logs. */
  readonly execSessions: ClusterSessions;

  /** What associates a new cluster with its capacity providers: a service that uses them needs it first. */
  readonly capacity: EcsClusterCapacityProviders | undefined;

  constructor(scope: Construct, id: string, props: EcsClusterProps) {
    super(scope, id);
    const { cluster, spot = false, execSessions = {}, logsKmsKeyArn } = props;
    const { logRetentionDays = logDefaults.retentionDays, ...sessions } = execSessions;
    if ("name" in cluster) {
      this.name = cluster.name;
      this.execSessions = sessions;
      this.arn = new DataAwsEcsCluster(this, "cluster", { clusterName: cluster.name }).arn;
      return;
    }
    const logGroup = new CloudwatchLogGroup(this, "exec-log-group", {
      name: sessions.logGroup ?? execLogGroupName(cluster.create),
      kmsKeyId: logsKmsKeyArn,
      retentionInDays: logRetentionDays,
    });
    this.name = cluster.create;
    this.execSessions = { ...sessions, logGroupArn: logGroup.arn };
    const created = new AwsEcsCluster(this, "cluster", {
      name: cluster.create,
      setting: [{ name: "containerInsights", value: "enabled" }],
      configuration: {
        executeCommandConfiguration: {
          kmsKeyId: sessions.kmsKeyArn,
          logging: "OVERRIDE",
          logConfiguration: {
            cloudWatchLogGroupName: logGroup.name,
            // With this, the agent refuses a session whose log group has no key.
            ...(logsKmsKeyArn === undefined ? {} : { cloudWatchEncryptionEnabled: true }),
            ...(sessions.s3
              ? {
                  s3BucketName: sessions.s3.bucket,
                  s3BucketEncryptionEnabled: true,
                  s3KeyPrefix: sessions.s3.prefix,
                }
              : {}),
          },
        },
      },
    });
    this.arn = created.arn;
    if (spot) {
      this.capacity = new EcsClusterCapacityProviders(this, "capacity-providers", {
        clusterName: created.name,
        capacityProviders: Object.values(fargateProviders),
      });
    }
  }
}
