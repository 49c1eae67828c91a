import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type LocalAws, startLocalAws } from "../../src/lab/local-aws/aws";
import { withoutDocker } from "../../src/lab/prompt/layout/docker-stand-in";
import { makeReadSecrets } from "../../src/lab/prompt/layout/make-secrets";
import { makeLookedUp } from "../../src/lab/prompt/layout/looked-up";
import { copyTerraform } from "../../src/lab/prompt/layout/terraform-copy";
import { labPatches } from "../../src/lab/lab";
import { synthesizeInto } from "../../src/lab/local-aws/terraform/synthesized";
import { Terraform } from "../../src/lab/local-aws/terraform/terraform";
import { exported, readmeFile } from "../docs/readme";
import { describeWithTerraform } from "../terraform-here";
import { scratchFolder } from "../scratch";

describeWithTerraform("the steps of docs/deploy.md, on README.md's own file", () => {
  const scratch = scratchFolder("terraform-readme-test");
  let aws: LocalAws;
  let folder: string;

  beforeAll(async () => {
    aws = await startLocalAws({ patches: labPatches });
    const file = path.join(scratch, "environments.json");
    writeFileSync(file, readmeFile);
    const outdir = path.join(scratch, "cdktf.out");
    await synthesizeInto(outdir, file);
    // The docker provider needs an engine and the internet: what it would build is left out here.
    folder = copyTerraform(path.join(outdir, "stacks", "prod"), scratch);
    withoutDocker(folder);
    await makeReadSecrets(aws, [folder]);
    await makeLookedUp(aws, folder);
  });

  afterAll(async () => {
    await aws?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  const terraform = async (name: string, environment: Readonly<Record<string, string>>) => {
    mkdirSync(path.join(scratch, name));
    const run = new Terraform(folder, path.join(scratch, name), {
      environment: { ...aws.environment, ...environment },
    });
    await run.init();
    return run;
  };

  it("plan with the values that they export", async () => {
    const { add, change, destroy } = await (await terraform("exported", exported)).plan("plan");
    expect(add).toBeGreaterThan(20);
    expect([change, destroy]).toEqual([0, 0]);
  });

  it("don't plan without them", async () => {
    const run = await terraform("without", {});
    await expect(run.plan("plan")).rejects.toThrow(/myapp_image/);
  });
});
