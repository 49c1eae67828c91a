import { ReleaseSecret } from "../../../../src/constructs/service/secrets/release-secret";
import { container, emptyStack, jsonOf, Layout, the } from "../../layout";

const arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/shop-AbCdEf";
const key = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const looked = /^\$\{data\.aws_secretsmanager_secret\.[\w-]+\.arn\}/;

const valueFrom = (props: ConstructorParameters<typeof ReleaseSecret>[2]) => {
  const layout = new Layout();
  layout.service("myapp", { secrets: { URL: new ReleaseSecret(layout.stack, "url", props) } });
  const secrets = container(layout.json).secrets as { name: string; valueFrom: string }[];
  return secrets.find(({ name }) => name === "URL")!.valueFrom;
};

describe("a secret of Secrets Manager", () => {
  it("is looked up by its name, without its value, and refused when a key encrypts it that nothing names", () => {
    const stack = emptyStack();
    new ReleaseSecret(stack, "url", { secretsManager: "prod/shop", key: "url" });
    const json = jsonOf(stack);
    expect(the(json, "aws_secretsmanager_secret", "data")).toEqual({
      name: "prod/shop",
      lifecycle: {
        postcondition: [
          {
            condition:
              '${self.kms_key_id == null || self.kms_key_id == "" || endswith(self.kms_key_id, "alias/aws/secretsmanager")}',
            error_message:
              "A customer key encrypts the secret prod/shop, and no task could start without permission to decrypt with it: set kmsKeyArn to the key's ARN.",
          },
        ],
      },
    });
    expect(JSON.stringify(json)).not.toContain("aws_secretsmanager_secret_version");
  });

  it("may have the key that is named", () => {
    const stack = emptyStack();
    new ReleaseSecret(stack, "url", { secretsManager: "prod/shop", kmsKeyArn: key });
    expect(the(jsonOf(stack), "aws_secretsmanager_secret", "data")).toEqual({ name: "prod/shop" });
  });

  it.each([
    [{}, ""],
    [{ key: "url" }, ":url::"],
    [{ versionStage: "AWSPREVIOUS" }, "::AWSPREVIOUS:"],
    [{ key: "${url}", versionStage: "AWSCURRENT" }, ":$${url}:AWSCURRENT:"],
  ])("with %j reaches the container as its full ARN and %j", (part, selector) => {
    const found = valueFrom({ secretsManager: "prod/shop", ...part });
    expect(found).toMatch(looked);
    expect(found.replace(looked, "")).toBe(selector);
    expect(valueFrom({ secretsManager: arn, ...part })).toBe(`${arn}${selector}`);
  });

  it("is not looked up by its ARN, which may be of another account or region, unless asked", () => {
    const stack = emptyStack();
    new ReleaseSecret(stack, "url", { secretsManager: arn });
    expect(jsonOf(stack).data).toBeUndefined();
    new ReleaseSecret(stack, "checked", { secretsManager: arn, check: "data", kmsKeyArn: key });
    expect(the(jsonOf(stack), "aws_secretsmanager_secret", "data")).toEqual({ arn });
  });

  it("is checked with its key by an ephemeral read, when asked", () => {
    const stack = emptyStack();
    new ReleaseSecret(stack, "url", { secretsManager: "prod/shop", key: 'a "b"', check: "ephemeral" });
    const json = jsonOf(stack);
    const [[name, read]] = Object.entries(json.ephemeral!.aws_secretsmanager_secret_version!) as [[string, object]];
    expect(read).toEqual({ secret_id: expect.stringMatching(looked) as string });
    expect(json.output![name]).toEqual({
      value: "${null}",
      precondition: [
        {
          condition: `\${can(tostring(jsondecode(ephemeral.aws_secretsmanager_secret_version.${name}.secret_string)["a \\"b\\""]))}`,
          error_message:
            'The secret prod/shop isn\'t a JSON object with the key a "b", which would be the value of a variable.',
        },
      ],
    });
  });

  it("without a key must contain text, and is read in the stage that is named", () => {
    const stack = emptyStack();
    new ReleaseSecret(stack, "url", { secretsManager: arn, versionStage: "blue", check: "ephemeral" });
    const json = jsonOf(stack);
    expect(the(json, "aws_secretsmanager_secret_version", "ephemeral")).toEqual({
      secret_id: arn,
      version_stage: "blue",
    });
    expect(JSON.stringify(json.output)).toContain('.secret_string != \\"\\"');
  });
});
