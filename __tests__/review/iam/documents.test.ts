import { readPolicy, type Statement } from "../../../src/review/iam/documents";
import { Resources } from "../../../src/review/read/resources";
import { Unknown, type Value, type Values } from "../../../src/review/read/value";
import { ref, resource } from "../resource";

const unknown = new Unknown("a variable");
const at = "aws_iam_role_policy.own";
const allows = (
  actions: readonly string[],
  resources: readonly string[],
  more: Partial<Statement> = {},
): Statement => ({
  actions,
  resources,
  conditions: [],
  services: [],
  open: false,
  address: at,
  ...more,
});

describe("a policy as JSON", () => {
  const read = (...Statement: readonly object[]) => readPolicy(JSON.stringify({ Statement }), at, new Resources([]));

  it("allows what its statements allow, one or more", () => {
    const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: ["arn:a", "arn:b"] };
    const expected = allows(["s3:GetObject"], ["arn:a", "arn:b"]);
    expect(read(statement, statement)).toEqual({ statements: [expected, expected], open: false });
    const alone = JSON.stringify({ Statement: statement });
    expect(readPolicy(alone, at, new Resources([]))).toEqual({ statements: [expected], open: false });
  });

  it("allows nothing by what it denies", () => {
    expect(read({ Effect: "Deny", Action: "*", Resource: "*" }, { Action: "*" })).toEqual({
      statements: [],
      open: false,
    });
  });

  it("allows everything where it names what it leaves out", () => {
    const { statements } = read({ Effect: "Allow", NotAction: "iam:*", NotResource: ["arn:a"] });
    expect(statements).toEqual([allows(["*"], ["*"])]);
  });

  it("has a condition or has none", () => {
    const under = (Condition: unknown) =>
      read({ Effect: "Allow", Action: ["a:B"], Resource: "*", Condition }).statements[0]!.conditions;
    expect(under({ Bool: { "aws:SecureTransport": true }, StringLike: { "a:K": ["x*", "y"], "a:L": "z" } })).toEqual([
      { operator: "Bool", key: "aws:SecureTransport", values: ["true"] },
      { operator: "StringLike", key: "a:K", values: ["x*", "y"] },
      { operator: "StringLike", key: "a:L", values: ["z"] },
    ]);
    expect(under({ Bool: {} })).toEqual([]);
    expect(under(undefined)).toEqual([]);
    expect(["text", { Bool: 7 }, { Bool: { a: [{}] } }].map(under)).toEqual([undefined, undefined, undefined]);
  });

  it("names the services that may assume a role", () => {
    const named = (more: object) =>
      read({ Effect: "Allow", Action: "sts:AssumeRole", ...more }).statements[0]!.services;
    expect(named({ Principal: { Service: "ecs-tasks.amazonaws.com" } })).toEqual(["ecs-tasks.amazonaws.com"]);
    expect(named({ Principal: { Service: ["a", "b"], AWS: "arn:c" } })).toEqual(["a", "b"]);
    expect(named({ Principal: { AWS: "arn:c" } })).toEqual([]);
    expect(named({})).toEqual([]);
    expect([{ Principal: "*" }, { Principal: { AWS: "*" } }, { NotPrincipal: { AWS: "arn:c" } }].map(named)).toEqual([
      ["*"],
      ["*"],
      ["*"],
    ]);
  });

  it.each(["null", "{}", '{"Statement":[null,7,"Allow"]}', "[]"])("allows nothing by %s", (text) => {
    expect(readPolicy(text, at, new Resources([]))).toEqual({ statements: [], open: false });
  });

  it("is unknown if it isn't JSON", () => {
    expect(readPolicy("${var.policy}", at, new Resources([]))).toEqual({ statements: [], open: true });
  });
});

describe("an aws_iam_policy_document", () => {
  const read = (values: Values, ...others: ReturnType<typeof resource>[]) =>
    readPolicy(
      ref("data.aws_iam_policy_document.a", "json"),
      at,
      new Resources([resource("data.aws_iam_policy_document.a", values), ...others]),
    );
  const statement = (values: Values) => read({ statement: [values] });

  it("allows what its statements allow: Allow is the default", () => {
    const values = { actions: ["s3:GetObject"], resources: ["arn:a"] };
    const expected = { statements: [allows(["s3:GetObject"], ["arn:a"])], open: false };
    expect(statement(values)).toEqual(expected);
    expect(statement({ ...values, effect: null })).toEqual(expected);
    expect(statement({ ...values, effect: "Allow" })).toEqual(expected);
    expect(statement({ ...values, effect: "Deny" })).toEqual({ statements: [], open: false });
    expect(statement({ ...values, effect: unknown })).toEqual({ statements: [], open: true });
    expect(statement({ ...values, not_actions: ["iam:*"], not_resources: ["arn:b"] })).toEqual({
      statements: [allows(["*"], ["*"])],
      open: false,
    });
  });

  it("names resources by reference", () => {
    const { statements, open } = statement({ actions: ["a:B"], resources: [ref("aws_ssm_parameter.cookie", "arn")] });
    expect(statements).toEqual([allows(["a:B"], ["${aws_ssm_parameter.cookie.arn}"])]);
    expect(open).toBe(false);
  });

  it.each<[string, Values, Partial<Statement>, boolean]>([
    ["actions", { actions: unknown, resources: ["arn:a"] }, { actions: [], open: true }, true],
    ["an action", { actions: [ref("local.a")], resources: ["arn:a"] }, { actions: ["${local.a.id}"] }, true],
    ["actions that it leaves out", { not_actions: unknown, resources: ["arn:a"] }, { actions: [] }, true],
    ["resources", { actions: ["a:B"], resources: unknown }, { actions: ["a:B"], resources: [], open: true }, false],
  ])("may allow more where it doesn't know its %s", (_, values, expected, open) => {
    expect(statement(values)).toEqual({ statements: [allows([], ["arn:a"], expected)], open });
  });

  it("has a condition, perhaps one that isn't known", () => {
    const values = { actions: ["a:B"], resources: ["*"] };
    const conditions = (condition: Value) => statement({ ...values, condition }).statements[0]!.conditions;
    const known = { test: "StringEquals", variable: "a:K", values: ["x", ref("aws_ssm_parameter.a", "arn")] };
    expect(conditions([known])).toEqual([
      { operator: "StringEquals", key: "a:K", values: ["x", "${aws_ssm_parameter.a.arn}"] },
    ]);
    expect(conditions([])).toEqual([]);
    const open = [
      unknown,
      [known, { ...known, values: unknown }],
      [{ ...known, variable: unknown }],
      [{ test: "Bool" }],
    ];
    expect(open.map(conditions)).toEqual(open.map(() => undefined));
  });

  it("names the services that may assume a role; one that isn't known may be any", () => {
    const services = (principals: Value, more: Values = {}) =>
      statement({ actions: ["sts:AssumeRole"], principals, ...more }).statements[0]!.services;
    expect(services([{ type: "Service", identifiers: ["ecs-tasks.amazonaws.com"] }])).toEqual([
      "ecs-tasks.amazonaws.com",
    ]);
    expect(services([{ type: "AWS", identifiers: ["arn:c"] }])).toEqual([]);
    expect(services([{ type: "AWS", identifiers: ["*"] }])).toEqual(["*"]);
    expect(services([{ type: "Service", identifiers: unknown }])).toEqual(["*"]);
    expect(services([{ type: unknown, identifiers: ["a"] }])).toEqual(["*"]);
    expect(services([{ type: "Service", identifiers: [ref("local.a", "b")] }])).toEqual(["*"]);
    expect(services(unknown)).toEqual(["*"]);
    expect(services([], { not_principals: [{ type: "AWS", identifiers: ["arn:c"] }] })).toEqual(["*"]);
  });

  it("allows what its sources allow, and isn't known where one isn't", () => {
    const own = [{ actions: ["a:B"], resources: ["*"] }];
    const source = JSON.stringify({ Statement: { Effect: "Allow", Action: "c:D", Resource: "*" } });
    const both = { statements: [allows(["c:D"], ["*"]), allows(["a:B"], ["*"])], open: false };
    expect(read({ statement: own, source_policy_documents: [source] })).toEqual(both);
    expect(read({ statement: own, source_policy_documents: source })).toEqual(both);
    expect(read({ statement: own, source_policy_documents: null }).statements).toEqual([allows(["a:B"], ["*"])]);
    expect(read({ statement: own, source_policy_documents: [unknown] }).open).toBe(true);
    const referred = resource("data.aws_iam_policy_document.b", {
      statement: [{ actions: ["c:D"], resources: ["*"] }],
    });
    expect(
      read({ statement: own, source_policy_documents: [ref("data.aws_iam_policy_document.b", "json")] }, referred),
    ).toEqual(both);
  });

  it("isn't known where another overrides it, or its statements come from elsewhere", () => {
    expect(read({ statement: [], override_policy_documents: ["{}"] }).open).toBe(true);
    expect(read({ statement: [], override_policy_documents: unknown }).open).toBe(true);
    expect(read({ statement: [], override_policy_documents: [] }).open).toBe(false);
    expect(read({ statement: unknown }).open).toBe(true);
  });
});

describe("a policy that is", () => {
  it("none allows nothing", () => {
    expect(readPolicy(undefined, at, new Resources([]))).toEqual({ statements: [], open: false });
    expect(readPolicy(null, at, new Resources([]))).toEqual({ statements: [], open: false });
  });

  it.each([unknown, ref("data.aws_iam_policy_document.absent"), ref("aws_iam_policy.a", "policy"), 7])(
    "%j isn't known",
    (value) => {
      const resources = new Resources([resource("aws_iam_policy.a", { policy: "{}" })]);
      expect(readPolicy(value, at, resources)).toEqual({ statements: [], open: true });
    },
  );
});
