import { EcsCluster } from "../../../src/constructs/service/ecs-cluster";
import { ContainerImage } from "../../../src/constructs/image/container-image";
import { ReleaseSecret } from "../../../src/constructs/service/secrets/release-secret";
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

  it("decrypts with each customer key the parameters that it encrypts, and no others", () => {
    const layout = new Layout();
    const secret = (id: string, kmsKeyArn?: string) =>
      new ReleaseSecret(layout.stack, id, { ssmParameter: `/${id}`, kmsKeyArn });
    const [one, two] = ["1111", "2222"].map((id) => `arn:aws:kms:eu-west-1:123456789012:key/${id}`);
    const secrets = { A: secret("a", two), B: secret("b", one), C: secret("c") };
    layout.service("myapp", { cookie: secret("own", one), secrets });
    const decrypting = statements(layout.json, "execution").filter(({ Action }) => Action.includes("kms:Decrypt"));
    const parameter = (id: string) =>
      expect.stringMatching(`^\\$\\{data\\.aws_ssm_parameter\\.${id}_[\\w-]+\\.arn\\}$`);
    const allowed = (key: string | undefined, ...parameters: string[]) => ({
      Effect: "Allow",
      Action: ["kms:Decrypt"],
      Resource: [key],
      Condition: { StringEquals: { "kms:EncryptionContext:PARAMETER_ARN": parameters.map(parameter) } },
    });
    expect(decrypting).toEqual([allowed(one, "own", "b"), allowed(two, "a")]);
  });

  it("pulls a variable's image from the repository that is named, or from any", () => {
    const layout = new Layout();
    const repositoryArn = "arn:aws:ecr:eu-west-1:123456789012:repository/myapp";
    layout.service("one", {
      image: ContainerImage.variable(layout.stack, "one-repository", "one_image", repositoryArn),
    });
    layout.service("two", { image: ContainerImage.variable(layout.stack, "two-repository", "two_image") });
    const pulls = policies(layout.json, "execution").map(({ Statement }) =>
      Statement.filter(({ Action }) => Action.includes("ecr:BatchGetImage")).flatMap(({ Resource }) => Resource),
    );
    expect(pulls).toEqual([[repositoryArn], ["arn:${data.aws_partition.partition.partition}:ecr:*:*:repository/*"]]);
  });

  it.each([
    ["docker-hub/library/elixir", true],
    ["ecr-public/docker/library/elixir", true],
    ["ghcr/acme/myapp", false],
    ["acme/docker-hub", false],
    ["docker-hub", false],
  ])("fills a pull-through cache: %s, %s", (repository, fills) => {
    const layout = new Layout();
    const uri = `123456789012.dkr.ecr.eu-west-1.amazonaws.com/${repository}:1`;
    layout.service("myapp", { image: ContainerImage.uri(layout.stack, "ecr", uri) });
    const [pull] = statements(layout.json, "execution").filter(({ Action }) => Action.includes("ecr:BatchGetImage"));
    expect(pull!.Resource).toEqual([`arn:aws:ecr:eu-west-1:123456789012:repository/${repository}`]);
    expect(
      ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"].map((action) => pull!.Action.includes(action)),
    ).toEqual([fills, fills]);
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

  it("may protect tasks of its cluster, and no others, when the option is on", () => {
    const layout = new Layout();
    layout.service("myapp", { executeCommand: false, taskProtection: true });
    expect(statements(layout.json, "task")).toEqual([
      {
        Effect: "Allow",
        Action: ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"],
        Resource: [
          expect.stringMatching(
            /^arn:\$\{.*partition\}:ecs:eu-west-1:\$\{.*account_id\}:task\/my-cluster\/\*$/,
          ) as string,
        ],
      },
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
  layout.service("myapp", { nameTemplates: { resources: "prod-{service}" } });
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
            ArnLike: {
              "aws:SourceArn":
                "arn:${data.aws_partition.partition.partition}:ecs:eu-west-1:${data.aws_caller_identity.caller-identity.account_id}:*",
            },
          },
        },
      ],
    });
  }
});
