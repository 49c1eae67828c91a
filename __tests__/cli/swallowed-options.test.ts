import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { execa } from "execa";
import { secretsCommand } from "../../src/cli/operations/secrets";
import { swallowedOptions } from "../../src/cli/swallowed-options";
import { projectRoot } from "../../src/project-root";
import { scratchFolder } from "../scratch";

/** Runs a script of this project as a person would type it, with npm's own settings and no file of the person's. */
const npmRun = (...args: string[]) =>
  execa("npm", ["run", ...args], {
    cwd: projectRoot,
    reject: false,
    stdin: "ignore",
    // Nothing listens there: what got so far as to ask AWS would say so.
    env: {
      AWS_ENDPOINT_URL: "http://127.0.0.1:9",
      npm_config_userconfig: "/dev/null",
      npm_config_yes: undefined,
      npm_config_json: undefined,
    },
  });

describe("options that npm keeps for itself, through npm run", () => {
  let folder: string;
  beforeAll(() => (folder = scratchFolder("swallowed")));

  it.each([
    [["secrets", "prod", "--check"], "npm run secrets -- prod --check"],
    [["secrets", "prod", "--yes"], "npm run secrets -- prod --yes"],
    [
      ["secrets", "prod", "--json", "--rotate=RELEASE_COOKIE"],
      "npm run secrets -- prod --rotate RELEASE_COOKIE --json",
    ],
    [["unstick", "prod", "--yes"], "npm run unstick -- prod --yes"],
    [["adopt", "../shop", "--check"], "npm run adopt -- ../shop --check"],
    [["schema", "--check"], "npm run schema -- --check"],
    [["review", "--html=review.html"], "npm run review -- --html review.html"],
    [["task", "prod", "shop", "--join", "--", "eval", "1 + 1"], "npm run task -- prod shop --join -- eval '1 + 1'"],
    [
      ["task", "prod", "shop", "--image=shop:2", "--", "bin/seed", "-v"],
      "npm run task -- prod shop --image shop:2 -- bin/seed -v",
    ],
  ])("%j is refused with the right command line", async (args, right) => {
    const { exitCode, stderr } = await npmRun(...args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("for itself, so this would run without it. Nothing was done.");
    expect(stderr.split("\n")).toContain(`  ${right}`);
  });

  it("writes no schema where --check was swallowed", async () => {
    const file = path.join(folder, "environments.schema.json");
    writeFileSync(file, "{}\n");
    expect((await npmRun("schema", file, "--check")).stderr).toContain(`npm run schema -- ${file} --check`);
    expect(readFileSync(file, "utf8")).toBe("{}\n");
  });

  it("lets options after -- pass", async () => {
    const { exitCode, stdout } = await npmRun("schema", "--", "--check");
    expect(stdout).toContain("environments.schema.json is current");
    expect(exitCode).toBe(0);
  });
});

describe("options that npm keeps for itself", () => {
  const program = new Command().addCommand(secretsCommand());
  program.addCommand(new Command("lab").addCommand(new Command("up").option("--dir <folder>").option("--open")));
  const script = { npm_lifecycle_event: "secrets", npm_lifecycle_script: "node bin/run.mjs src/cli.ts secrets" };
  const line = (args: readonly string[], variables: Record<string, string>) =>
    swallowedOptions(program, args, { ...script, ...variables })
      ?.split("\n")
      .find((text) => text.startsWith("  npm run "))
      ?.trim();

  it("are reported with the values that npm 11 leaves among the arguments", () => {
    expect(line(["secrets", "prod", "A", "B"], { npm_config_rotate: "true\n\ntrue" })).toBe(
      "npm run secrets -- prod --rotate A --rotate B",
    );
    expect(line(["secrets", "prod"], { npm_config_rotate: "true" })).toBe(
      "npm run secrets -- prod --rotate <VARIABLE>",
    );
  });

  it("are reported with the values that npm 10 takes along", () => {
    expect(line(["secrets"], { npm_config_check: "prod" })).toBe("npm run secrets -- --check prod");
    expect(line(["secrets", "prod"], { npm_config_rotate: "A\n\nB" })).toBe(
      "npm run secrets -- prod --rotate A --rotate B",
    );
  });

  it("are reported for a subcommand, and for an adopter's own script", () => {
    const lab = { npm_lifecycle_event: "lab", npm_lifecycle_script: "node bin/run.mjs src/cli.ts lab" };
    expect(line(["lab", "up"], { ...lab, npm_config_dir: "a b" })).toBe("npm run lab -- up --dir 'a b'");
    const own = { npm_lifecycle_event: "keys", npm_lifecycle_script: "elixir-cluster secrets prod" };
    expect(line(["secrets", "prod"], { ...own, npm_config_check: "true" })).toBe("npm run keys -- --check");
  });

  it("are only those of the command that runs, given neither after -- nor in an .npmrc", () => {
    expect(line(["secrets", "prod"], { npm_config_loglevel: "silent", npm_config_open: "true" })).toBeUndefined();
    expect(line(["secrets", "prod", "--yes"], { npm_config_yes: "true" })).toBeUndefined();
    expect(line(["secrets", "prod"], { npm_config_yes: "" })).toBeUndefined();
    const folder = scratchFolder("swallowed");
    writeFileSync(path.join(folder, ".npmrc"), "json=true\nyes=false\n");
    const variables = { npm_config_local_prefix: folder, npm_config_yes: "true", npm_config_json: "true" };
    expect(line(["secrets", "prod"], variables)).toBe("npm run secrets -- prod --yes");
    rmSync(folder, { recursive: true });
  });

  it("are none of a script that starts commands by itself, nor of npx", () => {
    const variables = { npm_config_check: "true" };
    const test = { npm_lifecycle_event: "test", npm_lifecycle_script: "jest" };
    expect(line(["secrets", "prod"], { ...test, ...variables })).toBeUndefined();
    const npx = { npm_lifecycle_event: "npx", npm_lifecycle_script: "elixir-cluster" };
    expect(line(["secrets", "prod"], { ...npx, ...variables })).toBeUndefined();
    expect(swallowedOptions(program, ["secrets", "prod"], variables)).toBeUndefined();
  });
});
