import { reviewPlan } from "../../src/review/review";
import { all, at, container, found, managed, policy, put, set, type Edit } from "./edits";
import { goodLayout } from "./good-layout";
import { changeContainer, setVariable } from "./layouts";

const cookies = (edit: Edit) =>
  found(edit, "different-cookies").map(({ severity, message }) => `${severity}: ${message.split("places: ")[1]}`);
const valueFrom =
  (service: "shop" | "stock" | "mail", from: string): Edit =>
  (layout) =>
    changeContainer(layout, service, ({ secrets }) => (secrets[0]!.valueFrom = from));

describe("cookies of one cluster", () => {
  it("are compared through a third service whose cookie isn't known", () => {
    // GIVEN mail and shop, which meet in stock alone
    const edit = all(
      (layout) =>
        setVariable(layout, "mail", "CLUSTER_NODES", "mail@mail.organization.local,stock@stock.organization.local"),
      valueFrom("mail", "/organization/other-cookie"),
      valueFrom("stock", "${var.cookie}"),
    );
    // THEN their cookies differ all the same
    expect(cookies(edit)).toEqual([
      "error: mail from /organization/other-cookie; shop from /organization/release-cookie",
    ]);
  });

  it("may be equal in the environment and in a parameter: a warning", () => {
    const edit: Edit = (layout) => {
      changeContainer(layout, "stock", (json) => (json.secrets = []));
      setVariable(layout, "stock", "RELEASE_COOKIE", "monster");
    };
    expect(cookies(edit)).toEqual(["warning: shop from /organization/release-cookie; stock from its environment"]);
  });

  it("may be equal in a release and in a parameter: a warning", () => {
    const edit: Edit = (layout) => changeContainer(layout, "stock", (json) => (json.secrets = []));
    expect(cookies(edit)).toEqual(["warning: shop from /organization/release-cookie; stock from its release"]);
  });

  it("aren't compared where a parameter is unknown", () => {
    expect(cookies(valueFrom("stock", "${var.cookie}"))).toEqual([]);
    expect(cookies(valueFrom("stock", "${data.aws_ssm_parameter.cookie.arn}"))).toEqual([]);
  });

  it("aren't compared where no service polls another", () => {
    const edit: Edit = (layout) => {
      for (const name of ["shop", "stock"] as const) setVariable(layout, name, "CLUSTER_NODES", undefined);
      valueFrom("stock", "/organization/other-cookie")(layout);
    };
    expect(cookies(edit)).toEqual([]);
  });

  it("are one in two services of one task definition, wherever it comes from", () => {
    // GIVEN two services of one task definition, whose release has its own cookie
    const layout = goodLayout();
    changeContainer(layout, "shop", (json) => (json.secrets = []));
    setVariable(layout, "shop", "CLUSTER_NODES", "shop@shop.organization.local,shop@stock.organization.local");
    at(layout, "aws_ecs_service", "stock").task_definition = "${aws_ecs_task_definition.shop.arn}";
    // THEN no pair of theirs lacks a cookie
    const { matrix } = reviewPlan(layout);
    const states = matrix.pairs
      .filter(({ from, to }) => [from, to].every(({ name }) => name !== "mail"))
      .map(({ state, reasons }) => [state, ...reasons.map(({ text }) => text)]);
    expect(states).toEqual([["connects"], ["connects"], ["connects"], ["connects"]]);
  });
});

describe("what the execution role may read", () => {
  const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/shop/database-AbCdEf";
  const injects = (from: string): Edit => container(({ secrets }) => secrets.push({ name: "URL", valueFrom: from }));
  const allows = (...resources: unknown[]): Edit =>
    set("aws_iam_role_policy", "shop_execution", {
      policy: policy({
        Effect: "Allow",
        Action: ["ssm:GetParameter*", "secretsmanager:GetSecretValue"],
        Resource: ["arn:aws:ssm:eu-west-1:123456789012:parameter/organization/*", ...resources],
      }),
    });
  const refused = (...edits: Edit[]) => found(all(...edits), "secret-not-readable").map(({ message }) => message);

  it.each<[string, string, unknown[], boolean]>([
    ["a parameter under an allowed path", "/organization/url", [], false],
    ["a parameter elsewhere", "/other/url", [], true],
    ["a parameter without a slash, by ARN", "url", ["arn:aws:ssm:*:*:parameter/url"], false],
    ["a parameter of another Region", "arn:aws:ssm:us-east-1:123456789012:parameter/organization/url", [], true],
    ["a secret that no statement names", arn, [], true],
    ["a secret by its full ARN", arn, [arn], false],
    ["one key of a secret", `${arn}:url::`, [arn], false],
    ["a secret by its name and six of anything", arn, [arn.replace("AbCdEf", "??????")], false],
    ["a secret named without its ending", arn.slice(0, -7), [`${arn.slice(0, -7)}-??????`], false],
    ["another secret", arn, [arn.replace("database", "mail")], true],
    // Not evaluated: what AWS adds to the name may be what is missing.
    ["a secret by a policy without its ending", arn, [arn.slice(0, -7)], false],
    ["any", arn, ["*"], false],
    ["an expression", "${var.secret}", [], false],
    [
      "a policy with an expression that can mean it",
      arn,
      ["arn:aws:secretsmanager:${var.region}:*:secret:prod/*"],
      false,
    ],
    ["a policy with an expression that can't", arn, ["arn:aws:secretsmanager:${var.region}:*:secret:dev/*"], true],
  ])("%s: %s", (_, from, resources, error) => {
    expect(refused(injects(from), allows(...resources))).toHaveLength(error ? 1 : 0);
  });

  it("tells the secrets of this configuration apart", () => {
    const secrets: Edit = (layout) => {
      put(layout, "aws_secretsmanager_secret", "database", { name: "database" });
      put(layout, "aws_secretsmanager_secret", "mail", { name: "mail" });
    };
    const from = injects("${aws_secretsmanager_secret.database.arn}:url::");
    expect(refused(secrets, from, allows("${aws_secretsmanager_secret.database.arn}"))).toEqual([]);
    expect(refused(secrets, from, allows("${aws_secretsmanager_secret.mail.arn}"))).toHaveLength(1);
  });

  it.each<[string, Edit, boolean]>([
    [
      "AWS's policy for execution roles, which reads none",
      managed("shop_execution", "service-role/AmazonECSTaskExecutionRolePolicy"),
      true,
    ],
    ["a policy of AWS that may read it", managed("shop_execution", "SecretsManagerReadWrite"), false],
    ["a policy that isn't known", set("aws_iam_role_policy", "shop_execution", { policy: "${var.policy}" }), false],
    [
      "a policy whose role isn't known",
      (layout) => put(layout, "aws_iam_role_policy", "x", { role: "${var.role}", policy: policy() }),
      false,
    ],
    ["a policy for several others", (layout) => put(layout, "aws_iam_policy_attachment", "x", { roles: ["a"] }), true],
    [
      "a policy for several roles, of which it is one",
      (layout) =>
        put(layout, "aws_iam_policy_attachment", "x", { roles: ["a", "${aws_iam_role.shop_execution.name}"] }),
      false,
    ],
    [
      "a role outside the plan",
      set("aws_ecs_task_definition", "shop", { execution_role_arn: "arn:aws:iam::123456789012:role/x" }),
      false,
    ],
  ])("with %s", (_, edit, error) => {
    expect(refused(injects(arn), edit)).toHaveLength(error ? 1 : 0);
  });

  it("is nothing without an execution role", () => {
    expect(refused((layout) => delete at(layout, "aws_ecs_task_definition", "shop").execution_role_arn)).toEqual([
      "shop injects arn:aws:ssm:eu-west-1:123456789012:parameter/organization/release-cookie, and its task definition has no execution role",
    ]);
  });

  it.each([
    [
      "its log driver's options",
      { logConfiguration: { logDriver: "splunk", secretOptions: [{ name: "token", valueFrom: arn }] } },
    ],
    ["its registry's login", { repositoryCredentials: { credentialsParameter: arn } }],
  ])("counts what ECS reads for %s", (_, values) => {
    expect(refused(container((json) => Object.assign(json, values)))).toHaveLength(1);
  });
});
