import { readFileSync } from "node:fs";
import path from "node:path";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { parseEnvironments } from "../../../../src/environment";
import { startLocalAws } from "../../../../src/lab/local-aws/aws";
import { awsClients } from "../../../../src/lab/local-aws/aws-clients";
import { labPatches } from "../../../../src/lab/lab";
import type { Block } from "../../../../src/lab/prompt/layout/blocks";
import { makeReadSecrets } from "../../../../src/lab/prompt/layout/make-secrets";
import { readSecrets } from "../../../../src/lab/prompt/layout/read-secrets";
import { environmentsApp } from "../../../../src/stacks/app/environments-app";
import { synthesize } from "../../../../src/stacks/app/synthesis";
import { exampleFile } from "../../../examples";
import { scratchFolder } from "../../../scratch";

const block = (kind: Block["kind"], type: string, values: object, name = "it"): Block => ({
  kind,
  type,
  name,
  values: values as Block["values"],
});
const task = (...containers: object[]) =>
  block("resource", "aws_ecs_task_definition", { container_definitions: JSON.stringify(containers) });
const secrets = (...valueFroms: string[]) => ({ secrets: valueFroms.map((valueFrom) => ({ name: "X", valueFrom })) });
const nothing = { parameters: [], managed: [], files: [] };

describe("readSecrets", () => {
  it("follows the data source of a secret to its keys and stages", () => {
    const source = "${data.aws_secretsmanager_secret.it.arn}";
    expect(
      readSecrets([
        block("data", "aws_secretsmanager_secret", { name: "prod/shop" }),
        task(secrets(`${source}:url::`, `${source}:$\${x}:AWSPREVIOUS:`), secrets(`${source}:url:AWSCURRENT:`)),
      ]),
    ).toEqual({ ...nothing, managed: [{ name: "prod/shop", keys: ["url", "${x}"], stages: ["AWSPREVIOUS"] }] });
  });

  it("takes a secret by ARN, a registry's credentials, and a log router's options", () => {
    const arn = "arn:aws:secretsmanager:us-east-1:210987654321:secret:prod/x-AbCdEf";
    const repositoryCredentials = { credentialsParameter: arn.replace("prod/x", "prod/registry") };
    const logConfiguration = { secretOptions: [{ name: "Header", valueFrom: "/log-token" }] };
    expect(readSecrets([task({ ...secrets(arn), repositoryCredentials, logConfiguration })])).toEqual({
      ...nothing,
      parameters: ["/log-token"],
      managed: [
        { name: arn, keys: [], stages: [] },
        { name: arn.replace("prod/x", "prod/registry"), keys: ["username", "password"], stages: [] },
      ],
    });
  });

  it("takes a parameter by name, by ARN, and by an ARN of references", () => {
    const elsewhere = "arn:aws:ssm:eu-central-1:210987654321:parameter/mail/password";
    const here = "arn:${data.aws_partition.p.partition}:ssm:${data.aws_region.r.id}:${local.account}:parameter";
    const read = [
      block("data", "aws_ssm_parameter", { name: "/cookie" }),
      block("ephemeral", "aws_ssm_parameter", { arn: `${here}/a/b` }),
    ];
    expect(readSecrets([...read, task(secrets(`${elsewhere}:3`, `${here}/plain`, "named"))])).toEqual({
      ...nothing,
      parameters: ["/cookie", "/a/b", elsewhere, "plain", "named"],
    });
  });

  it("leaves out what the layout creates itself, and what only a reference names", () => {
    const environmentFiles = [
      { value: "arn:aws:s3:::own/prod.env", type: "s3" },
      { value: "${aws_s3_object.env.arn}" },
    ];
    expect(
      readSecrets([
        block("resource", "aws_ssm_parameter", { name: "/own" }),
        block("resource", "aws_secretsmanager_secret", { name: "own" }),
        block("resource", "aws_s3_bucket", { bucket: "own" }),
        block("data", "aws_secretsmanager_secret", { name: "own" }),
        block("data", "aws_ssm_parameter", { name: "/own" }),
        block("data", "aws_ssm_parameter", { name: "${var.name}" }),
        task({
          ...secrets("${aws_ssm_parameter.it.arn}", "${aws_secretsmanager_secret.it.arn}:url::"),
          environmentFiles,
        }),
        block("resource", "aws_ecs_task_definition", { container_definitions: "${jsonencode([])}" }),
      ]),
    ).toEqual(nothing);
  });
});

describe("makeReadSecrets", () => {
  it("creates what examples/every-option reads, where it reads it", async () => {
    // GIVEN
    const folder = scratchFolder("out");
    const file = exampleFile("every-option");
    synthesize(environmentsApp(parseEnvironments(readFileSync(file, "utf8"), file), folder), () => undefined);
    const stack = path.join(folder, "stacks", "prod");
    const aws = await startLocalAws({ patches: labPatches });
    const clients = awsClients(aws);
    try {
      // WHEN two folders read it
      const made = await makeReadSecrets(aws, [stack, stack]);
      // THEN each is created once
      expect([...made].sort()).toEqual([
        "environment file acme-config/web/prod.env",
        "parameter /my-org/prod/log-token",
        "parameter /my-org/prod/release-cookie",
        "parameter /my-org/prod/reports-certificates",
        "parameter /my-org/prod/web/secret-key-base",
        "parameter arn:aws:ssm:eu-central-1:210987654321:parameter/mail/password",
        "parameter web-database-url",
        "secret arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/registry-AbCdEf",
        "secret prod/datadog",
        "secret prod/stripe",
      ]);
      const parameter = (Name: string) => new GetParameterCommand({ Name, WithDecryption: true });
      const cookie = await clients.ssm.send(parameter("/my-org/prod/release-cookie"));
      expect(cookie.Parameter).toMatchObject({ Type: "SecureString", Value: expect.stringMatching(/^[0-9a-f]{64}$/) });
      const theirs = clients.ownersOf("arn:aws:ssm:eu-central-1:210987654321:parameter/mail/password");
      expect((await theirs.ssm.send(parameter("/mail/password"))).Parameter!.Value).toMatch(/^[0-9a-f]{64}$/);
      const keys = async (SecretId: string) => {
        const { SecretString } = await clients.secretsManager.send(new GetSecretValueCommand({ SecretId }));
        return Object.keys(JSON.parse(SecretString!) as object);
      };
      expect(await keys("prod/stripe")).toEqual(["secret_key"]);
      expect(await keys("prod/datadog")).toEqual(["api_key"]);
      expect(await keys("prod/registry")).toEqual(["username", "password"]);
      const Key = "web/prod.env";
      const object = await clients.s3.send(new GetObjectCommand({ Bucket: "acme-config", Key }));
      expect(await object.Body!.transformToString()).toBe("# Variables\n");
    } finally {
      clients.destroy();
      await aws.stop();
    }
  });
});
