import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { synthesizeInto } from "../../src/lab/local-aws/terraform/synthesized";
import { projectRoot } from "../../src/project-root";
import { scratchFolder } from "../scratch";
import { writeProgram } from "../program";

/** A script in a project of its own, whose folder it works in. */
function script(project: string, name: string): string {
  const folder = path.join(project, ".ci");
  if (!existsSync(folder)) symlinkSync(path.join(projectRoot, ".ci"), folder);
  return path.join(folder, name);
}

function run(cwd: string, command: string, args: readonly string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}

describe(".ci/effect", () => {
  const folder = scratchFolder("effect");
  const out = path.join(folder, "cdktf.out");
  const service = { cluster: "shop", image: { uri: "registry.example/shop:1" } };

  /** Two services, synthesized into a folder. */
  async function synthesized(outdir: string, ordersCluster: string): Promise<void> {
    const environment = {
      region: "eu-west-1",
      state: { local: {} },
      vpc: { id: "vpc-0abc1234" },
      ecsCluster: { name: "main" },
      namespace: { create: "shop.internal" },
      releaseCookie: { ssmParameter: "/shop/cookie" },
      services: { web: service, orders: { ...service, cluster: ordersCluster } },
    };
    const file = path.join(folder, `${ordersCluster}.json`);
    writeFileSync(file, JSON.stringify({ prod: environment }));
    await synthesizeInto(outdir, file);
  }

  beforeAll(async () => {
    await synthesized(out, "orders");
    await synthesized(path.join(out, "base"), "shop");
    const bundled = run(projectRoot, "node", ["bin/bundle-review.mjs", path.join(out, "review.cjs")]);
    expect(bundled.status).toBe(0);
  });

  it("prints which services a pull request parts, and nothing else of the review", () => {
    const { status, stdout } = run("/", script(folder, "effect"), ["prod"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^### What this pull request changes\n/);
    expect(stdout).toMatch(/orders\S* no longer connects with \S*web|web\S* no longer connects with \S*orders/);
    expect(stdout).not.toMatch(/Findings|Cluster stability|mermaid/);
  });

  it("prints nothing of an environment that the base branch doesn't have", () => {
    expect(run("/", script(folder, "effect"), ["staging"])).toEqual({ status: 0, stdout: "", stderr: "" });
  });
});

describe(".ci/synth-base", () => {
  const folder = scratchFolder("synth-base");
  const bin = path.join(folder, "bin");
  const repository = path.join(folder, "repository");
  const infrastructure = path.join(repository, "infrastructure");
  const result = path.join(infrastructure, "cdktf.out", "base", "stacks");
  const env = { PATH: `${bin}:${process.env.PATH}`, GIT_CONFIG_GLOBAL: "/dev/null" };
  const git = (...args: string[]) =>
    run(repository, "git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], env);

  /** An npm that synthesizes by copying a file, or fails. */
  function npm(synth: string): void {
    const file = path.join(bin, "npm");
    writeProgram(file, `#!/bin/sh\n[ "$1" = ci ] || { ${synth}; }\n`);
  }

  beforeAll(() => {
    for (const made of [bin, infrastructure]) mkdirSync(made, { recursive: true });
    git("init", "--quiet");
    for (const content of ["base", "branch"]) {
      writeFileSync(path.join(infrastructure, "environments.json"), content);
      git("add", "-A");
      expect(git("commit", "--quiet", "-m", content).status).toBe(0);
    }
  });

  it("synthesizes the other commit, and leaves this one's files alone", () => {
    npm('mkdir -p "$CDKTF_OUTDIR" && cp environments.json "$CDKTF_OUTDIR/stacks"');
    expect(run("/", script(infrastructure, "synth-base"), ["HEAD^1"], env)).toMatchObject({ status: 0 });
    expect(readFileSync(result, "utf8")).toBe("base");
    expect(readFileSync(path.join(infrastructure, "environments.json"), "utf8")).toBe("branch");
    expect(git("worktree", "list").stdout.trim().split("\n")).toHaveLength(1);
  });

  it("leaves nothing of a commit that can't be synthesized, and doesn't fail", () => {
    npm('mkdir -p "$CDKTF_OUTDIR" && touch "$CDKTF_OUTDIR/half" && exit 1');
    const { status, stderr } = run("/", script(infrastructure, "synth-base"), ["HEAD^1"], env);
    expect(status).toBe(0);
    expect(stderr).toContain("HEAD^1 can't be synthesized");
    expect(existsSync(path.dirname(result))).toBe(false);
  });
});
