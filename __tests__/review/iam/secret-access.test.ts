import { mayRead } from "../../../src/review/iam/secret-access";
import { Resources, type Resource } from "../../../src/review/read/resources";
import { Unknown, type Values } from "../../../src/review/read/value";
import { ref, resource } from "../resource";

const ssm = "ssm:GetParameters";
const manager = "secretsmanager:GetSecretValue";
const parameter = "arn:aws:ssm:eu-west-1:1:parameter/acme/cookie";
const secret = "arn:aws:secretsmanager:eu-west-1:1:secret:prod/db-AbCdEf";
const unknown = new Unknown("a variable");
const allow = (Action: string | readonly string[], Resource: string | readonly string[]) =>
  JSON.stringify({ Statement: [{ Effect: "Allow", Action, Resource }] });

/** Whether a role with this policy may read what `valueFrom` names. */
function reads(valueFrom: string, policy: Values["policy"], ...others: readonly Resource[]) {
  const role = resource("aws_iam_role.execution", { name: "execution" });
  const own = resource("aws_iam_role_policy.own", { role: "execution", policy });
  return mayRead(valueFrom, role, new Resources([role, own, ...others]));
}

describe("a parameter", () => {
  it.each([
    [parameter, allow(ssm, parameter), true],
    [parameter, allow(ssm, "*"), true],
    [parameter, allow("ssm:*", "arn:aws:ssm:*:*:parameter/acme/*"), true],
    [parameter, allow(ssm, ["arn:aws:ssm:eu-west-1:1:parameter/other", parameter]), true],
    [parameter, allow(ssm, "arn:aws:ssm:eu-west-1:1:parameter/acme/cooki?"), true],
    [parameter, allow("ssm:GetParameter", parameter), false],
    [parameter, allow(ssm, "arn:aws:ssm:eu-west-1:1:parameter/acme"), false],
    [parameter, allow(ssm, "arn:aws:ssm:us-east-1:1:parameter/acme/cookie"), false],
    [parameter, allow(ssm, "arn:aws:ssm:eu-west-1:1:parameter/acme.cookie"), false],
    [parameter, allow(manager, "*"), false],
    [parameter, allow(ssm, "arn:aws:secretsmanager:*:*:*"), false],
    // Without region and account the name alone decides.
    ["/acme/cookie", allow(ssm, parameter), true],
    ["/acme/cookie", allow(ssm, "arn:aws:ssm:*:*:parameter/other/*"), false],
    ["cookie", allow(ssm, "arn:aws:ssm:*:*:parameter/cookie"), true],
    ["/acme/cookie", allow(manager, "*"), false],
    ["/acme/cookie", allow(ssm, "arn:aws:secretsmanager:*:*:*"), false],
    // AWS adds six characters to the ARN of a secret alone.
    [`${parameter}-AbCdEf`, allow(ssm, parameter), false],
    // A part that isn't known may be any.
    [parameter, allow(ssm, "arn:aws:ssm:${data.aws_region.current.name}:1:parameter/acme/cookie"), undefined],
    [parameter, allow(ssm, "arn:aws:ssm:${data.aws_region.current.name}:1:parameter/other"), false],
    ["${var.cookie}", allow(ssm, "*"), undefined],
    ["", allow(ssm, "*"), undefined],
    ["arn:aws:s3:::bucket/cookie", allow(ssm, "*"), undefined],
  ])("%s by %s: %s", (valueFrom, policy, expected) => {
    expect(reads(valueFrom, policy)).toBe(expected);
  });
});

describe("a condition", () => {
  const under = (Condition: object, Resource = parameter) =>
    JSON.stringify({ Statement: [{ Effect: "Allow", Action: ssm, Resource, Condition }] });
  const inRegion = { StringEquals: { "aws:RequestedRegion": "eu-west-1" } };

  it("allows what its statement names where it holds, and nothing else", () => {
    expect(reads(parameter, under(inRegion))).toBe(true);
    expect(reads(parameter, under(inRegion, "arn:aws:ssm:eu-west-1:1:parameter/other"))).toBe(false);
    expect(reads(parameter, under({ StringEquals: { "aws:RequestedRegion": "us-east-1" } }))).toBe(false);
  });

  it("may allow it where that isn't known", () => {
    expect(reads(parameter, under({ StringEquals: { "aws:SourceVpce": "vpce-1" } }))).toBeUndefined();
    expect(reads(parameter, under({ DateLessThan: { "aws:RequestedRegion": "eu-west-1" } }))).toBeUndefined();
    expect(reads("/acme/cookie", under(inRegion))).toBeUndefined();
    expect(reads(parameter, under({ StringEquals: 7 }))).toBeUndefined();
  });

  it("doesn't matter where another statement allows the same", () => {
    const { Statement } = JSON.parse(under(inRegion)) as { Statement: object[] };
    const own = { Effect: "Allow", Action: ssm, Resource: parameter };
    expect(reads(parameter, JSON.stringify({ Statement: [...Statement, own] }))).toBe(true);
  });
});

describe("a secret", () => {
  it.each([
    [secret, allow(manager, secret), true],
    [`${secret}:password::`, allow(manager, secret), true],
    [secret, allow(manager, "arn:aws:secretsmanager:eu-west-1:1:secret:prod/db-*"), true],
    [secret, allow(manager, "arn:aws:secretsmanager:eu-west-1:1:secret:other-AbCdEf"), false],
    [secret, allow(ssm, "*"), false],
    [secret, allow(manager, parameter), false],
    // AWS adds six characters to the name.
    [secret, allow(manager, "arn:aws:secretsmanager:eu-west-1:1:secret:prod/db"), undefined],
    [
      "arn:aws:secretsmanager:eu-west-1:1:secret:prod/db",
      allow(manager, "arn:aws:secretsmanager:*:*:secret:prod/db-??????"),
      true,
    ],
  ])("%s by %s: %s", (valueFrom, policy, expected) => {
    expect(reads(valueFrom, policy)).toBe(expected);
  });
});

describe("what another resource makes or looks up", () => {
  const made = (name: string, values: Values = {}) => resource(`aws_ssm_parameter.${name}`, values);
  const document = (...resources: Values["resources"][]) =>
    [
      ref("data.aws_iam_policy_document.own", "json"),
      resource("data.aws_iam_policy_document.own", {
        statement: [{ actions: [ssm, manager], resources: resources as [] }],
      }),
    ] as const;
  const by = (valueFrom: string, target: Values["resources"], ...others: readonly Resource[]) => {
    const [policy, data] = document(target);
    return reads(valueFrom, policy, data, ...others);
  };

  it("is read by a policy that refers to the same resource", () => {
    expect(by("${aws_ssm_parameter.cookie.arn}", ref("aws_ssm_parameter.cookie", "arn"), made("cookie"))).toBe(true);
    expect(by("${aws_ssm_parameter.cookie.name}", ref("aws_ssm_parameter.cookie", "arn"), made("cookie"))).toBe(true);
  });

  it("isn't by a policy for another resource; two data sources may look up the same", () => {
    const other = ref("aws_ssm_parameter.other", "arn");
    expect(by("${aws_ssm_parameter.cookie.arn}", other, made("cookie"), made("other"))).toBe(false);
    const looked = (name: string) => resource(`data.aws_ssm_parameter.${name}`, {});
    const data = ref("data.aws_ssm_parameter.other", "arn");
    expect(by("${data.aws_ssm_parameter.cookie.arn}", data, looked("cookie"), looked("other"))).toBeUndefined();
    expect(by("${aws_ssm_parameter.cookie.arn}", data, made("cookie"), looked("other"))).toBeUndefined();
  });

  it("is read by its name, where it is known", () => {
    const named = made("cookie", { name: "/acme/cookie" });
    expect(by("${aws_ssm_parameter.cookie.arn}", parameter, named)).toBe(true);
    expect(by("${aws_ssm_parameter.cookie.arn}", parameter.replace("cookie", "other"), named)).toBe(false);
    expect(by("${aws_ssm_parameter.cookie.arn}", parameter, made("cookie"))).toBeUndefined();
    expect(by(parameter, ref("aws_ssm_parameter.cookie", "arn"), named)).toBe(true);
    expect(by("/acme/cookie", ref("aws_ssm_parameter.cookie", "arn"), named)).toBe(true);
    expect(by("/acme/other", ref("aws_ssm_parameter.cookie", "arn"), named)).toBe(false);
    expect(by(parameter, ref("aws_ssm_parameter.cookie", "arn"), made("cookie"))).toBeUndefined();
  });

  it("is read by a policy for everything, even where its name isn't known", () => {
    expect(reads("${aws_ssm_parameter.cookie.arn}", allow(ssm, "*"), made("cookie"))).toBe(true);
  });

  it("is a secret by its type", () => {
    const made = resource("aws_secretsmanager_secret.db", {});
    expect(by("${aws_secretsmanager_secret.db.arn}", ref("aws_secretsmanager_secret.db", "arn"), made)).toBe(true);
    expect(reads("${aws_secretsmanager_secret.db.arn}", allow(ssm, "*"), made)).toBe(false);
  });
});

describe("a role of which not all is known", () => {
  const attached = (arn: Values["policy_arn"]) =>
    resource("aws_iam_role_policy_attachment.a", { role: "execution", policy_arn: arn });
  const policy = allow("s3:GetObject", "*");

  it.each([
    "service-role/AmazonECSTaskExecutionRolePolicy",
    "AmazonEC2ContainerRegistryReadOnly",
    "AmazonEC2ContainerRegistryPullOnly",
    "CloudWatchLogsFullAccess",
    "AWSXRayDaemonWriteAccess",
    "AWSXrayWriteOnlyAccess",
  ])("doesn't read by AWS's %s", (name) => {
    expect(reads(parameter, policy, attached(`arn:aws:iam::aws:policy/${name}`))).toBe(false);
  });

  it("may read by another policy of AWS's, one that isn't known, or by actions or resources that aren't", () => {
    expect(reads(parameter, policy, attached("arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"))).toBeUndefined();
    expect(reads(parameter, policy, attached(unknown))).toBeUndefined();
    expect(reads(parameter, unknown)).toBeUndefined();
    const document = resource("data.aws_iam_policy_document.own", {
      statement: [{ actions: [ssm], resources: unknown }],
    });
    expect(reads(parameter, ref("data.aws_iam_policy_document.own", "json"), document)).toBeUndefined();
    // What is known to allow it is enough.
    expect(reads(parameter, allow(ssm, "*"), attached(unknown))).toBe(true);
  });

  it("may read by a dynamic block of a new role", () => {
    const role = resource("aws_iam_role.execution", { name: "execution", inline_policy: unknown }, { configured: {} });
    expect(mayRead(parameter, role, new Resources([role]))).toBeUndefined();
  });
});
