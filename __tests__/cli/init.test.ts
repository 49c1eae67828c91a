import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { PassThrough } from "node:stream";
import { answersFor, initCommand } from "../../src/cli/init";
import { Project } from "../adopt/project";
import { runCommand } from "../operations/command";
import { scratchFolder } from "../scratch";

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

  it("writes nothing where a file that it would change isn't committed", async () => {
    const root = mixProject({ git: true });
    const { err, code } = await runCommand(initCommand(), root, ...required);
    expect(err).toContain("mix.exs");
    expect(err).toContain("--force");
    expect(code).toBe(2);
    expect(existsSync(path.join(root, "infrastructure"))).toBe(false);
  });

  it("lists what it would write, and writes nothing without an answer", async () => {
    const root = mixProject();
    const { out, err, code } = await runCommand(initCommand(), root, ...required.slice(0, -1));
    expect(out).toContain("new      environments.json");
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

describe("questions", () => {
  /** The answers of a person who types these lines, each after its question. */
  async function typed(options: Parameters<typeof answersFor>[0], ...lines: string[]) {
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const output = Object.assign(new PassThrough(), { isTTY: true });
    const asked: string[] = [];
    output.on("data", (chunk: Buffer) => {
      const question = /^([^:[]+)(\[.*\])?: $/.exec(chunk.toString());
      if (!question) return;
      asked.push(question[1]!.trim());
      input.write(`${lines.shift() ?? ""}\n`);
    });
    return { answers: await answersFor(options, "shop", { input, output }), asked };
  }

  it("ask for what no option gives, with defaults", async () => {
    const { answers, asked } = await typed(
      { environment: "prod", adopt: true, region: "eu-north-1" },
      "",
      "main",
      "",
      "",
    );
    expect(asked).toEqual([
      "Name of the service",
      "Existing VPC, by its id or its tag Name, or create",
      "Public domain, empty for none",
      "S3 bucket of the Terraform state, or local",
    ]);
    expect(answers).toEqual({
      environment: "prod",
      name: "shop",
      region: "eu-north-1",
      vpc: "main",
      domain: undefined,
      state: "local",
    });
  });

  it("end without a file where no VPC is named", async () => {
    await expect(typed({ environment: "prod", adopt: true, region: "eu-north-1" }, "", "", "")).rejects.toThrow(
      "no VPC is named",
    );
  });
});
