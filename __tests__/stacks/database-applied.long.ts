import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "../../src/environment";
import { labPatches } from "../../src/lab/lab";
import { type LocalAws, startLocalAws } from "../../src/lab/local-aws/aws";
import { createPrerequisites } from "../../src/lab/local-aws/prerequisites/prerequisites";
import { synthesizeInto } from "../../src/lab/local-aws/terraform/synthesized";
import { Terraform } from "../../src/lab/local-aws/terraform/terraform";
import { exampleFile } from "../examples";
import { scratchFolder } from "../scratch";
import { describeWithTerraform } from "../terraform-here";

interface Outputs {
  readonly address: string;
  readonly password_secret_arn: string;
  readonly security_group_name: string;
}
const nothing = { add: 0, change: 0, destroy: 0 };
const image = ["-var", "shop_image=ghcr.io/acme/shop:1.0.0"];

// `npm run test:database`: most of the time the provider waits for the database.
describeWithTerraform("examples/phoenix-with-database, applied to local AWS", () => {
  const scratch = scratchFolder("database-test");
  const example = exampleFile("phoenix-with-database");
  const { prod } = JSON.parse(readFileSync(example, "utf8")) as {
    prod: { services: { shop: { environment: object; secrets: object } } };
  };
  const { shop } = prod.services;
  let aws: LocalAws;

  beforeAll(async () => {
    aws = await startLocalAws({ patches: labPatches });
  });
  afterAll(() => aws?.stop());

  const terraform = (folder: string) => new Terraform(folder, scratch, { environment: aws.environment });
  const environment = (service: object) =>
    JSON.stringify({
      prod: {
        ...prod,
        state: { local: {} },
        ecsCluster: { name: "shop-prod" },
        services: { shop: { ...shop, ...service } },
      },
    });

  it("works through the database's outputs, plans nothing more in either state, and is destroyed", async () => {
    // GIVEN what both states look up, and the database in its own state
    const { SECRET_KEY_BASE } = shop.secrets as Record<string, object>;
    const existing = environment({ secrets: { SECRET_KEY_BASE }, connectsTo: {} });
    await createPrerequisites(aws, parseEnvironments(existing, "environments.json").prod!);
    const folder = path.join(scratch, "database");
    cpSync(path.join(path.dirname(example), "database"), folder, { recursive: true });
    writeFileSync(path.join(folder, "local_override.tf.json"), JSON.stringify(locally));
    const database = terraform(folder);
    await database.init();
    await database.plan("database");
    await database.apply("database");
    const outputs = (await database.outputs()) as unknown as Outputs;

    // WHEN the environment names its outputs
    mkdirSync(path.join(scratch, "services"));
    const file = path.join(scratch, "services", "environments.json");
    writeFileSync(
      file,
      environment({
        environment: { ...shop.environment, DATABASE_HOST: outputs.address },
        secrets: {
          SECRET_KEY_BASE,
          DATABASE_PASSWORD: { secretsManager: outputs.password_secret_arn, key: "password", check: "ephemeral" },
        },
        connectsTo: { database: { securityGroup: { name: outputs.security_group_name }, port: 5432 } },
      }),
    );
    const outdir = path.join(scratch, "services", "cdktf.out");
    expect(await synthesizeInto(outdir, file)).toBe("");
    const services = terraform(path.join(outdir, "stacks", "prod"));
    await services.init();
    await services.plan("services", ...image);
    await services.apply("services");

    // THEN neither state has anything left to do
    expect(await services.plan("again", ...image)).toEqual(nothing);
    expect(await database.plan("again")).toEqual(nothing);
    await services.destroy(...image);
    await database.destroy();
  });

  /** The state in this folder, and a database that may be destroyed. */
  const locally = {
    terraform: { backend: { local: {} } },
    resource: { aws_db_instance: { shop: { deletion_protection: false, skip_final_snapshot: true } } },
  };
});
