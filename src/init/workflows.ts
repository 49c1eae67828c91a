import path from "node:path";
import { type Document, parseDocument } from "yaml";
import { projectRoot } from "../project-root";
import { readTextFile } from "../regular-file";

/** Where a project runs its pipeline. */
export type Pipeline = "github" | "gitlab" | "none";

/** What a pipeline has to know of a project. Paths are relative to the root of its repository, with `/`. */
export interface PipelineProject {
  /** The folder with `environments.json`, such as `infrastructure`; empty for the root itself. */
  readonly folder: string;
  /** The folder with the Dockerfile, such as `.`. */
  readonly application: string;
  readonly environment: string;
  /** Name of the Terraform variable of the image. */
  readonly imageVariable: string;
}

/**
 * The files of a pipeline by name, relative to the repository's root. They come from this package's own pipeline, which
 * docs/pipeline.md describes, with the project's paths.
 */
export function pipelineFiles(pipeline: Pipeline, project: PipelineProject): Readonly<Record<string, string>> {
  if (pipeline === "none") return {};
  const below = (file: string) => path.posix.join(project.folder, file);
  const scripts = Object.fromEntries(jobScripts.map((name) => [below(`.ci/${name}`), source(".ci", name)]));
  if (pipeline === "gitlab") {
    const [, text] = /```yaml\n([^]*?)```/.exec(source("docs", "pipeline.md"))!;
    return { ...scripts, ".gitlab-ci.yml": gitlab(text!, project) };
  }
  const workflow = (name: string) => github(source(".github", "workflows", `${name}.yml`), project);
  return {
    ...scripts,
    ".github/workflows/infrastructure-pull-request.yml": workflow("pull-request"),
    ".github/workflows/infrastructure-deploy.yml": workflow("deploy"),
  };
}

/** The scripts in `.ci` that jobs run, besides those of this repository's own tests. */
const jobScripts = ["effect", "synth-base", "wait-for-services"];

const source = (...file: string[]) => readTextFile(path.join(projectRoot, ...file))!;

/** Jobs for this repository alone: it runs its own tests. */
const ownJobs = ["test", "mutants"];

interface Step {
  run?: string;
  uses?: string;
  with?: Record<string, string>;
}

function github(text: string, project: PipelineProject): string {
  const document = parsed(text, project);
  for (const job of ownJobs) document.deleteIn(["jobs", job]);
  const { jobs } = document.toJS() as { jobs: Record<string, { steps: Step[] }> };
  for (const [job, { steps }] of Object.entries(jobs)) {
    steps.forEach((step, index) => {
      const at = ["jobs", job, "steps", index];
      if (project.folder === "") return;
      if (step.run?.startsWith("npm ")) document.setIn([...at, "working-directory"], project.folder);
      if (step.with?.cache)
        document.setIn([...at, "with", "cache-dependency-path"], path.posix.join(project.folder, "package-lock.json"));
    });
  }
  return written(document);
}

function gitlab(text: string, project: PipelineProject): string {
  const document = parsed(text, project);
  for (const job of ownJobs) document.deleteIn([job]);
  const { synth, ...jobs } = document.toJS() as Record<string, { script?: string[]; parallel?: object }>;
  if (project.folder !== "") document.setIn(["synth", "script"], [`cd ${project.folder}`, ...synth!.script!]);
  for (const [job, { parallel }] of Object.entries(jobs)) {
    if (parallel) document.setIn([job, "parallel", "matrix"], [{ ENVIRONMENT: [project.environment] }]);
  }
  return written(document);
}

/** The pipeline of this repository with a project's paths and names. */
function parsed(text: string, { folder, application, imageVariable }: PipelineProject): Document {
  const below = (file: string) => path.posix.join(folder, file);
  const own = text
    .replaceAll("TF_VAR_myapp_image", `TF_VAR_${imageVariable}`)
    .replace(/(?<![\w./-])elixir-app(?![\w./-])/g, application)
    .replaceAll("cdktf.out", below("cdktf.out"))
    .replace(/(?<=\s)environments\.json/g, below("environments.json"))
    .replaceAll(new RegExp(`\\.ci/(?=${jobScripts.join("|")})`, "g"), `bash ${below(".ci/")}`)
    .replaceAll("docs/pipeline.md", below("node_modules/elixir-cluster/docs/pipeline.md"))
    .replace(
      "A pull request's tests, and for each environment what merging it",
      "For each environment, what merging a pull request",
    );
  return parseDocument(withAlignedComments(own));
}

const written = (document: Document): string => withAlignedComments(document.toString({ lineWidth: 0 }));

/**
 * Indents each comment like the line below it, which it is about. Otherwise the parser takes some of them for the end of the
 * line above, and writes them there.
 */
function withAlignedComments(text: string): string {
  const lines = text.split("\n").map((line) => line.trimEnd());
  for (let index = lines.length - 2; index >= 0; index--) {
    const [, comment] = /^ *(#.*)$/.exec(lines[index]!) ?? [];
    const below = lines.slice(index + 1).find((line) => line !== "");
    if (comment !== undefined && below !== undefined) lines[index] = /^ */.exec(below)![0] + comment;
  }
  return lines.join("\n");
}
