import { resolveSecrets } from "../../../../src/lab/control-plane/access/secrets";
import type { AppliedTaskDefinition } from "../../../../src/lab/control-plane/applied/task-definitions";
import { ScriptedAws } from "../scripted-aws";

const roleArn = "arn:aws:iam::123456789012:role/execution";
const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/shop-AbCdEf";
const file = (name: string) => `arn:aws:s3:::acme/${name}.env`;
const encoded = (document: object) => encodeURIComponent(JSON.stringify(document));
const allow = (Action: string, Resource: string) => ({ Effect: "Allow", Action, Resource });
const all = [
  allow("secretsmanager:GetSecretValue", arn),
  allow("s3:GetObject", "arn:aws:s3:::acme/*"),
  allow("s3:GetBucketLocation", "arn:aws:s3:::acme"),
];

/** What the container `app` gets from the values, stages and files that AWS keeps. */
async function variables(
  container: object,
  statements: readonly object[] = all,
  files: Record<string, string> = {},
  key?: string,
) {
  const aws = new ScriptedAws({
    GetRole: () => ({
      Role: {
        AssumeRolePolicyDocument: encoded({
          Statement: { ...allow("sts:AssumeRole", "*"), Principal: { Service: "ecs-tasks.amazonaws.com" } },
        }),
      },
    }),
    ListAttachedRolePolicies: () => ({}),
    ListRolePolicies: () => ({ PolicyNames: ["secrets"] }),
    GetRolePolicy: () => ({ PolicyDocument: encoded({ Statement: statements }) }),
    DescribeSecret: () => ({ KmsKeyId: key }),
    GetSecretValue: ({ VersionStage = "AWSCURRENT" }: { VersionStage?: string }) => ({
      SecretString: JSON.stringify({ url: `url of ${VersionStage}`, port: 5432 }),
    }),
    GetBucketLocation: () => ({}),
    GetObject: ({ Key }: { Key: string }) => ({ Body: { transformToString: () => Promise.resolve(files[Key]!) } }),
  });
  const containers = [{ name: "app", secrets: [], environment: {}, ...container }];
  const definition = { executionRoleArn: roleArn, containers } as unknown as AppliedTaskDefinition;
  return (await resolveSecrets(aws.clients, definition, "task")).get("app");
}
const secret = (valueFrom: string) => ({ secrets: [{ name: "VALUE", valueFrom }] });

describe("a secret of Secrets Manager", () => {
  it("with a value of this run isn't read, but needs the permission all the same", async () => {
    const given = { secrets: [{ name: "VALUE", valueFrom: `${arn}:none::`, given: "ecto://here" }] };
    expect(await variables(given)).toEqual({ VALUE: "ecto://here" });
    await expect(variables(given, [])).rejects.toThrow("not authorized to perform: secretsmanager:GetSecretValue");
  });

  it.each([
    ["", '{"url":"url of AWSCURRENT","port":5432}'],
    [":url::", "url of AWSCURRENT"],
    [":url:AWSPREVIOUS:", "url of AWSPREVIOUS"],
    [":port::", "5432"],
  ])("with the selector %j is %s", async (selector, value) => {
    expect(await variables(secret(`${arn}${selector}`))).toEqual({ VALUE: value });
  });

  it.each<[string, object, readonly object[], string, string | undefined]>([
    ["permission", secret(arn), [], "is not authorized to perform: secretsmanager:GetSecretValue", undefined],
    [
      "key",
      secret(`${arn}:none::`),
      all,
      "retrieved secret from Secrets Manager did not contain json key none",
      undefined,
    ],
    [
      "right form",
      secret(`${arn}:url`),
      all,
      "an invalid ARN format for the AWS Secrets Manager secret was specified",
      undefined,
    ],
    ["permission to decrypt", secret(arn), all, "customer master key", "arn:aws:kms:eu-west-1:123456789012:key/own"],
    // Five values in each row: Jest passes `done` for a missing one, and waits for it.
  ])("without %s fails as on ECS", async (_, container, statements, message, key) => {
    const failure = variables(container, statements, {}, key);
    await expect(failure).rejects.toThrow("ResourceInitializationError");
    await expect(failure).rejects.toThrow(message);
  });
});

describe("environment files", () => {
  const files = {
    "a.env": '# a comment\nONE=a\nTWO=b=c "d"\nEMPTY=\n=x\nPLAIN=file\nVALUE=file',
    "b.env": "ONE=later\nTHREE=3",
  };

  it("add variables that nothing else sets, the first file's first", async () => {
    const container = {
      ...secret(`${arn}:url::`),
      environment: { PLAIN: "own" },
      environmentFiles: [file("a"), file("b")],
    };
    expect(await variables(container, all, files)).toEqual({
      ONE: "a",
      TWO: 'b=c "d"',
      THREE: "3",
      VALUE: "url of AWSCURRENT",
    });
  });

  it.each(["s3:GetObject", "s3:GetBucketLocation"])("need %s", async (action) => {
    const statements = all.filter(({ Action }) => Action !== action);
    const failure = variables({ environmentFiles: [file("a")] }, statements, files);
    await expect(failure).rejects.toThrow("ResourceInitializationError: failed to download env files");
  });
});
