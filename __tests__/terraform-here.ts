import { execFileSync } from "node:child_process";

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
