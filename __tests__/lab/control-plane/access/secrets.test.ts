import type { AppliedTaskDefinition, Secret } from "../../../../src/lab/control-plane/applied/task-definitions";
import { resolveSecrets } from "../../../../src/lab/control-plane/access/secrets";
import { TaskFailedToStart } from "../../../../src/lab/control-plane/task/task-containers";
import { awsError, ScriptedAws } from "../scripted-aws";

const roleArn = "arn:aws:iam::123456789012:role/execution";
const parameterArn = "arn:aws:ssm:eu-west-1:123456789012:parameter";
const keyArn = "arn:aws:kms:eu-west-1:123456789012:key";
const couldNot =
  "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to " +
  "retrieve secrets from ssm: service call has been retried 1 time(s): ";
const encoded = (document: object) => encodeURIComponent(JSON.stringify(document));

const definition = (...containers: [name: string, ...secrets: Secret[]][]) =>
  ({
    executionRoleArn: roleArn,
    containers: containers.map(([name, ...secrets]) => ({ name, secrets })),
  }) as unknown as AppliedTaskDefinition;
const secret = (name: string, valueFrom: string): Secret => ({ name, valueFrom });
const cookie = definition(["app", secret("COOKIE", "/org/cookie")]);

interface Stored {
  readonly value: string;
  readonly type?: string;
  readonly key?: string;
}

/** AWS with these parameters, and a role that may do what the statements say. */
function awsWith(
  parameters: Readonly<Record<string, Stored>>,
  statements: readonly object[] = allowed,
  service = "ecs-tasks",
) {
  const exists = (name: string) => parameters[name.replace(/:[^:]*$/, "")] !== undefined;
  return new ScriptedAws({
    GetRole: () => ({
      Role: {
        AssumeRolePolicyDocument: encoded({
          Statement: { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: `${service}.amazonaws.com` } },
        }),
      },
    }),
    ListAttachedRolePolicies: () => ({}),
    ListRolePolicies: () => ({ PolicyNames: ["secrets"] }),
    GetRolePolicy: () => ({ PolicyDocument: encoded({ Statement: statements }) }),
    GetParameters: ({ Names }: { Names: string[] }) => ({
      Parameters: Names.filter(exists).map((asked) => {
        const [name, selector] = asked.split(/(?=:)/);
        return { Name: name, Selector: selector, Value: parameters[name!]!.value + (selector ?? "") };
      }),
    }),
    DescribeParameters: ({ ParameterFilters }: { ParameterFilters: [{ Values: string[] }] }) => ({
      Parameters: ParameterFilters[0].Values.filter(exists).map((Name) => ({
        Name,
        Type: parameters[Name]!.type ?? "SecureString",
        KeyId: parameters[Name]!.key,
      })),
    }),
  });
}
const allow = (Action: string, Resource: string, Condition?: object) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...(Condition && { Condition }),
});
const allowed = [allow("ssm:GetParameters", `${parameterArn}/*`)];
const resolve = (aws: ScriptedAws, wanted = cookie) => resolveSecrets(aws.clients, wanted, "task-1");
const refusal = async (aws: ScriptedAws, wanted = cookie) => {
  const error = await resolve(aws, wanted).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TaskFailedToStart);
  return (error as Error).message;
};

describe("secrets of a task", () => {
  it("with a value of this run isn't read, but needs the permission all the same", async () => {
    const given = definition(["app", { ...secret("COOKIE", "/not/there"), given: "here" }]);
    expect(await resolve(awsWith({}), given)).toEqual(new Map([["app", { COOKIE: "here" }]]));
    expect(await refusal(awsWith({}, []), given)).toContain(
      `is not authorized to perform: ssm:GetParameters on resource: ${parameterArn}/not/there`,
    );
  });

  it("become variables of the containers that name them", async () => {
    const aws = awsWith({ "/org/cookie": { value: "c" }, "/org/url": { value: "u" } });
    const wanted = definition(
      ["app", secret("COOKIE", "/org/cookie"), secret("URL", `${parameterArn}/org/url`)],
      ["migrate", secret("AGAIN", "/org/cookie")],
      ["proxy"],
    );
    expect(await resolve(aws, wanted)).toEqual(
      new Map([
        ["app", { COOKIE: "c", URL: "u" }],
        ["migrate", { AGAIN: "c" }],
        ["proxy", {}],
      ]),
    );
    // Each is asked for once, all together, decrypted.
    expect(aws.requests("GetParameters")).toContainEqual({ Names: ["/org/cookie", "/org/url"], WithDecryption: true });
  });

  it("need no role where there are none", async () => {
    const aws = new ScriptedAws();
    expect(await resolve(aws, definition(["app"]))).toEqual(new Map());
    expect(aws.sent).toEqual([]);
  });

  it("may name a version or a label", async () => {
    const wanted = definition(["app", secret("COOKIE", "/org/cookie:3")]);
    expect(await resolve(awsWith({ "/org/cookie": { value: "c" } }), wanted)).toEqual(
      new Map([["app", { COOKIE: "c:3" }]]),
    );
  });

  it("may name by ARN a parameter of one level, whose slash the ARN doesn't tell", async () => {
    const wanted = definition(["app", secret("COOKIE", `${parameterArn}/cookie`)]);
    const values = new Map([["app", { COOKIE: "c" }]]);
    expect(await resolve(awsWith({ "/cookie": { value: "c" } }), wanted)).toEqual(values);
    expect(await resolve(awsWith({ cookie: { value: "c" } }), wanted)).toEqual(values);
  });

  it("are read in the account and Region of their ARN, never as the tasks' own parameter of that name", async () => {
    const theirs = "arn:aws:ssm:eu-central-1:210987654321:parameter/org/cookie";
    const wanted = definition(["app", secret("OWN", "/org/cookie"), secret("THEIRS", theirs)]);
    const aws = awsWith({ "/org/cookie": { value: "own" } }, [...allowed, allow("ssm:GetParameters", theirs)]);
    aws.answerOwner(theirs, { GetParameters: () => ({ Parameters: [{ Name: "/org/cookie", Value: "theirs" }] }) });
    expect(await resolve(aws, wanted)).toEqual(new Map([["app", { OWN: "own", THEIRS: "theirs" }]]));
  });

  it("of another account need a permission for their own ARN", async () => {
    const theirs = "arn:aws:ssm:eu-west-1:210987654321:parameter/org/cookie";
    const aws = awsWith({ "/org/cookie": { value: "own" } });
    expect(await refusal(aws, definition(["app", secret("THEIRS", theirs)]))).toContain(
      `is not authorized to perform: ssm:GetParameters on resource: ${theirs}`,
    );
  });

  it("take an empty answer for an empty value", async () => {
    const aws = awsWith({ "/org/cookie": { value: "c" } });
    aws.answer({ GetParameters: () => ({ Parameters: [{ Name: "/org/cookie" }] }) });
    expect(await resolve(aws)).toEqual(new Map([["app", { COOKIE: "" }]]));
  });
});

describe("a task fails to start where", () => {
  it("its definition has no execution role", async () => {
    const wanted = { ...cookie, executionRoleArn: undefined };
    expect(await refusal(awsWith({}), wanted)).toBe(
      "ClientException: When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    );
  });

  const cannotAssume =
    `ECS was unable to assume the role '${roleArn}' that was provided for this task. Please verify that the role being ` +
    "passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.";

  it("the role doesn't trust ECS, or doesn't exist", async () => {
    expect(await refusal(awsWith({}, allowed, "lambda"))).toBe(cannotAssume);
    const aws = awsWith({});
    aws.answer({
      GetRole: () => {
        throw awsError("NoSuchEntity");
      },
    });
    expect(await refusal(aws)).toBe(cannotAssume);
  });

  it("the role may not read a parameter", async () => {
    const statements = [allow("ssm:GetParameters", `${parameterArn}/other/*`)];
    expect(await refusal(awsWith({ "/org/cookie": { value: "c" } }, statements))).toBe(
      `${couldNot}AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/execution/task-1 is not authorized ` +
        `to perform: ssm:GetParameters on resource: ${parameterArn}/org/cookie because no identity-based policy allows the ` +
        "ssm:GetParameters action",
    );
  });

  it.each([
    ["aws:RequestedRegion", "eu-west-1"],
    ["aws:PrincipalArn", roleArn],
    ["aws:PrincipalAccount", "123456789012"],
    ["aws:ResourceAccount", "123456789012"],
    ["aws:SecureTransport", "true"],
  ])("a condition on %s asks for another value", async (key, value) => {
    const aws = (expected: string) =>
      awsWith({ "/org/cookie": { value: "c" } }, [
        allow("ssm:GetParameters", "*", { StringEquals: { [key]: expected } }),
      ]);
    expect(await resolve(aws(value))).toEqual(new Map([["app", { COOKIE: "c" }]]));
    expect(await refusal(aws("another"))).toContain("is not authorized to perform: ssm:GetParameters");
  });

  it("parameters don't exist: all of them are named", async () => {
    const wanted = definition(["app", secret("A", "/org/a"), secret("B", "/org/b"), secret("COOKIE", "/org/cookie")]);
    expect(await refusal(awsWith({ "/org/cookie": { value: "c" } }), wanted)).toBe(
      `${couldNot}invalid ssm parameters: /org/a, /org/b`,
    );
    expect(await refusal(awsWith({}), definition(["app", secret("A", "one")]))).toBe(
      `${couldNot}invalid ssm parameters: one`,
    );
  });
});

describe("a parameter that is encrypted", () => {
  const key = "1234-5678";
  const values = new Map([["app", { COOKIE: "c" }]]);
  const encryptedBy = (stored: object, ...statements: object[]) =>
    awsWith({ "/org/cookie": { value: "c", ...stored } }, [...allowed, ...statements]);
  const refused =
    `${couldNot}AccessDeniedException: The ciphertext refers to a customer master key that does not exist, does not exist ` +
    "in this region, or you are not allowed to access.";

  it("by SSM's own key needs no permission for it", async () => {
    expect(await resolve(encryptedBy({}))).toEqual(values);
    expect(await resolve(encryptedBy({ key: "alias/aws/ssm" }))).toEqual(values);
    expect(await resolve(encryptedBy({ key: "arn:aws:kms:eu-west-1:123456789012:alias/aws/ssm" }))).toEqual(values);
  });

  it.each([
    ["id", key],
    ["ARN", `${keyArn}/${key}`],
  ])("by a customer's key, given by its %s, needs kms:Decrypt for that key", async (_, KeyId) => {
    expect(await refusal(encryptedBy({ key: KeyId }))).toBe(refused);
    expect(await refusal(encryptedBy({ key: KeyId }, allow("kms:Decrypt", `${keyArn}/other`)))).toBe(refused);
    expect(await refusal(encryptedBy({ key: KeyId }, allow("kms:Encrypt", `${keyArn}/${key}`)))).toBe(refused);
    expect(await resolve(encryptedBy({ key: KeyId }, allow("kms:Decrypt", `${keyArn}/${key}`)))).toEqual(values);
  });

  it("is decrypted through SSM, which a key's permission may ask for", async () => {
    const via = (service: string) =>
      allow("kms:Decrypt", "*", { StringEquals: { "kms:ViaService": service, "aws:RequestedRegion": "eu-west-1" } });
    expect(await resolve(encryptedBy({ key }, via("ssm.eu-west-1.amazonaws.com")))).toEqual(values);
    expect(await refusal(encryptedBy({ key }, via("secretsmanager.eu-west-1.amazonaws.com")))).toBe(refused);
  });

  it("is not one of type String, whatever key is noted there", async () => {
    expect(await resolve(encryptedBy({ key, type: "String" }))).toEqual(values);
  });

  it("is looked up without its version", async () => {
    const aws = encryptedBy({ key });
    expect(await refusal(aws, definition(["app", secret("COOKIE", "/org/cookie:3")]))).toBe(refused);
    expect(aws.requests("DescribeParameters")).toEqual([
      { ParameterFilters: [{ Key: "Name", Option: "Equals", Values: ["/org/cookie"] }], MaxResults: 50 },
    ]);
    aws.answer({ DescribeParameters: () => ({}) });
    expect(await resolve(aws)).toEqual(values);
  });
});
