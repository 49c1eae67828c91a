import { didYouMean } from "../../environment/nearest";
import { UserError } from "../../user-error";
import { modelFindings } from "../history/findings";
import { withStage } from "../stage";
import { brokenDeploy } from "./deployments/broken-deploy";
import { chaos } from "./chaos/chaos";
import { coldStart } from "./cold-start";
import { conformance } from "./conformance";
import { deployment } from "./deployments/deployment";
import { departure } from "./failures/departure";
import { dnsRecordLimitScenario } from "./dns-record-limit";
import { failureDetection } from "./failures/failure-detection";
import { forms } from "./forms";
import { database } from "./deployments/database";
import { migration } from "./deployments/migration";
import { negativeCasesScenario } from "./failures/negative-cases";
import { ports } from "./ports";
import { rolling } from "./deployments/rolling";
import { scale } from "./scale";
import { encrypted } from "./encryption/encrypted";
import type { Scenario, ScenarioOptions, ScenarioResult } from "./scenario";
import { taskProtection } from "./deployments/task-protection";
import { untrustedNode } from "./failures/untrusted-node";
import { versions } from "./deployments/versions";
import { spot, web } from "./web/web";

export type { Scenario, ScenarioOptions, ScenarioResult } from "./scenario";

/** Every scenario, in the order in which `all` runs them. */
export const scenarios: readonly Scenario[] = [
  forms,
  negativeCasesScenario,
  ports,
  conformance,
  untrustedNode,
  encrypted,
  dnsRecordLimitScenario,
  rolling,
  versions,
  departure,
  taskProtection,
  brokenDeploy,
  migration,
  database,
  spot,
  web,
  deployment,
  failureDetection,
  coldStart,
  scale,
  chaos,
];

/** Those of the names given; all of them for `all`. @throws UserError that names all */
export function scenariosNamed(names: readonly string[]): readonly Scenario[] {
  if (names.includes("all")) return scenarios;
  return names.map((name) => {
    const scenario = scenarios.find((each) => each.name === name);
    if (scenario) return scenario;
    const known = scenarios.map((each) => each.name).join(", ");
    const suggestion = didYouMean(name, [...scenarios.map((each) => each.name), "all"]);
    throw new UserError(`There is no scenario "${name}".${suggestion} Scenarios are: ${known}; or all.`);
  });
}

/** Runs one, on a stage of its own where it has nodes. */
export async function runScenario(scenario: Scenario, options: ScenarioOptions = {}): Promise<ScenarioResult> {
  if ("runWithoutNodes" in scenario) return scenario.runWithoutNodes(options);
  return withStage(options, async (stage) => {
    // A release that can't be built is known before Terraform has run.
    await stage.release();
    const result = await scenario.run(stage, options);
    const model = modelFindings(stage.checkHistories());
    return { ...result, ok: result.ok && model.ok, lines: [...result.lines, ...model.lines], model: model.figure };
  });
}
