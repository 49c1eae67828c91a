import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { configurationForRun } from "../src/lab/local-aws/terraform/terraform-configuration";

function terraformIsHere(): boolean {
  try {
    execFileSync("terraform", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** `describe` where Terraform is on the path. Elsewhere the tests are skipped with the reason in view: set-up can't install it. */
export function describeWithTerraform(name: string, tests: () => void): void {
  if (terraformIsHere()) describe(name, tests);
  else {
    console.warn(`SKIPPED ${name}: no terraform on the path (https://developer.hashicorp.com/terraform/install)`);
    describe.skip(name, tests);
  }
}

/** What Terraform needs in its environment to find providers on this machine: nothing where its user has configured that. */
export function providerVariables(folder: string): Record<string, string> {
  const configuration = configurationForRun();
  if (configuration === undefined) return {};
  const file = path.join(folder, "terraform.rc");
  writeFileSync(file, configuration);
  return { TF_CLI_CONFIG_FILE: file };
}
