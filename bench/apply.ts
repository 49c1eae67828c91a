import { readFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "../src/environment";
import { createPrerequisites } from "../src/lab/local-aws/prerequisites/prerequisites";
import { withStage } from "../src/lab/stage";
import { projectRoot } from "../src/project-root";

const rounds = 5;

/** Time that Terraform takes to plan, apply and destroy the demo's environment on local AWS: the least of some rounds. */
export async function benchApply(): Promise<void> {
  const file = path.join(projectRoot, "src", "demo", "environments.json");
  console.log(`the demo's environment on local AWS, least of ${rounds}`);
  await withStage({}, async (stage) => {
    const terraform = await stage.synthesize(file, "demo");
    await createPrerequisites(stage.aws, parseEnvironments(readFileSync(file, "utf8"), file).demo!);
    await terraform.init();
    const seconds = { plan: [] as number[], apply: [] as number[], destroy: [] as number[] };
    for (let round = 1; round <= rounds; round += 1) {
      const plan = `bench-${round}`;
      for (const [step, run] of [
        ["plan", () => terraform.plan(plan)],
        ["apply", () => terraform.apply(plan)],
        ["destroy", () => stage.destroy()],
      ] as const) {
        const start = performance.now();
        await run();
        seconds[step].push((performance.now() - start) / 1000);
      }
    }
    for (const [step, all] of Object.entries(seconds))
      console.log(`  terraform ${step.padEnd(9)} ${Math.min(...all).toFixed(2)} s`);
  });
}
