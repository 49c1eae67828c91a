import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build, type BuildOptions, stop } from "esbuild";
import { projectRoot } from "../../src/project-root";
import { scratchFolder } from "../scratch";
import { exampleFile, exampleNames } from "../examples";

/** The versions that docs/cdktn.md names. */
const versions = { cdktn: "0.24.0", constructs: "10.7.0" };
const cdktn = path.join(projectRoot, ".cache", "cdktn");

/** Whether cdktn is in .cache, or could be put there: this project doesn't depend on it. */
function isInstalled(): boolean {
  const installed = (name: string) => {
    const file = path.join(cdktn, "node_modules", name, "package.json");
    return existsSync(file) && (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
  };
  const current = () => Object.entries(versions).every(([name, version]) => installed(name) === version);
  if (current()) return true;
  mkdirSync(cdktn, { recursive: true });
  writeFileSync(path.join(cdktn, "package.json"), "{}\n");
  const packages = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
  const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=20000"];
  spawnSync("npm", ["install", ...options, ...packages], { cwd: cdktn, stdio: "ignore", timeout: 120_000 });
  if (current()) return true;
  console.warn(`SKIPPED: the same app under cdktn (${packages.join(", ")} can't be installed here)`);
  return false;
}

(isInstalled() ? describe : describe.skip)("the same app under cdktn, by package alias", () => {
  const scratch = scratchFolder("cdktn");
  const bundles = { cdktf: path.join(scratch, "cdktf.cjs"), cdktn: path.join(scratch, "cdktn.cjs") };

  beforeAll(async () => {
    const options: BuildOptions = {
      absWorkingDir: projectRoot,
      entryPoints: ["main.ts"],
      bundle: true,
      platform: "node",
      format: "cjs",
      mainFields: ["module", "main"],
      logLevel: "error",
    };
    await build({ ...options, outfile: bundles.cdktf });
    const modules = path.join(cdktn, "node_modules");
    const alias = { cdktf: path.join(modules, "cdktn"), constructs: path.join(modules, "constructs") };
    await build({ ...options, outfile: bundles.cdktn, alias });
    await stop();
  });

  /** Every stack's JSON by its name, without the note of which cdktf made it. */
  function synthesized(bundle: string, environments: string): Record<string, object> {
    const outdir = mkdtempSync(path.join(scratch, "out-"));
    const { status, stderr } = spawnSync(process.execPath, [bundle], {
      cwd: projectRoot,
      encoding: "utf8",
      env: { ...process.env, ENVIRONMENTS_FILE: environments, CDKTF_OUTDIR: outdir },
    });
    expect([status, stderr.includes("error")]).toEqual([0, false]);
    const stacks = readdirSync(path.join(outdir, "stacks")).map((name) => {
      const text = readFileSync(path.join(outdir, "stacks", name, "cdk.tf.json"), "utf8");
      const { "//": note, ...json } = JSON.parse(text) as { "//": { metadata: { version: string } } };
      return [name, { ...json, note: { ...note, metadata: { ...note.metadata, version: "" } } }] as const;
    });
    return Object.fromEntries(stacks);
  }

  it.each(exampleNames)("%s: the same resources by the same logical ids", (name) => {
    const expected = synthesized(bundles.cdktf, exampleFile(name));
    expect(Object.keys(expected).length).toBeGreaterThan(0);
    expect(synthesized(bundles.cdktn, exampleFile(name))).toEqual(expected);
  });

  it("is really cdktn's: its version is in the JSON", () => {
    const outdir = path.join(scratch, "version");
    spawnSync(process.execPath, [bundles.cdktn], {
      cwd: projectRoot,
      env: { ...process.env, ENVIRONMENTS_FILE: exampleFile("minimal"), CDKTF_OUTDIR: outdir },
    });
    const [stack] = readdirSync(path.join(outdir, "stacks"));
    const json = JSON.parse(readFileSync(path.join(outdir, "stacks", stack!, "cdk.tf.json"), "utf8"));
    expect(json["//"].metadata.version).toBe(versions.cdktn);
  });
});
