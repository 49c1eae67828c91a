import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { execa } from "execa";
import { parseEnvironments } from "../../src/environment";
import { type LocalAws, startLocalAws } from "../../src/lab/local-aws/aws";
import { createPrerequisites } from "../../src/lab/local-aws/prerequisites/prerequisites";
import { labPatches } from "../../src/lab/lab";
import { synthesizeInto } from "../../src/lab/local-aws/terraform/synthesized";
import { Terraform } from "../../src/lab/local-aws/terraform/terraform";
import { FaultyAws } from "../operations/faulty-aws";
import { describeWithTerraform } from "../terraform-here";
import { scratchFolder } from "../scratch";
import { required } from "../environment/example";

describeWithTerraform("state in S3, from nothing", () => {
  const scratch = scratchFolder("state-test");
  const file = path.join(scratch, "environments.json");
  const outdir = path.join(scratch, "cdktf.out");
  const bucket = "acme-terraform-state";
  const bucketStack = `state-bucket-${bucket}`;
  let aws: LocalAws;
  let faulty: FaultyAws;
  let s3: S3Client;

  /** Writes the file and synthesizes it, as its owner does by hand. */
  async function describeAs(ownState: "local" | "bucket", retentionDays = 30): Promise<void> {
    const environment = {
      ...required,
      state: { s3: { bucket, key: "elixir-cluster/prod.tfstate", bucketStack: ownState } },
      alarms: { topic: "arn:aws:sns:eu-west-1:123456789012:alarms" },
      services: { myapp: { image: { uri: "registry.example/myapp:1" }, logs: { retentionDays } } },
    };
    writeFileSync(file, JSON.stringify({ prod: environment }));
    await synthesizeInto(outdir, file);
  }

  const terraformIn = (stack: string, endpoint = aws.endpoint) =>
    new Terraform(path.join(outdir, "stacks", stack), scratch, {
      environment: { ...aws.environment, AWS_ENDPOINT_URL: endpoint },
    });

  /** What {@link Terraform} gives its processes: its CLI configuration is in the scratch folder by now. */
  const processEnvironment = () => {
    const configuration = path.join(scratch, "terraform.rc");
    return {
      ...aws.environment,
      // A Terraform that is killed leaves its providers' sockets.
      TMPDIR: scratch,
      CHECKPOINT_DISABLE: "1",
      TF_INPUT: "0",
      ...(existsSync(configuration) ? { TF_CLI_CONFIG_FILE: configuration } : {}),
    };
  };

  const resourcesIn = async (Key: string): Promise<string[]> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    const { resources } = JSON.parse(await Body!.transformToString()) as {
      resources: { type: string; name: string }[];
    };
    return resources.map(({ type, name }) => `${type}.${name}`).sort();
  };

  beforeAll(async () => {
    aws = await startLocalAws({ patches: [...labPatches, "bucket_policy"] });
    faulty = await FaultyAws.inFrontOf(aws.endpoint);
    const { endpoint, region } = aws;
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  });

  afterAll(async () => {
    s3?.destroy();
    await faulty?.close();
    await aws?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  it("makes the bucket with local state, and moves that state into the bucket", async () => {
    // GIVEN
    await describeAs("local");
    const first = terraformIn(bucketStack);
    await first.init();
    // All but the lifecycle rules: the provider looks at these for a minute before it believes that they stand.
    const addresses = [
      "versioning.versioning",
      "server_side_encryption_configuration.encryption",
      "policy.tls-only",
      "ownership_controls.ownership",
    ];
    await first.plan("bucket", ...addresses.map((address) => `-target=aws_s3_bucket_${address}`));
    await first.apply("bucket");
    expect(existsSync(path.join(scratch, `terraform.${bucketStack}.tfstate`))).toBe(true);
    // WHEN
    await describeAs("bucket");
    await first.init("-migrate-state", "-force-copy");
    // THEN
    expect(await resourcesIn(`${bucketStack}.tfstate`)).toContainEqual(expect.stringMatching(/^aws_s3_bucket\./));
    expect(await first.plan("again")).toEqual({ add: 1, change: 0, destroy: 0 });
  });

  it("deploys an environment into it", async () => {
    // GIVEN
    await createPrerequisites(aws, parseEnvironments(readFileSync(file, "utf8"), file).prod!);
    // WHEN
    const prod = terraformIn("prod");
    await prod.init();
    await prod.plan("prod");
    await prod.apply("prod");
    // THEN
    expect(await prod.plan("prod-again")).toEqual({ add: 0, change: 0, destroy: 0 });
    expect(await resourcesIn("elixir-cluster/prod.tfstate")).toContainEqual(
      expect.stringMatching(/^aws_ecs_service\./),
    );
  });

  it("tells a second run who holds the lock; after kill -9 the lock is found, given back, and nothing is lost", async () => {
    // GIVEN an apply that AWS keeps waiting
    const before = await resourcesIn("elixir-cluster/prod.tfstate");
    await describeAs("bucket", 90);
    const prod = terraformIn("prod");
    await prod.init();
    await prod.plan("longer-logs");
    const reached = faulty.hold("PutRetentionPolicy");
    const planFile = path.join(scratch, "longer-logs.tfplan");
    const apply = execa("terraform", ["apply", "-no-color", planFile], {
      cwd: prod.folder,
      env: { ...processEnvironment(), AWS_ENDPOINT_URL: faulty.endpoint },
      reject: false,
      stdin: "ignore",
      detached: true,
    });
    await reached;
    // WHEN another one runs
    const refused = await prod.plan("meanwhile").catch((error: Error) => error.message);
    // THEN
    expect(refused).toContain("Error acquiring the state lock");
    const lockId = /ID:\s+([0-9a-f-]{36})/.exec(String(refused))?.[1];
    expect(refused).toMatch(/Who:\s+\S+@\S+/);
    expect(refused).toMatch(/Operation:\s+OperationTypeApply/);
    // WHEN the first one is killed, its provider with it
    process.kill(-apply.pid!, "SIGKILL");
    await apply;
    faulty.release();
    // THEN its lock stays until somebody says that it may go
    expect(await prod.plan("still").catch((error: Error) => error.message)).toContain(lockId);
    await execa("terraform", ["force-unlock", "-force", lockId!], { cwd: prod.folder, env: processEnvironment() });
    // AND nothing is lost: the state is as before, and what was in progress is planned again
    expect(await resourcesIn("elixir-cluster/prod.tfstate")).toEqual(before);
    expect(await prod.plan("resumed")).toEqual({ add: 0, change: 1, destroy: 0 });
    await prod.apply("resumed");
    expect(await prod.plan("resumed-again")).toEqual({ add: 0, change: 0, destroy: 0 });
  });
});
