import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { CreateSecurityGroupCommand, CreateVpcCommand, DescribeSecurityGroupRulesCommand } from "@aws-sdk/client-ec2";
import { DescribeTaskDefinitionCommand, ListTaskDefinitionsCommand } from "@aws-sdk/client-ecs";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateSecretCommand, DeleteSecretCommand, UpdateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { DeleteParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { type LocalAws, startLocalAws } from "../../../../src/lab/local-aws/aws";
import { type AwsClients, awsClients } from "../../../../src/lab/local-aws/aws-clients";
import { createPrerequisites, type Prerequisites } from "../../../../src/lab/local-aws/prerequisites/prerequisites";
import { readTaskDefinition } from "../../../../src/lab/control-plane/applied/task-definitions";
import { resolveSecrets } from "../../../../src/lab/control-plane/access/secrets";
import { labPatches } from "../../../../src/lab/lab";
import { synthesizeInto } from "../../../../src/lab/local-aws/terraform/synthesized";
import { KeptProvider } from "../../../../src/lab/local-aws/terraform/kept-provider";
import { Terraform } from "../../../../src/lab/local-aws/terraform/terraform";
import { parseEnvironments } from "../../../../src/environment";
import { describeWithTerraform } from "../../../terraform-here";
import { scratchFolder } from "../../../scratch";
import { required } from "../../../environment/example";

const scratch = scratchFolder("terraform-test");

interface Change {
  readonly address: string;
  readonly change: { readonly actions: string[] };
}
const changesOf = (plan: string): Record<string, string[]> =>
  Object.fromEntries(
    (JSON.parse(plan) as { resource_changes: Change[] }).resource_changes
      .filter(({ change }) => change.actions.join() !== "no-op" && change.actions.join() !== "read")
      .map(({ address, change }) => [address.replace(/_[0-9A-F]{8}$/, ""), change.actions]),
  );

/** What a shell, a template engine and a careless encoder would each make something else of. */
const message = 'say "hi" to ${HOST} and $HOST, %{http_code} %d, C:\\temp\\new, $${x} %%{y}, Grüße — 你好\ttab';

/** A parameter of another account and Region. */
const theirs = "arn:aws:ssm:eu-central-1:210987654321:parameter/mail/password";

/** In the VPC of the layout. */
async function createGroup({ ec2 }: AwsClients): Promise<string> {
  const TagSpecifications = [{ ResourceType: "vpc" as const, Tags: [{ Key: "Name", Value: "prod" }] }];
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16", TagSpecifications }));
  const group = { GroupName: "shop-cache", Description: "Cache", VpcId: Vpc!.VpcId! };
  return (await ec2.send(new CreateSecurityGroupCommand(group))).GroupId!;
}

describeWithTerraform("a layout on local AWS", () => {
  const file = path.join(scratch, "environments.json");
  const outdir = path.join(scratch, "cdktf.out");
  const image = ["-var", "myapp_image=ghcr.io/acme/myapp:1.0.0"];
  let aws: LocalAws;
  let clients: AwsClients;
  let existing: Prerequisites;
  let provider: KeptProvider | undefined;
  let terraform: Terraform;
  let [firstPlan, state, storedState] = ["", "", ""];

  beforeAll(async () => {
    aws = await startLocalAws({ patches: labPatches });
    clients = awsClients(aws);
    const cacheGroup = await createGroup(clients);
    const environment = {
      ...required,
      services: {
        myapp: {
          cluster: "web",
          image: { variable: "myapp_image" },
          tasks: 2,
          environment: { MESSAGE: message },
          secrets: { SECRET_KEY_BASE: { ssmParameter: "/my-org/prod/secret-key-base", check: "ephemeral" } },
          readonlyRootFilesystem: true,
          healthCheck: { path: "/health?full=%20" },
        },
        myapp2: {
          image: { uri: "ghcr.io/acme/myapp2:2.0.0" },
          cluster: "web",
          egress: [{ protocol: "tcp", ports: { from: 443, to: 443 }, cidr: "10.0.0.0/16" }],
          secrets: {
            DATABASE_URL: { secretsManager: "prod/shop", key: "url" },
            API_TOKEN: { secretsManager: "prod/api", key: "token", check: "ephemeral" },
            MAIL_PASSWORD: { ssmParameter: theirs },
          },
          environmentFiles: [{ s3: "arn:aws:s3:::acme-config/myapp2.env" }],
          memory: 2048,
          ephemeralStorageGiB: 30,
          dependsOn: { agent: "HEALTHY" },
          sidecars: {
            agent: {
              image: { uri: "public.ecr.aws/datadog/agent:7.60.0" },
              secrets: { DD_API_KEY: { ssmParameter: theirs } },
              healthCheck: { command: ["CMD-SHELL", "agent health"] },
              ports: [8125],
              cpu: 64,
              memory: 256,
              mounts: { uploads: { path: "/uploads", readOnly: true } },
              restartPolicy: { ignoredExitCodes: [0] },
            },
          },
          volumes: {
            uploads: {
              efs: { fileSystem: "fs-0123456789abcdef0", accessPoint: "fsap-0123456789abcdef0" },
              mount: { path: "/app/uploads" },
            },
          },
          logs: {
            driver: {
              awsfirelens: {
                image: { uri: "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.5" },
                options: { Name: "http", Host: "logs.example.com" },
                secretOptions: { Header: { ssmParameter: theirs } },
              },
            },
          },
          connectsTo: {
            database: { securityGroup: { name: "shop-database" }, port: 5432 },
            cache: { securityGroup: { id: cacheGroup }, port: 6379 },
          },
        },
      },
    };
    writeFileSync(file, JSON.stringify({ prod: environment }));
    const { prod } = parseEnvironments(readFileSync(file, "utf8"), file);
    existing = await createPrerequisites(aws, prod!);
    await synthesizeInto(outdir, file);
    provider = new KeptProvider(aws.environment);
    terraform = new Terraform(path.join(outdir, "stacks", "prod"), scratch, { environment: aws.environment, provider });
    await terraform.init();
    await terraform.plan("first", ...image);
    firstPlan = await terraform.show("first");
    await terraform.apply("first");
    state = await terraform.showState();
    const s3 = new S3Client({
      ...aws,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      forcePathStyle: true,
    });
    const where = { Bucket: "acme-terraform-state", Key: "elixir-cluster/prod.tfstate" };
    storedState = await (await s3.send(new GetObjectCommand(where))).Body!.transformToString();
    s3.destroy();
  });
  afterAll(async () => {
    clients?.destroy();
    await provider?.close();
    await aws?.stop();
  });

  const failure = () => terraform.plan("secrets", ...image).then(String, (error: Error) => error.message);

  it("plans nothing the second time", async () => {
    expect(await terraform.plan("second", ...image)).toEqual({ add: 0, change: 0, destroy: 0 });
  });

  it("runs a sidecar, a log router and a file system next to the node, as ECS has them", async () => {
    const { taskDefinition } = await clients.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: "prod-myapp2" }),
    );
    const { containerDefinitions, volumes, ephemeralStorage } = taskDefinition!;
    expect(containerDefinitions!.map(({ name, essential }) => [name, essential])).toEqual([
      ["myapp2", true],
      ["myapp2-log-router", true],
      ["agent", false],
    ]);
    expect(containerDefinitions![0]!.dependsOn).toEqual([
      { containerName: "agent", condition: "HEALTHY" },
      { containerName: "myapp2-log-router", condition: "START" },
    ]);
    expect(volumes).toMatchObject([
      {
        name: "uploads",
        efsVolumeConfiguration: { fileSystemId: "fs-0123456789abcdef0", transitEncryption: "ENABLED" },
      },
    ]);
    expect(ephemeralStorage).toEqual({ sizeInGiB: 30 });
  });

  it("plans another task definition and the service for another image, and nothing else", async () => {
    const summary = await terraform.plan("image", "-var", "myapp_image=ghcr.io/acme/myapp:1.0.1");
    expect(changesOf(await terraform.show("image"))).toEqual({
      "aws_ecs_task_definition.services_myapp_task-definition": ["delete", "create"],
      "aws_ecs_service.services_myapp_service": ["update"],
    });
    expect(summary).toEqual({ add: 1, change: 1, destroy: 1 });
  });

  it("hands the container each variable and path as it is in the file", async () => {
    const { taskDefinitionArns } = await clients.ecs.send(
      new ListTaskDefinitionsCommand({ familyPrefix: "prod-myapp" }),
    );
    const { taskDefinition } = await clients.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: taskDefinitionArns!.find((arn) => /prod-myapp:/.test(arn)) }),
    );
    const [container] = taskDefinition!.containerDefinitions!;
    expect(container!.environment).toContainEqual({ name: "MESSAGE", value: message });
    expect(container!.healthCheck!.command![1]).toBe("curl -fsS http://127.0.0.1:4000/health?full=%20 || exit 1");
    expect(container!.image).toBe("ghcr.io/acme/myapp:1.0.0");
    expect(container!.secrets).toEqual([
      { name: "RELEASE_COOKIE", valueFrom: "arn:aws:ssm:eu-west-1:123456789012:parameter/my-org/prod/release-cookie" },
      {
        name: "SECRET_KEY_BASE",
        valueFrom: "arn:aws:ssm:eu-west-1:123456789012:parameter/my-org/prod/secret-key-base",
      },
    ]);
  });

  it("gets values of Secrets Manager, of another account and of a file when a task starts", async () => {
    const { taskDefinitionArns } = await clients.ecs.send(
      new ListTaskDefinitionsCommand({ familyPrefix: "prod-myapp2" }),
    );
    const definition = await readTaskDefinition(clients, taskDefinitionArns![0]!);
    const file = { Bucket: "acme-config", Key: "myapp2.env", Body: "LOG_LEVEL=debug\nDATABASE_URL=file" };
    await clients.s3.send(new PutObjectCommand(file));
    const variables = (await resolveSecrets(clients, definition, "task")).get("myapp2");
    expect(variables).toEqual({
      LOG_LEVEL: "debug",
      RELEASE_COOKIE: existing.secrets["/my-org/prod/release-cookie"],
      DATABASE_URL: existing.secrets["prod/shop:url"],
      API_TOKEN: existing.secrets["prod/api:token"],
      MAIL_PASSWORD: existing.secrets[theirs],
    });
  });

  it("opens the groups of the database, by name, and of the cache, by id", async () => {
    const { SecurityGroupRules } = await clients.ec2.send(new DescribeSecurityGroupRulesCommand({}));
    const opened = (isEgress: boolean) =>
      SecurityGroupRules!
        .filter((rule) => rule.IsEgress === isEgress && [5432, 6379].includes(rule.FromPort!))
        .map(({ Description }) => Description)
        .sort();
    expect(opened(false)).toEqual(["cache from myapp2", "database from myapp2"]);
    expect(opened(true)).toEqual(["myapp2 to cache", "myapp2 to database"]);
  });

  it("has the secrets' values in no synthesized file, no plan and no state", () => {
    const files = readdirSync(outdir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const texts = [
      ["plan", firstPlan],
      ["state", state],
      ["stored state", storedState],
      ...files
        .filter(({ parentPath }) => !parentPath.includes(".terraform"))
        .map((entry) => [entry.name, readFileSync(path.join(entry.parentPath, entry.name), "utf8")]),
    ] as [string, string][];
    const values = Object.values(existing.secrets);
    expect(Object.keys(existing.secrets)).toEqual([
      "/my-org/prod/release-cookie",
      "/my-org/prod/secret-key-base",
      theirs,
      "prod/shop:url",
      "prod/api:token",
    ]);
    expect(texts.filter(([, text]) => values.some((value) => text.includes(value))).map(([name]) => name)).toEqual([]);
    // The check sees what it looks at: names are there, and of the ephemeral secret no ciphertext either.
    expect(storedState).toContain("/my-org/prod/release-cookie");
    expect(storedState).toContain("AQICAH");
    expect(storedState.match(/AQICAH/g)).toHaveLength(1);
  });

  it("fails to plan, by the parameters' names, when secrets are missing, or no SecureStrings", async () => {
    const names = ["/my-org/prod/release-cookie", "/my-org/prod/secret-key-base"];
    const put = (Name: string, Type: "String" | "SecureString") =>
      clients.ssm.send(new PutParameterCommand({ Name, Value: "x".repeat(64), Type }));
    for (const Name of names) await clients.ssm.send(new DeleteParameterCommand({ Name }));
    const missing = await failure();
    for (const name of names) expect(missing).toMatch(new RegExp(`reading .*${name}`));

    for (const name of names) await put(name, "String");
    const plain = await failure();
    for (const name of names) {
      expect(plain).toContain(
        `SSM parameter ${name} isn't a SecureString, so anyone who may read parameters could read the secret. Create it again with --type SecureString.`,
      );
      await clients.ssm.send(new DeleteParameterCommand({ Name: name }));
      await put(name, "SecureString");
    }
  });

  it("fails to plan when a customer key, a missing key or secret, or a missing file would stop every task", async () => {
    const { secretsManager, s3 } = clients;
    const KmsKeyId = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    await secretsManager.send(new UpdateSecretCommand({ SecretId: "prod/shop", KmsKeyId }));
    await secretsManager.send(new UpdateSecretCommand({ SecretId: "prod/api", SecretString: '{"other":"x"}' }));
    await s3.send(new DeleteObjectCommand({ Bucket: "acme-config", Key: "myapp2.env" }));
    const failed = await failure();
    expect(failed).toContain("A customer key encrypts the secret prod/shop");
    expect(failed).toContain("There is no environment file arn:aws:s3:::acme-config/myapp2.env");
    await secretsManager.send(new DeleteSecretCommand({ SecretId: "prod/shop", ForceDeleteWithoutRecovery: true }));
    await s3.send(new PutObjectCommand({ Bucket: "acme-config", Key: "myapp2.env", Body: "#" }));
    expect(await failure()).toContain("prod/shop");
    const all = { Name: "prod/shop", SecretString: '{"url":"x"}' };
    await secretsManager.send(new CreateSecretCommand(all));
    expect(await failure()).toContain("The secret prod/api isn't a JSON object with the key token");
    await secretsManager.send(new UpdateSecretCommand({ SecretId: "prod/api", SecretString: '{"token":"x"}' }));
  });

  it("asks for the image when nobody gives it", async () => {
    await expect(terraform.plan("without-image")).rejects.toThrow(/myapp_image/);
  });

  it("is gone after destroy", async () => {
    await terraform.destroy(...image);
    const { values } = JSON.parse(await terraform.showState()) as { values?: object };
    expect(values).toBeUndefined();
  });
});
