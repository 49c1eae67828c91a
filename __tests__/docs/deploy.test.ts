import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { imageUri } from "../../src/environment/schema/formats";
import { synthesizeInto } from "../../src/lab/local-aws/terraform/synthesized";
import { projectRoot } from "../../src/project-root";
import { deployCommands, deploySection, exported, readmeFile } from "./readme";
import { scratchFolder } from "../scratch";
import { notEmpty } from "../not-empty";

interface Synthesized {
  readonly terraform: { readonly required_providers: Readonly<Record<string, unknown>> };
  readonly variable?: Readonly<Record<string, { readonly default?: unknown }>>;
}

describe("the steps of docs/deploy.md, on README.md's own file", () => {
  const scratch = scratchFolder("readme-test");
  let json: Synthesized;

  beforeAll(async () => {
    const file = path.join(scratch, "environments.json");
    writeFileSync(file, readmeFile);
    await synthesizeInto(path.join(scratch, "cdktf.out"), file);
    json = JSON.parse(readFileSync(path.join(scratch, "cdktf.out/stacks/prod/cdk.tf.json"), "utf8")) as Synthesized;
  });

  it("give every variable that has no default a value, an image", () => {
    const needed = Object.entries(json.variable ?? {}).filter(([, { default: value }]) => value === undefined);
    expect(Object.keys(exported).sort()).toEqual(needed.map(([name]) => `TF_VAR_${name}`).sort());
    for (const value of notEmpty(Object.values(exported))) expect(imageUri.safeParse(value).success).toBe(true);
  });

  it("list every program that they run", () => {
    const prerequisites = /You need:\n\n(- .*)/.exec(deploySection)![1]!;
    const programs = { docker: "Docker", aws: "the AWS CLI", terraform: "Terraform", npm: "Node" };
    for (const [program, name] of Object.entries(programs)) {
      const isRun = deployCommands.some((line) => new RegExp(`(^|\\| )${program} `).test(line));
      expect([program, prerequisites.includes(name)]).toEqual([program, isRun]);
    }
    expect("docker" in json.terraform.required_providers).toBe(false);
  });

  it("export the variable before the first command that plans", () => {
    const at = (pattern: RegExp) => deployCommands.findIndex((line) => pattern.test(line));
    expect(at(/^export TF_VAR_/)).toBeGreaterThanOrEqual(0);
    expect(at(/^export TF_VAR_/)).toBeLessThan(at(/cdktf (diff|deploy)|terraform plan/));
  });

  it("review the plan with a command that is found from the stack's folder", () => {
    const command = deployCommands.find((line) => line.includes("review -"))!.split("| ")[1]!;
    const { status, stdout } = spawnSync(
      "sh",
      ["-c", command.replace(/-$/, "--help").replace("npx ", "npx --no-install ")],
      {
        cwd: path.join(projectRoot, "docs"),
        encoding: "utf8",
      },
    );
    expect({ status, first: stdout.split("\n")[0] }).toEqual({
      status: 0,
      first: expect.stringMatching(/^Usage: .*review/) as string,
    });
  });
});
