import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";
import { copyTerraform } from "../../src/lab/prompt/layout/terraform-copy";
import { type Stage, withStage } from "../../src/lab/stage";
import { projectRoot } from "../../src/project-root";
import { withPage } from "./chromium";

/** Of the picture, in pixels of CSS. */
const [width, margin] = [960, 24];

/** The Terraform of the pull request's base branch. */
const baseFolder = path.join(projectRoot, "examples", "from-plain-hcl", "hcl");

/** The rule that the pull request deletes. */
const deletedRule = "orders_from_mailer_distribution";

/**
 * The review's page for a pull request that deletes one security-group rule: two plans by Terraform on local AWS, compared by
 * `review --against`, in Chromium.
 *
 * @param file gets the picture, a PNG.
 */
export async function drawReview(file: string): Promise<void> {
  await withStage({}, async (stage) => {
    const branchFolder = path.join(stage.scratch, "branch");
    cpSync(baseFolder, branchFolder, { recursive: true });
    deleteRule(path.join(branchFolder, "rules.tf"));
    const main = await planOf(stage, baseFolder, "main.json");
    const branch = await planOf(stage, branchFolder, "plan.json");
    const elixirCluster = path.join(projectRoot, "bin", "elixir-cluster.mjs");
    const review = [elixirCluster, "review", branch, "--against", main, "--html", "review.html"];
    const { exitCode, stdout } = await execa("node", review, { cwd: stage.scratch, reject: false });
    if (exitCode !== 1) throw new Error(`The review found no error in the pull request:\n${stdout}`);
    await withPage({ width, height: 1200 }, async (page) => {
      await page.goto(`file://${path.join(stage.scratch, "review.html")}`);
      const drawing = await page.locator("svg").first().boundingBox();
      await page.screenshot({ path: file, clip: { x: 0, y: 0, width, height: drawing!.y + drawing!.height + margin } });
    });
  });
}

function deleteRule(file: string): void {
  const rules = readFileSync(file, "utf8");
  const left = rules.replace(new RegExp(`\\nresource "[^"]+" "${deletedRule}" {[^}]*}\\n`), "");
  if (left === rules) throw new Error(`${file} has no rule ${deletedRule}.`);
  writeFileSync(file, left);
}

/** Plans a folder from nothing. @returns the name of the file in the stage's folder that has the plan's JSON */
async function planOf(stage: Stage, folder: string, name: string): Promise<string> {
  const terraform = stage.terraform(copyTerraform(folder, stage.scratch));
  await terraform.init();
  await terraform.plan("plan");
  writeFileSync(path.join(stage.scratch, name), await terraform.show("plan"));
  return name;
}
