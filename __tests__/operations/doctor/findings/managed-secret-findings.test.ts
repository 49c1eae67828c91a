import { managedSecretFindings } from "../../../../src/operations/doctor/findings/managed-secret-findings";
import type { DeployedEnvironment } from "../../../../src/operations/deployed-environment";
import type { Observation } from "../../../../src/operations/doctor/observation";
import { awsError, ScriptedAws } from "../../../lab/control-plane/scripted-aws";

const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/shop-AbCdEf";
const environment = {
  name: "prod",
  file: "environments.json",
  options: { region: "eu-west-1" },
} as DeployedEnvironment;
const allowed = ({ ResourceArns }: { ResourceArns: string[] }) => ({
  EvaluationResults: ResourceArns.map((EvalResourceName) => ({ EvalDecision: "allowed", EvalResourceName })),
});

/** What the doctor finds in a service with two variables of one secret. */
async function found(
  answers: Record<string, (input: never) => unknown>,
  secret = arn,
  others: readonly { readonly name: string; readonly valueFrom: string }[] = [],
) {
  const aws = new ScriptedAws({ SimulatePrincipalPolicy: allowed, ListSecretVersionIds: () => ({}), ...answers });
  const secrets = ["url", "password"].map((key) => ({ name: key.toUpperCase(), valueFrom: `${secret}:${key}::` }));
  const observation = {
    service: { name: "myapp", executionRole: "prod-myapp-execution" },
    tasks: [{ startedAt: new Date("2026-01-02") }, { startedAt: new Date("2026-01-04") }, {}],
    definition: {
      executionRoleArn: "arn:aws:iam::123456789012:role/prod-myapp-execution",
      containerDefinitions: [{ secrets }, { secrets: others }],
    },
  } as unknown as Observation;
  const findings = await managedSecretFindings(aws.clients, environment, [observation]);
  return { aws, texts: findings.map(({ about, text }) => `${about}: ${text}`) };
}

describe("managedSecretFindings", () => {
  it("finds nothing where the secret exists and the role may read it, and asks once for both keys", async () => {
    const { aws, texts } = await found({ DescribeSecret: () => ({}) });
    expect(texts).toEqual([]);
    expect(aws.requests("DescribeSecret")).toEqual([{ SecretId: arn }]);
    expect(aws.requests("SimulatePrincipalPolicy")).toMatchObject([
      { ActionNames: ["secretsmanager:GetSecretValue"], ResourceArns: [arn] },
    ]);
  });

  it.each<[string, () => unknown, string]>([
    [
      "that is missing",
      () => {
        throw awsError("ResourceNotFoundException");
      },
      `myapp: URL, PASSWORD (${arn}) is missing: no task can start`,
    ],
    [
      "that is deleted",
      () => ({ DeletedDate: new Date() }),
      `myapp: URL, PASSWORD (${arn}) is scheduled for deletion: no task can start`,
    ],
  ])("reports a secret %s", async (_, DescribeSecret, text) => {
    expect((await found({ DescribeSecret })).texts).toEqual([text]);
  });

  it("reports what the role may not read or decrypt, and tells IAM which secret KMS decrypts", async () => {
    const key = "arn:aws:kms:eu-west-1:123456789012:key/own";
    const { aws, texts } = await found({
      DescribeSecret: () => ({ KmsKeyId: key }),
      SimulatePrincipalPolicy: ({ ResourceArns }: { ResourceArns: string[] }) => ({
        EvaluationResults: ResourceArns.map((EvalResourceName) => ({ EvalDecision: "implicitDeny", EvalResourceName })),
      }),
    });
    expect(texts).toEqual(
      [arn, key].map((one) => `myapp: its execution role can't read ${one}: no new task can start`),
    );
    expect(aws.requests("SimulatePrincipalPolicy")[1]).toMatchObject({
      ContextEntries: [{ ContextKeyName: "kms:EncryptionContext:SecretARN", ContextKeyValues: [arn] }],
    });
  });

  it("says what it could not look up without permission", async () => {
    const DescribeSecret = () => {
      throw awsError("AccessDeniedException", "not authorized.");
    };
    expect((await found({ DescribeSecret })).texts).toEqual([expect.stringMatching(/AWS refused: not authorized\./)]);
  });

  it("reports tasks older than the version that they would read now, by its staging label", async () => {
    // GIVEN a current version between two tasks' starts, a previous one, and one that a variable names by its id
    const versions = [
      { VersionId: "new", VersionStages: ["AWSCURRENT"], CreatedDate: new Date("2026-01-03") },
      { VersionId: "old", VersionStages: ["AWSPREVIOUS"], CreatedDate: new Date("2026-01-01") },
    ];
    const others = [
      { name: "RELEASE_COOKIE", valueFrom: arn },
      { name: "FORMER", valueFrom: `${arn}::AWSPREVIOUS:` },
      { name: "PINNED", valueFrom: `${arn}:::new` },
    ];
    const answers = { DescribeSecret: () => ({}), ListSecretVersionIds: () => ({ Versions: versions }) };
    // WHEN
    const { texts } = await found(answers, arn, others);
    // THEN
    const older = (name: string) => `myapp: 1 task started before ${name} was last changed (2026-01-03T00:00:00.000Z)`;
    expect(texts).toEqual([
      older("URL"),
      older("PASSWORD"),
      `${older("RELEASE_COOKIE")}: nodes with the old and the new cookie refuse each other`,
    ]);
  });

  it.each(["eu-central-1:123456789012", "eu-west-1:210987654321"])(
    "leaves a secret of %s to its owner",
    async (owner) => {
      const { aws, texts } = await found({}, arn.replace("eu-west-1:123456789012", owner));
      expect([texts, aws.sent]).toEqual([[], []]);
    },
  );
});
