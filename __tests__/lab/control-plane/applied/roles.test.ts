import { type AppliedRole, readRole, trustsEcsTasks } from "../../../../src/lab/control-plane/applied/roles";
import { awsError, pages, ScriptedAws } from "../scripted-aws";

const arn = "arn:aws:iam::123456789012:role/path/execution";
const encoded = (document: object) => encodeURIComponent(JSON.stringify(document));
const trust = { Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: "*" }] };
const policy = (Resource: string) => ({ Statement: { Effect: "Allow", Action: "ssm:*", Resource } });

const awsWith = (role: object = {}) =>
  new ScriptedAws({
    GetRole: () => ({ Role: { AssumeRolePolicyDocument: encoded(trust), ...role } }),
    ListAttachedRolePolicies: pages("Marker", {}, { AttachedPolicies: [{ PolicyArn: "managed" }] }),
    ListRolePolicies: pages("Marker", {}, { PolicyNames: ["inline"] }),
    GetRolePolicy: () => ({ PolicyDocument: encoded(policy("inline")) }),
    GetPolicy: ({ PolicyArn }: { PolicyArn: string }) => ({ Policy: { DefaultVersionId: `v2 of ${PolicyArn}` } }),
    GetPolicyVersion: ({ VersionId }: { VersionId: string }) => ({
      PolicyVersion: { Document: encoded(policy(VersionId)) },
    }),
  });

describe("a role", () => {
  it("has its attached policies, its inline ones, and its boundary", async () => {
    const aws = awsWith({ PermissionsBoundary: { PermissionsBoundaryArn: "boundary" } });
    expect(await readRole(aws.clients, arn)).toEqual({
      arn,
      name: "execution",
      trustPolicy: trust,
      policies: [policy("v2 of managed"), policy("inline")],
      boundary: policy("v2 of boundary"),
    });
    expect(aws.requests("GetRole")).toEqual([{ RoleName: "execution" }]);
    expect(aws.requests("GetRolePolicy")).toEqual([{ RoleName: "execution", PolicyName: "inline" }]);
  });

  it("is limited by no boundary that local AWS doesn't have", async () => {
    const aws = awsWith({ PermissionsBoundary: { PermissionsBoundaryArn: "boundary" } });
    const fails = (name: string) => {
      aws.answer({
        GetPolicy: ({ PolicyArn }: { PolicyArn: string }) => {
          if (PolicyArn === "boundary") throw awsError(name, "no");
          return { Policy: { DefaultVersionId: "v1" } };
        },
      });
      return readRole(aws.clients, arn);
    };
    expect(await fails("NoSuchEntityException")).toMatchObject({ boundary: undefined });
    await expect(fails("ThrottlingException")).rejects.toThrow("no");
  });

  it("may have neither policies nor a boundary", async () => {
    const aws = awsWith({ AssumeRolePolicyDocument: undefined });
    aws.answer({ ListAttachedRolePolicies: () => ({}), ListRolePolicies: () => ({}) });
    expect(await readRole(aws.clients, arn)).toEqual({
      arn,
      name: "execution",
      trustPolicy: {},
      policies: [],
      boundary: undefined,
    });
  });

  it("may not exist; any other error of IAM is passed on", async () => {
    const aws = awsWith();
    const fails = (name: string) => () => {
      throw awsError(name, "no");
    };
    aws.answer({ GetRole: fails("NoSuchEntityException") });
    expect(await readRole(aws.clients, arn)).toBeUndefined();
    aws.answer({ GetRole: () => ({}) });
    expect(await readRole(aws.clients, arn)).toBeUndefined();
    aws.answer({ GetRole: fails("ThrottlingException") });
    await expect(readRole(aws.clients, arn)).rejects.toThrow("no");
  });
});

describe("ECS may take a role for a task", () => {
  const trusts = (Statement: unknown) =>
    trustsEcsTasks({ arn, trustPolicy: { Statement } } as AppliedRole, "eu-west-1");
  const statement = (change: object = {}) => ({
    Effect: "Allow",
    Action: "sts:AssumeRole",
    Principal: { Service: "ecs-tasks.amazonaws.com" },
    ...change,
  });

  it.each([
    ["its service is a principal", statement()],
    ["it is one of several", [{ Effect: "Deny", Action: "s3:*" }, statement()]],
    [
      "it is one of several principals",
      statement({ Principal: { Service: ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com"] } }),
    ],
    ["anyone is", statement({ Principal: "*" })],
    ["any service is", statement({ Principal: { Service: "*" } })],
    ["all of STS is allowed", statement({ Action: ["sts:TagSession", "sts:*"] })],
    ["everything is allowed", statement({ Action: "*" })],
  ])("where %s", (_, statements) => {
    expect(trusts(statements)).toBe(true);
  });

  it.each([
    ["the policy is empty", undefined],
    ["another service is the principal", statement({ Principal: { Service: "ec2.amazonaws.com" } })],
    ["an account is the principal", statement({ Principal: { AWS: "ecs-tasks.amazonaws.com" } })],
    ["no principal is named", statement({ Principal: undefined })],
    ["it is denied", statement({ Effect: "Deny" })],
    ["another action is allowed", statement({ Action: "sts:TagSession" })],
  ])("but not where %s", (_, statements) => {
    expect(trusts(statements)).toBe(false);
  });
});

describe("ECS may take a role under conditions", () => {
  const account = arn.split(":")[4]!;
  const trusts = (Condition: object) =>
    trustsEcsTasks(
      {
        arn,
        trustPolicy: {
          Statement: {
            Effect: "Allow",
            Action: "sts:AssumeRole",
            Principal: { Service: "ecs-tasks.amazonaws.com" },
            Condition,
          },
        },
      } as unknown as AppliedRole,
      "eu-west-1",
    );

  it.each([
    [{ StringEquals: { "aws:SourceAccount": account } }, true],
    [{ StringEquals: { "aws:SourceAccount": "999999999999" } }, false],
    [{ ArnLike: { "aws:SourceArn": `arn:aws:ecs:eu-west-1:${account}:*` } }, true],
    [{ ArnLike: { "aws:SourceArn": `arn:aws:ecs:*:${account}:*` } }, true],
    [{ ArnLike: { "aws:SourceArn": `arn:aws:ecs:us-east-1:${account}:*` } }, false],
    [{ ArnLike: { "aws:SourceArn": `arn:aws:ecs:eu-west-1:${account}:cluster/main` } }, false],
    [{ ArnLike: { "aws:SourceArn": `arn:aws:lambda:eu-west-1:${account}:*` } }, false],
    [{ StringEquals: { "aws:PrincipalOrgID": "o-1" } }, false],
  ])("%j: %s", (condition, expected) => {
    expect(trusts(condition)).toBe(expected);
  });
});

it("that a task definition names without its ARN is in no account", () => {
  const Condition = { StringEquals: { "aws:SourceAccount": "123456789012" } };
  const Statement = { Effect: "Allow", Action: "sts:AssumeRole", Principal: "*", Condition };
  const role = { arn: "execution", trustPolicy: { Statement } } as unknown as AppliedRole;
  expect(trustsEcsTasks(role, "eu-west-1")).toBe(false);
});
