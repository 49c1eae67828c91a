import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { bashArguments } from "../bash";
import { projectRoot } from "../../src/project-root";
import { scratchFolder } from "../scratch";
import { toolsAreHere } from "../tool-here";
import { notEmpty } from "../not-empty";
import { writeProgram } from "../program";

interface Job {
  readonly stage?: string;
  readonly script?: readonly string[];
  readonly before_script?: readonly string[];
  readonly resource_group?: string;
  readonly extends?: string;
  readonly id_tokens?: object;
  readonly environment?: { readonly name: string };
}

const page = readFileSync(path.join(projectRoot, "docs", "pipeline.md"), "utf8");
const { stages, ...rest } = parse(/```yaml\n([^]*?)```/.exec(page)![1]!) as { stages: string[] } & Record<string, Job>;

describe("GitLab CI in docs/pipeline.md", () => {
  it("puts each job in a stage that exists", () => {
    const jobs = Object.values(rest).filter(({ stage }) => stage !== undefined);
    expect(new Set(jobs.map(({ stage }) => stage))).toEqual(new Set(stages));
  });

  it("runs no package's script in a job that has an identity", () => {
    const hasIdentity = ({ id_tokens, extends: from }: Job): boolean =>
      id_tokens !== undefined || (from !== undefined && hasIdentity(rest[from]!));
    const scripts = (has: boolean) =>
      Object.values(rest)
        .filter((job) => hasIdentity(job) === has)
        .flatMap(({ before_script: before = [], script = [] }) => [...before, ...script])
        .join("\n");
    expect(scripts(true)).toMatch(/terraform apply[^]*docker push|docker push[^]*terraform apply/);
    expect(scripts(true)).not.toMatch(/\b(npm|npx|yarn|pnpm|mix|docker build)\b/);
    expect(scripts(false)).toContain("npm ci\nnpm run synth\nnpm run review:bundle");
    expect(scripts(false)).toContain("docker build");
  });

  it("names the environment of a plan, so that its secrets are its own", () => {
    expect(rest.plan!.environment!.name).toBe("$ENVIRONMENT-plan");
    expect(rest.deploy!.environment!.name).toBe("$ENVIRONMENT");
  });

  it("applies to one environment once at a time", () => {
    expect(rest.deploy!.resource_group).toBe("$ENVIRONMENT");
  });

  it("names every CI/CD variable that its jobs take", () => {
    const used = [...JSON.stringify(rest).matchAll(/\$\{?((?:AWS_\w+_ROLE_ARN|ECR_\w+|GITLAB_\w+))/g)].map(
      ([, name]) => name!,
    );
    expect(new Set(used).size).toBe(6);
    for (const name of notEmpty(used)) expect(page).toMatch(new RegExp(`^\\|.*\`${name}\``, "m"));
  });

  (toolsAreHere("shellcheck") ? it : it.skip)("has scripts that shellcheck finds nothing in", () => {
    for (const { script = [], before_script: before = [] } of notEmpty(Object.values(rest))) {
      const input = `#!/bin/bash -e\n${[...before, ...script].join("\n")}`;
      const { stdout } = spawnSync("shellcheck", ["--shell=bash", "-"], { input, encoding: "utf8" });
      expect(stdout).toBe("");
    }
  });
});

(toolsAreHere("jq") ? describe : describe.skip)("its scripts, run as GitLab does", () => {
  const folder = scratchFolder("gitlab");
  const commands = path.join(folder, "bin");
  const log = path.join(folder, "calls");
  mkdirSync(commands);
  symlinkSync(path.join(projectRoot, ".ci"), path.join(folder, ".ci"));
  mkdirSync(path.join(folder, "cdktf.out", "stacks", "prod"), { recursive: true });

  /** Puts a command on the path that takes note of how it is called, and answers by `body`. */
  function command(name: string, body = ""): void {
    const file = path.join(commands, name);
    writeProgram(file, `#!/usr/bin/env bash\nprintf '%s\\n' "${name} $*" >> "${log}"\n${body}\n`);
  }

  function run(job: string) {
    writeFileSync(log, "");
    const { status, stderr } = spawnSync("bash", bashArguments(rest[job]!.script!.join("\n"), "-eo", "pipefail"), {
      cwd: folder,
      encoding: "utf8",
      env: {
        ...process.env,
        PATH: `${commands}:${process.env.PATH}`,
        ENVIRONMENT: "prod",
        ECR_REPOSITORY: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/myapp",
        ECR_REGION: "eu-west-1",
        AWS_ID_TOKEN: "token",
        AWS_WEB_IDENTITY_TOKEN_FILE: path.join(folder, "token"),
        GITLAB_COMMENT_TOKEN: "secret",
        CI_PROJECT_DIR: folder,
        CI_API_V4_URL: "https://gitlab.example.com/api/v4",
        CI_PROJECT_ID: "1",
        CI_MERGE_REQUEST_IID: "7",
        CI_COMMIT_SHA: "c0ffee",
        CI_JOB_URL: "https://gitlab.example.com/jobs/9",
      },
    });
    return { status, stderr, calls: readFileSync(log, "utf8") };
  }

  describe("plan", () => {
    const title = (environment: string) => `Cluster review: cdktf.out/stacks/${environment}/plan.json`;
    const notes = "https://gitlab.example.com/api/v4/projects/1/merge_requests/7/notes";

    beforeEach(() => {
      command("aws", `echo '"sha256:feed"'`);
      command("terraform", `printf '%s\\n' "$TF_VAR_myapp_image" >> "${log}"`);
      command("node", `printf '## ${title("prod")}\\n'`);
    });

    /** GitLab with these comments of a merge request. */
    const withNotes = (...notes: (readonly [author: number, body: string])[]) => {
      for (const page of [1, 2]) {
        const bodies = notes
          .slice((page - 1) * 100, page * 100)
          .map(([id, body], at) => ({ id: page * 100 + at, body, author: { id } }));
        writeFileSync(path.join(folder, `notes-${page}.json`), JSON.stringify(bodies));
      }
      const files = path.join(folder, "notes");
      command(
        "curl",
        `case "$*" in *-X*) ;; */user) echo '{"id":42}' ;; *page=2) cat "${files}-2.json" ;; *) cat "${files}-1.json" ;; esac`,
      );
    };
    const marked = (environment: string) =>
      `<!-- elixir-cluster review of ${environment} -->\n## ${title(environment)}\n`;

    it("plans with the newest image, and comments for the first time", () => {
      withNotes([7, "Cluster review: nice!"], [42, marked("staging")]);
      const { status, calls } = run("plan");
      expect(status).toBe(0);
      expect(calls).toContain(
        "ecr describe-images --region eu-west-1 --registry-id 123456789012 --repository-name team/myapp",
      );
      expect(calls).toContain(
        "terraform plan -lock=false -out plan.bin\n123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/myapp@sha256:feed",
      );
      expect(calls).toContain(`-X POST --data @note.json ${notes}\n`);
      expect(JSON.parse(readFileSync(path.join(folder, "note.json"), "utf8"))).toEqual({
        body: `${marked("prod")}\n\n[Review as a page](https://gitlab.example.com/jobs/9/artifacts/file/review.html)\n`,
      });
    });

    it("updates its own comment, and fails when the review does", () => {
      const others = Array.from({ length: 100 }, () => [7, marked("prod")] as const);
      withNotes(...others, [42, marked("staging")], [42, `Quoted: ${marked("prod")}`], [42, `${marked("prod")}old`]);
      command("node", `printf '## ${title("prod")}\\nwrong'; exit 1`);
      const { status, calls } = run("plan");
      expect(calls).toContain(`-X PUT --data @note.json ${notes}/202\n`);
      expect(calls).not.toContain("POST");
      expect(status).toBe(1);
    });
  });

  it("builds a commit's image once, and hands on its digest", () => {
    // GIVEN a repository that has the image only once it was pushed
    const pushed = path.join(folder, "pushed");
    command("apk");
    command("docker", `[ "$1" != login ] || cat > /dev/null; [ "$1" != push ] || touch "${pushed}"`);
    command(
      "aws",
      `if [ "$2" = get-login-password ]; then echo password; exit; fi
       if [ -e "${pushed}" ]; then echo sha256:feed; else echo "(ImageNotFoundException)" >&2; exit 254; fi`,
    );
    // WHEN, THEN
    expect(run("image").calls).toContain("docker push 123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/myapp:c0ffee");
    expect(existsSync(path.join(folder, "image.env"))).toBe(true);
    expect(run("image").calls).not.toContain("docker push");
    expect(readFileSync(path.join(folder, "image.env"), "utf8")).toBe(
      "TF_VAR_myapp_image=123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/myapp@sha256:feed\n",
    );
  });

  it("applies nothing that the review finds an error in", () => {
    command("terraform");
    command("node", "exit 1");
    const { status, calls } = run("deploy");
    expect(status).not.toBe(0);
    expect(calls).not.toContain("terraform apply");
  });
});
