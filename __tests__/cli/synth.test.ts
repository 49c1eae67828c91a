import { copyFileSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../src/project-root";
import { scratchFolder } from "../scratch";

const scratch = scratchFolder("synth");

/** A folder with environments.json and, where it is given, a cdktf.json; and `synth` there. */
function folderWith(cdktf?: string) {
  const folder = mkdtempSync(path.join(scratch, "app-"));
  copyFileSync(path.join(projectRoot, "environments.json"), path.join(folder, "environments.json"));
  if (cdktf !== undefined) writeFileSync(path.join(folder, "cdktf.json"), cdktf);
  const program = path.join(projectRoot, "bin", "elixir-cluster.mjs");
  const synth = async (args: readonly string[] = [], env: Record<string, string> = {}) => {
    const options = { cwd: folder, env, reject: false, stdin: "ignore" } as const;
    const { stdout, stderr, exitCode } = await execa(process.execPath, [program, "synth", ...args], options);
    return { stdout, stderr, exitCode };
  };
  return { folder, program, synth };
}

const stack = path.join("cdktf.out", "stacks", "prod", "cdk.tf.json");

describe("synth", () => {
  it("reads environments.json by itself where there is no cdktf.json", async () => {
    const { folder, synth } = folderWith();
    expect(await synth()).toEqual({ stdout: stack, stderr: "", exitCode: 0 });
    expect(existsSync(path.join(folder, stack))).toBe(true);
  });

  it("runs the app of cdktf.json with the file and the folder, and gives its exit code", async () => {
    const app = 'echo "$ENVIRONMENTS_FILE to $CDKTF_OUTDIR"; exit 3';
    const { synth } = folderWith(JSON.stringify({ app }));
    const args = ["--environments", "other.json", "--output", "out"];
    expect(await synth(args)).toEqual({ stdout: "other.json to out", stderr: "", exitCode: 3 });
  });

  it("reports a file in place of the folder, in words", async () => {
    const { folder, synth } = folderWith();
    const { stdout, stderr, exitCode } = await synth(["--output", "environments.json"]);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 1 });
    expect(stderr).toContain("environments.json can't be created: a file with this name exists.");
    expect(stderr).not.toContain("    at ");
    expect(existsSync(path.join(folder, "environments.json"))).toBe(true);
  });

  it("can be the app of cdktf.json itself, also under the cdktf CLI", async () => {
    const { folder, program, synth } = folderWith("{}");
    writeFileSync(path.join(folder, "cdktf.json"), JSON.stringify({ app: `'${process.execPath}' '${program}' synth` }));
    expect(await synth()).toEqual({ stdout: stack, stderr: "", exitCode: 0 });
    const underCli = await synth(["--output", "cli"], { CDKTF_CONTEXT_JSON: "{}" });
    expect(underCli).toEqual({ stdout: "", stderr: "", exitCode: 0 });
    const written = path.join("stacks", "prod", "cdk.tf.json");
    expect(readFileSync(path.join(folder, "cli", written))).toEqual(
      readFileSync(path.join(folder, "cdktf.out", written)),
    );
  });

  it("reports a cdktf.json that isn't JSON, and writes nothing", async () => {
    const { folder, synth } = folderWith("{ app: 1 }");
    const { stderr, exitCode } = await synth();
    expect(stderr).toMatch(/^cdktf\.json is not valid JSON: .*\. Nothing was written\.$/);
    expect(exitCode).toBe(2);
    expect(existsSync(path.join(folder, "cdktf.out"))).toBe(false);
  });
});
