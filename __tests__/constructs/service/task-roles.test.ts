import { EcsCluster } from "../../../src/constructs/service/ecs-cluster";
import { ContainerImage } from "../../../src/constructs/image/container-image";
import { ReleaseSecret } from "../../../src/constructs/service/release-secret";
import { Layout, type TerraformJson } from "../layout";
import { notEmpty } from "../../not-empty";

interface Statement {
  readonly Effect: string;
  readonly Action: string[];
  readonly Resource: string[];
}

/** The policies that are called `name`. */
const policies = (json: TerraformJson, name: "execution" | "task") =>
  Object.values(json.resource!.aws_iam_role_policy ?? {})
    .filter((policy) => policy.name === name)
    .map(({ policy }) => JSON.parse(policy as string) as { Version: string; Statement: Statement[] });

/** The statements of the policy that is called `name`. */
function statements(json: TerraformJson, name: "execution" | "task"): Statement[] {
  expect(policies(json, name).map(({ Version }) => Version)).toEqual(["2012-10-17"]);
  return policies(json, name)[0]!.Statement;
}
const actions = (all: Statement[]) => all.flatMap(({ Action }) => Action);

describe("execution role", () => {
  it("writes the log group, reads exactly the secrets that are injected, and no more", () => {
    const layout = new Layout();
    const keyBase = new ReleaseSecret(layout.stack, "key-base", { ssmParameter: "/key-base" });
    new ReleaseSecret(layout.stack, "another", { ssmParameter: "/another" });
    layout.service("myapp", { secrets: { SECRET_KEY_BASE: keyBase } });
    expect(statements(layout.json, "execution")).toEqual([
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: [expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.[\w-]+\.arn\}:\*$/)],
      },
      {
        Effect: "Allow",
        Action: ["ssm:GetParameters"],
        Resource: [
          expect.stringMatching(/^\$\{data\.aws_ssm_parameter\.cookie_[\w-]+\.arn\}$/),
          expect.stringMatching(/^\$\{data\.aws_ssm_parameter\.key-base_[\w-]+\.arn\}$/),
        ],
      },
    ]);
  });

  it("pulls from the image's own ECR repository", () => {
    const layout = new Layout();
    const uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/myapp:1";
    layout.service("myapp", { image: ContainerImage.uri(layout.stack, "ecr", uri) });
    expect(statements(layout.json, "execution")).toContainEqual({
      Effect: "Allow",
      Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      Resource: ["arn:aws:ecr:eu-west-1:123456789012:repository/myapp"],
    });
    expect(statements(layout.json, "execution")).toContainEqual({
      Effect: "Allow",
      Action: ["ecr:GetAuthorizationToken"],
      Resource: ["*"],
    });
  });

  it("decrypts with a secret's customer key", () => {
    const layout = new Layout();
    const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    layout.service("myapp", { cookie: new ReleaseSecret(layout.stack, "own-key", { ssmParameter: "/c", kmsKeyArn }) });
    expect(statements(layout.json, "execution")).toContainEqual({
      Effect: "Allow",
      Action: ["kms:Decrypt"],
      Resource: [kmsKeyArn],
    });
  });
});

describe("task role", () => {
  it("has ECS Exec's four actions when exec is on", () => {
    const layout = new Layout();
    layout.service("myapp");
    expect(statements(layout.json, "task")).toEqual([
      {
        Effect: "Allow",
        Action: [
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
        ],
        Resource: ["*"],
      },
    ]);
  });

  it("has no policy at all when exec is off and the application needs nothing", () => {
    const layout = new Layout();
    layout.service("myapp", { executeCommand: false });
    expect(policies(layout.json, "task")).toEqual([]);
  });

  it("has the adopter's own statements, taken as they stand", () => {
    const layout = new Layout();
    layout.service("myapp", {
      executeCommand: false,
      taskRoleStatements: [
        { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::home/${aws:username}/*"] },
        { effect: "Deny", actions: ["s3:*"], resources: ["*"] },
      ],
    });
    expect(statements(layout.json, "task")).toEqual([
      { Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::home/$${aws:username}/*"] },
      { Effect: "Deny", Action: ["s3:*"], Resource: ["*"] },
    ]);
  });

  it("writes ECS Exec's sessions where a new cluster logs them", () => {
    const layout = new Layout();
    const cluster = new EcsCluster(layout.stack, "new-cluster", { cluster: { create: "prod" } });
    layout.service("myapp", { cluster });
    expect(statements(layout.json, "task").slice(1)).toEqual([
      { Effect: "Allow", Action: ["logs:DescribeLogGroups"], Resource: ["*"] },
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        Resource: [expect.stringMatching(/exec-log-group_\w+\.arn\}:\*$/)],
      },
    ]);
  });

  it("can't read the release's secrets, and nobody may execute commands through either role", () => {
    const layout = new Layout();
    layout.service("myapp");
    expect(actions(statements(layout.json, "task")).filter((action) => action.startsWith("ssm:"))).toEqual([]);
    expect(JSON.stringify(layout.json)).not.toContain("ecs:ExecuteCommand");
  });
});

it("both roles are ECS's alone, acting for this account", () => {
  const layout = new Layout();
  layout.service("myapp", { namePrefix: "prod-" });
  const roles = Object.values(layout.json.resource!.aws_iam_role!);
  expect(roles.map(({ name }) => name)).toEqual(["prod-myapp-execution", "prod-myapp-task"]);
  for (const { assume_role_policy: policy } of notEmpty(roles)) {
    expect(JSON.parse(policy as string)).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "ecs-tasks.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": "${data.aws_caller_identity.caller-identity.account_id}" },
          },
        },
      ],
    });
  }
});
