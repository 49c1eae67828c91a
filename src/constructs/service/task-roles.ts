import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import { isPullThroughCache } from "../../aws/ecr-repository";
import { statementDefaults } from "../../aws/defaults";
import { deletedLast } from "../lifecycle";
import { literal } from "../literal";
import type { ConditionalStatement, PolicyStatement } from "./policy-statement";
import type { EnvironmentFile } from "./secrets/environment-file";
import { readingStatements } from "./secrets/reading-statements";
import type { ReleaseSecret } from "./secrets/release-secret";
import { type ClusterSessions, sessionStatements } from "./exec-sessions";
import { accountIdOf, partitionOf } from "../stack-child";

/** Properties of {@link TaskRoles}. */
export interface TaskRolesProps {
  /** AWS region of the tasks. */
  readonly region: string;
  /** Name of the role that ECS itself assumes. */
  readonly executionRole: string;
  /** Name of the role that the application assumes. */
  readonly taskRole: string;
  /** ARN of the log group that the container writes to. */
  readonly logGroupArn: string;
  /** ARNs of the ECR repositories to pull from. @default none: the images are elsewhere */
  readonly repositoryArns?: readonly string[];
  /** The secrets that ECS injects: the execution role may read only these. */
  readonly secrets: readonly ReleaseSecret[];
  /** The environment files that ECS reads: the execution role may read only these. @default none */
  readonly environmentFiles?: readonly EnvironmentFile[];
  /** Whether ECS Exec is on. */
  readonly executeCommand: boolean;
  /** How the ECS cluster encrypts and logs ECS Exec sessions. @default neither */
  readonly execSessions?: ClusterSessions | undefined;
  /** Name of the ECS cluster in which the task may protect itself. @default it may not */
  readonly protectedCluster?: string | undefined;
  /** What the application itself may do. @default nothing */
  readonly statements?: readonly PolicyStatement[];
  /** What the tasks may do with the file systems that they mount. @default nothing */
  readonly fileSystems?: readonly ConditionalStatement[];
}

/**
 * The two roles of a task: ECS itself uses the *execution role* to pull the image, write logs and read the secrets it
 * injects; the application and ECS Exec's agent use the *task role*. Neither has `ecs:ExecuteCommand`, which the person
 * who connects needs.
 * Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html,
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
export class TaskRoles extends Construct {
  readonly executionRoleArn: string;
  readonly taskRoleArn: string;
  /** The policies: a service starts tasks only after they exist. */
  readonly policies: readonly IamRolePolicy[];

  constructor(scope: Construct, id: string, props: TaskRolesProps) {
    super(scope, id);
    const execution = this.role("execution", props.executionRole, props.region);
    const task = this.role("task", props.taskRole, props.region);
    this.executionRoleArn = execution.arn;
    this.taskRoleArn = task.arn;
    this.policies = [
      ...this.policy(execution, "execution", executionStatements(props)),
      ...this.policy(task, "task", [
        ...this.execStatements(props),
        ...this.protectionStatements(props),
        ...(props.fileSystems ?? []),
        ...ownStatements(props),
      ]),
    ];
  }

  private role(purpose: "execution" | "task", name: string, region: string): IamRole {
    const account = accountIdOf(this);
    return new IamRole(this, `${purpose}-role`, {
      name,
      // Only ECS acting for tasks of this account and region may assume it; AWS names no narrower ARN. Source:
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cross-service-confused-deputy-prevention.html
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "ecs-tasks.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: {
              StringEquals: { "aws:SourceAccount": account },
              ArnLike: { "aws:SourceArn": `arn:${partitionOf(this)}:ecs:${region}:${account}:*` },
            },
          },
        ],
      }),
      lifecycle: deletedLast,
    });
  }

  private execStatements({ executeCommand, execSessions = {}, region }: TaskRolesProps): PolicyStatement[] {
    if (!executeCommand) return [];
    const channels = ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"];
    const partition = partitionOf(this);
    const { logGroup } = execSessions;
    // Of an existing ECS cluster, the file has the name alone.
    const named = logGroup && `arn:${partition}:logs:${region}:${accountIdOf(this)}:log-group:${logGroup}`;
    return [
      // These four have no resource type. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html#ecs-exec-required-iam-permissions
      { actions: channels.map((action) => `ssmmessages:${action}`), resources: ["*"] },
      ...sessionStatements({ logGroupArn: named, ...execSessions, partition }),
    ];
  }

  /**
   * The agent calls ECS with the task's role. A task's ARN names its cluster, and not its service: the cluster's tasks are the
   * narrowest resource there is. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html
   */
  private protectionStatements({ protectedCluster, region }: TaskRolesProps): PolicyStatement[] {
    if (protectedCluster === undefined) return [];
    const tasks = `arn:${partitionOf(this)}:ecs:${region}:${accountIdOf(this)}:task/${protectedCluster}/*`;
    return [{ actions: ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"], resources: [tasks] }];
  }

  private policy(role: IamRole, purpose: string, statements: readonly ConditionalStatement[]): IamRolePolicy[] {
    if (statements.length === 0) return [];
    const Statement = statements.map(({ effect = statementDefaults.effect, actions, resources, condition }) => ({
      Effect: effect,
      Action: actions,
      Resource: resources,
      ...(condition ? { Condition: condition } : {}),
    }));
    const policy = JSON.stringify({ Version: "2012-10-17", Statement });
    return [
      new IamRolePolicy(this, `${purpose}-policy`, { name: purpose, role: role.id, policy, lifecycle: deletedLast }),
    ];
  }
}

function executionStatements(props: TaskRolesProps): ConditionalStatement[] {
  const { logGroupArn, repositoryArns = [] } = props;
  const pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
  // The first pull of an image fills a cache. Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
  const fill = ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"];
  return [
    { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [`${logGroupArn}:*`] },
    ...(repositoryArns.length > 0
      ? [
          // This action has no resource type. Source:
          // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
          { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
        ]
      : []),
    ...repositoryArns.map((arn) => ({
      actions: [...pull, ...(isPullThroughCache(arn) ? fill : [])],
      resources: [arn],
    })),
    ...readingStatements(props),
  ];
}

function ownStatements({ statements = [] }: TaskRolesProps): PolicyStatement[] {
  return statements.map((statement) => ({
    ...statement,
    actions: statement.actions.map(literal),
    resources: statement.resources.map(literal),
  }));
}
