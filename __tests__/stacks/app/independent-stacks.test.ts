import { readFileSync } from "node:fs";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { parseEnvironments } from "../../../src/environment";
import { environmentsApp } from "../../../src/stacks/app/environments-app";
import { stackFile } from "../../../src/stacks/former-stacks";
import { withoutPreparation } from "../../../src/stacks/app/independent-stacks";
import { synthesize } from "../../../src/stacks/app/synthesis";
import { exampleFile } from "../../examples";
import { scratchFolder } from "../../scratch";

describe("stacks without preparation", () => {
  const { prod } = parseEnvironments(readFileSync(exampleFile("every-option"), "utf8"), "environments.json");

  /** The JSON of the stack, and how often an ECS service was resolved for it. */
  function synthesized(prepare: (app: ReturnType<typeof environmentsApp>) => ReturnType<typeof environmentsApp>) {
    const outdir = scratchFolder("out");
    const resolved = jest.spyOn(EcsService.prototype, "toTerraform");
    const services = Object.keys(prod!.services).length;
    expect(synthesize(prepare(environmentsApp({ prod: prod! }, outdir)), () => {})).toContain("prod");
    const times = resolved.mock.calls.length / services;
    resolved.mockRestore();
    return { json: readFileSync(stackFile(outdir, "prod"), "utf8"), times };
  }

  it("are the same, and resolved once where cdktf resolves them twice", () => {
    const usual = synthesized((app) => app);
    const spared = synthesized(withoutPreparation);
    expect(spared.json).toBe(usual.json);
    expect([usual.times, spared.times]).toEqual([2, 1]);
  });
});
