import { readFileSync } from "node:fs";
import path from "node:path";
import { moduleCommand } from "../../src/cli/module";
import { exampleFile } from "../examples";
import { runCommand } from "../operations/command";
import { scratchFolder } from "../scratch";

const environments = ["--environments", exampleFile("minimal")];

describe("module", () => {
  it("writes a module, and says so when it is current", async () => {
    const folder = path.join(scratchFolder("module"), "shop");
    const first = await runCommand(moduleCommand(), "prod", "--out", folder, ...environments);
    expect([first.code, first.err]).toEqual([0, ""]);
    expect(first.out.split("\n").map((line) => path.basename(line))).toEqual([
      "main.tf.json",
      "variables.tf.json",
      "outputs.tf.json",
      "versions.tf.json",
      "README.md",
    ]);
    expect(readFileSync(path.join(folder, "README.md"), "utf8")).toContain('module "shop" {');
    const { code, out } = await runCommand(moduleCommand(), "prod", "--out", folder, ...environments);
    expect([code, out]).toEqual([0, `${folder} is current`]);
  });

  it("reports a file in place of the folder, in words", async () => {
    const file = exampleFile("minimal");
    const { code, err } = await runCommand(moduleCommand(), "prod", "--out", file, ...environments);
    expect([code, err]).toEqual([2, `${file} can't be created: a file with this name exists.`]);
  });

  it("reports an environment that isn't in the file, and writes nothing", async () => {
    const { code, err } = await runCommand(moduleCommand(), "prd", "--out", scratchFolder(), ...environments);
    expect(code).toBe(2);
    expect(err).toContain("prod");
  });

  it("shows the errors and warnings of the environment's constructs", async () => {
    const { code, err } = await runCommand(
      moduleCommand(),
      ...["prod", "--out", path.join(scratchFolder("module"), "x"), "--environments", exampleFile("every-option")],
    );
    expect(code).toBe(0);
    expect(err).toContain('${var.name}/services/web: its egress is "open"');
  });
});
