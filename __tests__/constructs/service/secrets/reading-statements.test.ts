import { EnvironmentFile } from "../../../../src/constructs/service/secrets/environment-file";
import { readingStatements } from "../../../../src/constructs/service/secrets/reading-statements";
import { ReleaseSecret, type ReleaseSecretProps } from "../../../../src/constructs/service/secrets/release-secret";
import { emptyStack } from "../../layout";

const key = (id: string) => `arn:aws:kms:eu-west-1:123456789012:key/${id}`;
const parameter = "arn:aws:ssm:eu-central-1:210987654321:parameter/mail";
const shop = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-AbCdEf";
const file = "arn:aws:s3:::acme-config/shop/prod.env";

const read = (secrets: readonly ReleaseSecretProps[], files: readonly { s3: string; kmsKeyArn?: string }[] = []) => {
  const stack = emptyStack();
  return readingStatements({
    secrets: secrets.map((props, index) => new ReleaseSecret(stack, `secret-${index}`, props)),
    environmentFiles: files.map((props, index) => new EnvironmentFile(stack, `file-${index}`, props)),
  });
};

describe("readingStatements", () => {
  it("allows exactly what is read, each with its own action", () => {
    expect(
      read(
        [
          { ssmParameter: parameter },
          { secretsManager: shop, key: "url" },
          { secretsManager: shop, key: "password", versionStage: "AWSPREVIOUS" },
        ],
        [{ s3: file }, { s3: "arn:aws:s3:::acme-config/all.env" }],
      ),
    ).toEqual([
      { actions: ["ssm:GetParameters"], resources: [parameter] },
      { actions: ["secretsmanager:GetSecretValue"], resources: [shop] },
      { actions: ["s3:GetObject"], resources: [file, "arn:aws:s3:::acme-config/all.env"] },
      { actions: ["s3:GetBucketLocation"], resources: ["arn:aws:s3:::acme-config"] },
    ]);
  });

  it("lets each key decrypt what it encrypts, and nothing else", () => {
    const [both, own] = [key("both"), key("own")];
    const statements = read(
      [
        { ssmParameter: parameter, kmsKeyArn: both },
        { secretsManager: shop, kmsKeyArn: both },
        { secretsManager: `${shop}2`, kmsKeyArn: own },
      ],
      [{ s3: file, kmsKeyArn: both }],
    );
    const decrypt = (resource: string, context: string, values: string[]) => ({
      actions: ["kms:Decrypt"],
      resources: [resource],
      condition: { StringEquals: { [`kms:EncryptionContext:${context}`]: values } },
    });
    expect(statements.filter(({ actions }) => actions.includes("kms:Decrypt"))).toEqual([
      decrypt(both, "PARAMETER_ARN", [parameter]),
      decrypt(both, "SecretARN", [shop]),
      decrypt(own, "SecretARN", [`${shop}2`]),
      // With an S3 bucket key, the context names the bucket.
      decrypt(both, "aws:s3:arn", [file, "arn:aws:s3:::acme-config"]),
    ]);
  });

  it("allows nothing where nothing is read", () => {
    expect(read([])).toEqual([]);
  });
});
