import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { initCommand } from "../../../src/cli/init/init";
import { Project } from "../../adopt/project";
import { runCommand } from "../../operations/command";
import { scratchFolder } from "../../scratch";

const scratch = scratchFolder("init");
const required = ["--region", "eu-west-1", "--vpc", "main", "--state", "local", "--yes"];

/** The smallest mix project, under git or not. */
function mixProject({ git = false } = {}): string {
  const root = mkdtempSync(path.join(scratch, "app-"));
  const application = "def application, do: [mod: {Shop.Application, []}]";
  const project = 'def project, do: [app: :shop, version: "1.0.0", deps: []]';
  writeFileSync(
    path.join(root, "mix.exs"),
    `defmodule Shop.MixProject do\n  use Mix.Project\n  ${project}\n  ${application}\nend\n`,
  );
  mkdirSync(path.join(root, "config"));
  writeFileSync(path.join(root, "config", "runtime.exs"), 'import Config\nSystem.fetch_env!("SECRET_KEY_BASE")\n');
  if (git) execFileSync("git", ["init", "--quiet"], { cwd: root });
  return root;
}

describe("init", () => {
  it("refuses a folder without a mix project", async () => {
    const { err, code } = await runCommand(initCommand(), scratch, ...required);
    expect(err).toContain(`${scratch} has no mix.exs.`);
    expect(code).toBe(2);
  });

  it("writes to another folder, also outside of the project, and leaves the project alone with --no-adopt", async () => {
    const root = mixProject();
    const into = path.join(scratch, "elsewhere", "deploy");
    const before = readdirSync(root, { recursive: true });
    const { out, code } = await runCommand(initCommand(), root, "--into", into, "--no-adopt", ...required);
    expect(code).toBe(0);
    expect(out).toContain("Wrote 6 files.");
    expect(readdirSync(root, { recursive: true })).toEqual(before);
    expect(readFileSync(path.join(into, "environments.json"), "utf8")).toContain("/shop/prod/secret-key-base");
  });

  it("keeps files that exist, and adds those that are missing", async () => {
    const root = mixProject();
    const into = path.join(root, "infrastructure");
    mkdirSync(into);
    writeFileSync(path.join(into, "main.ts"), "// mine\n");
    writeFileSync(path.join(into, "environments.json"), "{}");
    const { out, code } = await runCommand(initCommand(), root, "--no-adopt", "--yes");
    expect(code).toBe(0);
    expect(out).toContain("Wrote 9 files.");
    expect(readFileSync(path.join(into, "main.ts"), "utf8")).toBe("// mine\n");
    expect(readFileSync(path.join(into, "environments.json"), "utf8")).toBe("{}");
  });

  it("reads names from an environments.json that exists, and says which options change nothing", async () => {
    const root = mixProject();
    const answers = ["--region", "eu-west-1", "--vpc", "main", "--state", "local", "--no-adopt", "--yes"];
    const names = ["--name", "till", "--environment", "staging"];
    await runCommand(initCommand(), root, ...answers, ...names, "--ci", "none");
    rmSync(path.join(root, "infrastructure", "main.ts"));
    const { out, code } = await runCommand(initCommand(), root, ...answers, "--ci", "gitlab");
    expect(code).toBe(0);
    expect(out).toContain(
      "environments.json stays as it is, so --region, --vpc, --state change nothing. Edit the file.",
    );
    expect(out).toContain("npx elixir-cluster review cdktf.out/stacks/staging");
    expect(out).toContain("TF_VAR_till_image");
    expect(readFileSync(path.join(root, ".gitlab-ci.yml"), "utf8")).toMatch(/ENVIRONMENT:\s*\[?\s*(- )?"?staging/);
  });

  it.each([
    ["a list", "releases: [production: [applications: [shop: :permanent]]],", ""],
    [
      "a function",
      "releases: releases(),",
      "defp releases do\n    [\n      production: [steps: [:assemble]]\n    ]\n  end\n",
    ],
  ])("names the release that mix.exs lists: %s", async (_name, option, definition) => {
    const root = mixProject();
    const file = path.join(root, "mix.exs");
    const text = readFileSync(file, "utf8");
    writeFileSync(
      file,
      text.replace("deps: []", `${option} deps: []`).replace("def application", `${definition}  def application`),
    );
    const { code } = await runCommand(initCommand(), root, "--no-adopt", ...required);
    expect(code).toBe(0);
    expect(readFileSync(path.join(root, "infrastructure", "environments.json"), "utf8")).toContain(
      '"releaseName": "production"',
    );
  });

  it("writes nothing where a file that it would change isn't committed", async () => {
    const root = mixProject({ git: true });
    const { err, code } = await runCommand(initCommand(), root, ...required);
    expect(err).toContain("mix.exs");
    expect(err).toContain("--force");
    expect(code).toBe(2);
    expect(existsSync(path.join(root, "infrastructure"))).toBe(false);
  });

  it("sees changes that aren't committed before it asks for answers", async () => {
    const { err } = await runCommand(initCommand(), mixProject({ git: true }));
    expect(err).toContain("aren't committed");
    expect(err).not.toContain("no terminal to ask on");
  });

  it("says how to fetch what it added to mix.exs, and what the deployment needs", async () => {
    const { root } = Project.fixture("plain-sup");
    const { out } = await runCommand(initCommand(), root, ...required);
    expect(out).toContain("In the mix project, where init adds what is missing:\n");
    expect(out).toContain("export TF_VAR_");
    expect(out).toContain("Note: There is no Dockerfile here.");
    expect(out).not.toContain('Say "healthCheck": false');
    const file = path.join(root, "infrastructure", "environments.json");
    expect(readFileSync(file, "utf8")).toContain('"healthCheck": false');
    expect(out).toMatch(
      new RegExp(
        `^In \\S*/${path.basename(root)}, mix deps\\.get && mix compile fetches what was added to mix\\.exs\\.$`,
        "m",
      ),
    );
  });

  it("lists what it would write, and writes nothing without an answer", async () => {
    const root = mixProject();
    const { out, err, code } = await runCommand(initCommand(), root, ...required.slice(0, -1));
    expect(out).toMatch(new RegExp(`^new {6}\\S*/${path.basename(root)}/infrastructure/environments\\.json$`, "m"));
    expect(err).toContain("there is no terminal to ask on. Add --yes");
    expect(code).toBe(2);
    expect(existsSync(path.join(root, "infrastructure"))).toBe(false);
  });
});

/** Every file of a project with its content. */
const contentsOf = (root: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [path.relative(root, file), readFileSync(file, "utf8")]),
  );

describe("init with a value that isn't allowed", () => {
  it("names the option, and everything else that is wrong", async () => {
    const root = mixProject();
    const options = ["--region", "eu west", "--vpc", "vpc-1", "--state", "My_Bucket", "--name", "Shop_App"];
    const further = ["--domain", "shop.example.com.", "--environment", "Prod 1", "--yes"];
    const { err, code } = await runCommand(initCommand(), root, ...options, ...further);
    const lines = err.trim().split("\n");
    expect(lines[0]).toBe("Nothing was written:");
    expect(lines.slice(1).map((line) => /^  (--[a-z]+: "[^"]+").*\. Allowed: ./.exec(line)?.[1])).toEqual([
      '--name: "Shop_App"',
      '--environment: "Prod 1"',
      '--region: "eu west"',
      '--vpc: "vpc-1"',
      '--domain: "shop.example.com."',
      '--state: "My_Bucket"',
    ]);
    expect(code).toBe(2);
    expect(existsSync(path.join(root, "infrastructure"))).toBe(false);
  });

  it("notes a region that it doesn't know", async () => {
    const answers = ["--region", "eu-west-9", "--vpc", "main", "--state", "local", "--yes"];
    const { out, code } = await runCommand(initCommand(), mixProject(), ...answers);
    expect(out).toContain(
      `doesn't know the region "eu-west-9", and uses it as you wrote it. Did you mean "eu-west-1"?`,
    );
    expect(code).toBe(0);
  });

  it("refuses a file as the folder to write", async () => {
    const root = mixProject();
    const { err, code } = await runCommand(initCommand(), root, "--into", path.join(root, "mix.exs"), ...required);
    expect(err).toContain("mix.exs is a file. Name a folder with --into");
    expect(code).toBe(2);
  });
});

describe("init, run twice", () => {
  it.each([
    ["github", ".github/workflows/infrastructure-deploy.yml"],
    ["gitlab", ".gitlab-ci.yml"],
    ["none", "infrastructure/main.ts"],
  ])("with --ci %s changes nothing the second time", async (kind, file) => {
    const { root } = Project.fixture("plain-sup");
    const before = contentsOf(root);
    expect((await runCommand(initCommand(), root, "--ci", kind, ...required)).code).toBe(0);
    const first = contentsOf(root);
    expect(Object.keys(before)).not.toContain(file);
    expect(Object.keys(first)).toContain(file);
    expect(first["mix.exs"]).not.toBe(before["mix.exs"]);

    const { out, code } = await runCommand(initCommand(), root, "--ci", kind, ...required);
    expect(code).toBe(0);
    expect(out).toContain("Nothing to do");
    expect(contentsOf(root)).toEqual(first);
  });
});
