import { withStage } from "../stage";
import { brokenDeploy } from "./broken-deploy";
import { chaos } from "./chaos";
import { coldStart } from "./cold-start";
import { deployment } from "./deployment";
import { departure } from "./departure";
import { dnsRecordLimitScenario } from "./dns-record-limit";
import { failureDetection } from "./failure-detection";
import { forms } from "./forms";
import { migration } from "./migration";
import { negativeCasesScenario } from "./negative-cases";
import { ports } from "./ports";
import { rolling } from "./rolling";
import { scale } from "./scale";
import type { Scenario, ScenarioOptions, ScenarioResult } from "./scenario";
import { taskProtection } from "./task-protection";
import { untrustedNode } from "./untrusted-node";
import { versions } from "./versions";
import { spot, web } from "./web/web";

export type { Scenario, ScenarioOptions, ScenarioResult } from "./scenario";

/** Every scenario, in the order in which `all` runs them. */
export const scenarios: readonly Scenario[] = [
  forms,
  negativeCasesScenario,
  ports,
  untrustedNode,
  dnsRecordLimitScenario,
  rolling,
  versions,
  departure,
  taskProtection,
  brokenDeploy,
  migration,
  spot,
  web,
  deployment,
  failureDetection,
  coldStart,
  scale,
  chaos,
];

/** Those of the names given; all of them for `all`. @throws Error that says which there are */
export function scenariosNamed(names: readonly string[]): readonly Scenario[] {
  if (names.includes("all")) return scenarios;
  return names.map((name) => {
    const scenario = scenarios.find((each) => each.name === name);
    if (scenario) return scenario;
    const known = scenarios.map((each) => each.name).join(", ");
    throw new Error(`There is no scenario "${name}". Scenarios are: ${known}; or all.`);
  });
}

/** Runs one on a stage of its own. */
export async function runScenario(scenario: Scenario, options: ScenarioOptions = {}): Promise<ScenarioResult> {
  return withStage(options, async (stage) => {
    // A release that can't be built is known before Terraform has run.
    await stage.release();
    return scenario.run(stage, options);
  });
}
