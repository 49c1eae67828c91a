import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { synthesizeInto } from "../../src/lab/local-aws/synthesized";
import { projectRoot } from "../../src/project-root";
import { scratchFolder } from "../scratch";

const script = (name: string) => path.join(projectRoot, ".ci", name);

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
    const { status, stdout } = run(folder, script("effect"), ["prod"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^### What this pull request changes\n/);
    expect(stdout).toMatch(/orders\S* no longer connects with \S*web|web\S* no longer connects with \S*orders/);
    expect(stdout).not.toMatch(/Findings|Cluster stability|mermaid/);
  });

  it("prints nothing of an environment that the base branch doesn't have", () => {
    expect(run(folder, script("effect"), ["staging"])).toEqual({ status: 0, stdout: "", stderr: "" });
  });
});

describe(".ci/synth-base", () => {
  const folder = scratchFolder("synth-base");
  const bin = path.join(folder, "bin");
  const repository = path.join(folder, "repository");
  const result = path.join(repository, "cdktf.out", "base", "stacks");
  const env = { PATH: `${bin}:${process.env.PATH}`, GIT_CONFIG_GLOBAL: "/dev/null" };
  const git = (...args: string[]) =>
    run(repository, "git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], env);

  /** An npm that synthesizes by copying a file, or fails. */
  function npm(synth: string): void {
    const file = path.join(bin, "npm");
    writeFileSync(file, `#!/bin/sh\n[ "$1" = ci ] || { ${synth}; }\n`);
    chmodSync(file, 0o755);
  }

  beforeAll(() => {
    for (const made of [bin, repository]) mkdirSync(made);
    git("init", "--quiet");
    for (const content of ["base", "branch"]) {
      writeFileSync(path.join(repository, "environments.json"), content);
      git("add", "-A");
      expect(git("commit", "--quiet", "-m", content).status).toBe(0);
    }
  });

  it("synthesizes the other commit, and leaves this one's files alone", () => {
    npm('mkdir -p "$CDKTF_OUTDIR" && cp environments.json "$CDKTF_OUTDIR/stacks"');
    expect(run(repository, script("synth-base"), ["HEAD^1"], env)).toMatchObject({ status: 0 });
    expect(readFileSync(result, "utf8")).toBe("base");
    expect(readFileSync(path.join(repository, "environments.json"), "utf8")).toBe("branch");
    expect(git("worktree", "list").stdout.trim().split("\n")).toHaveLength(1);
  });

  it("leaves nothing of a commit that can't be synthesized, and doesn't fail", () => {
    npm('mkdir -p "$CDKTF_OUTDIR" && touch "$CDKTF_OUTDIR/half" && exit 1');
    const { status, stderr } = run(repository, script("synth-base"), ["HEAD^1"], env);
    expect(status).toBe(0);
    expect(stderr).toContain("HEAD^1 can't be synthesized");
    expect(existsSync(path.dirname(result))).toBe(false);
  });
});
