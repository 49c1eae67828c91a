import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { GetBucketVersioningCommand, GetPublicAccessBlockCommand, S3Client } from "@aws-sdk/client-s3";
import { startLocalAws } from "../../src/lab/local-aws/aws";
import { synthesizeInto } from "../../src/lab/local-aws/terraform/synthesized";
import { KeptProvider } from "../../src/lab/local-aws/terraform/kept-provider";
import { Terraform } from "../../src/lab/local-aws/terraform/terraform";
import { projectRoot } from "../../src/project-root";
import { exampleFile, exampleNames } from "../examples";
import { describeWithTerraform } from "../terraform-here";
import { scratchFolder } from "../scratch";
import { withoutDocker } from "./without-docker";

const scratch = scratchFolder("validate-test");

const examples = [
  path.join(projectRoot, "environments.json"),
  path.join(projectRoot, "src", "demo", "environments.json"),
  // It needs AWS provider 6.21, which the tests don't have; its attributes are checked against the bindings' types.
  ...exampleNames.filter((name) => name !== "traffic-shifting").map(exampleFile),
];

/** The schema check of one stack needs the provider alone, so all share one folder of it. */
const environment = { TF_DATA_DIR: path.join(scratch, "terraform-data") };

describeWithTerraform("terraform validate", () => {
  let lock: string | undefined;
  const provider = new KeptProvider(environment);
  afterAll(() => provider.close());

  async function validate(folder: string): Promise<void> {
    const terraform = new Terraform(folder, scratch, { environment, provider });
    const file = path.join(folder, ".terraform.lock.hcl");
    if (lock === undefined) {
      await terraform.init("-backend=false");
      lock = file;
    } else copyFileSync(lock, file);
    await terraform.validate();
  }

  it.each(examples.map((file) => [path.relative(projectRoot, file), file]))(
    "takes the stacks of %s",
    async (_, file) => {
      const outdir = mkdtempSync(path.join(scratch, "out-"));
      await synthesizeInto(outdir, file);
      const stacks = readdirSync(path.join(outdir, "stacks"));
      expect(stacks.length).toBeGreaterThan(0);
      for (const stack of stacks) {
        const folder = path.join(outdir, "stacks", stack);
        const json = path.join(folder, "cdk.tf.json");
        writeFileSync(json, JSON.stringify(withoutDocker(readFileSync(json, "utf8"))));
        await validate(folder);
      }
    },
  );

  it("takes the database of examples/phoenix-with-database", async () => {
    const folder = mkdtempSync(path.join(scratch, "database-"));
    const file = path.join(path.dirname(exampleFile("phoenix-with-database")), "database", "database.tf");
    copyFileSync(file, path.join(folder, "database.tf"));
    await expect(validate(folder)).resolves.not.toThrow();
  });

  it("refuses what isn't right: the check itself works", async () => {
    const outdir = mkdtempSync(path.join(scratch, "out-"));
    await synthesizeInto(outdir, exampleFile("minimal"));
    const folder = path.join(outdir, "stacks", "prod");
    const file = path.join(folder, "cdk.tf.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"desired_count"', '"wished_count"'));
    await expect(validate(folder)).rejects.toThrow('No argument or block type is named "wished_count"');
  });
});

describeWithTerraform("the state bucket on local AWS", () => {
  it("exists after its apply, has an empty second plan, and is protected from destroy", async () => {
    // GIVEN an environment whose state bucket is made here, its own state in a file at first
    const file = path.join(scratch, "bucket.json");
    const minimal = JSON.parse(readFileSync(exampleFile("minimal"), "utf8")) as { prod: object };
    const state = { s3: { bucket: "acme-terraform-state", key: "prod.tfstate", bucketStack: "local" } };
    writeFileSync(file, JSON.stringify({ prod: { ...minimal.prod, state } }));
    const outdir = path.join(scratch, "bucket", "cdktf.out");
    await synthesizeInto(outdir, file);
    const aws = await startLocalAws();
    const s3 = new S3Client({
      ...aws,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      forcePathStyle: true,
    });
    try {
      // WHEN its stack is applied
      const folder = path.join(outdir, "stacks", "state-bucket-acme-terraform-state");
      const terraform = new Terraform(folder, scratch, { environment: aws.environment });
      await terraform.init();
      // All but the lifecycle rules: the provider looks at these for a minute before it believes that they stand.
      const others = ["versioning.versioning", "server_side_encryption_configuration.encryption", "policy.tls-only"];
      const targets = [...others, "ownership_controls.ownership"].map((address) => `-target=aws_s3_bucket_${address}`);
      await terraform.plan("bucket", ...targets);
      await terraform.apply("bucket");
      // THEN it exists, versioned and closed
      const Bucket = "acme-terraform-state";
      expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe("Enabled");
      const { PublicAccessBlockConfiguration: closed } = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
      expect(Object.values(closed!)).toEqual([true, true, true, true]);
      // AND its state is next to cdktf.json
      expect(existsSync(path.join(scratch, "bucket", "terraform.state-bucket-acme-terraform-state.tfstate"))).toBe(
        true,
      );
      expect(await terraform.plan("again")).toEqual({ add: 1, change: 0, destroy: 0 });
      await expect(terraform.destroy()).rejects.toThrow("Instance cannot be destroyed");
    } finally {
      s3.destroy();
      await aws.stop();
    }
  });
});
