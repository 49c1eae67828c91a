import { spawnSync } from "node:child_process";
import { runScenario, scenariosNamed } from "../../../src/lab/scenarios";
import type { ScenarioOptions, ScenarioResult } from "../../../src/lab/scenarios";
import { describeWithSandbox } from "../sandbox-here";

const works = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: "ignore" }).status === 0;

/**
 * `describe` where scenarios can run: with a sandbox, Elixir and Terraform. Skipped elsewhere with the reason in view; in
 * CI, whose set-up installs all of them but Terraform, they fail instead.
 */
export function describeScenario(name: string, tests: () => void): void {
  if (!works("terraform", "version")) {
    console.warn(`SKIPPED scenario ${name}: terraform is not on the path`);
    describe.skip(name, tests);
  } else if (!works("mix", "--version")) {
    if (process.env.CI) it(`${name}: needs Elixir`, () => expect("mix").toBe("on the path"));
    else {
      console.warn(`SKIPPED scenario ${name}: mix is not on the path`);
      describe.skip(name, tests);
    }
  } else describeWithSandbox(name, tests);
}

/** Runs a scenario by its name, as the command line does. */
export function run(name: string, options: ScenarioOptions = {}): Promise<ScenarioResult> {
  return runScenario(scenariosNamed([name])[0]!, options);
}
