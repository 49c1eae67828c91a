import path from "node:path";
import { type MixProject, servesHttp } from "../adopt";
import { codeOnly } from "../adopt/source/elixir-source";
import { type Change } from "../adopt/unified-diff";
import { ConfigurationError, parseEnvironments } from "../environment";
import { readRegularFile, readTextFile } from "../regular-file";
import { type Answers, type Application, environmentsFile, imageVariable } from "./environments-file";
import { projectFiles } from "./files";
import { isInside } from "./repository";
import { type Pipeline, pipelineFiles } from "./workflows";

export { answerProblem, regionNotice } from "./answers";
export { type Answers, type Application, imageVariable } from "./environments-file";
export { repositoryOf } from "./repository";
export type { Pipeline } from "./workflows";

const knownSecrets = ["DATABASE_URL", "SECRET_KEY_BASE"];

/** What init reads from a mix project. */
export function applicationOf(project: MixProject): Application {
  const { application, discovery, tree } = project;
  const runtime = tree.readIfFile("config/runtime.exs") ?? "";
  const secrets = knownSecrets.filter((name) => runtime.includes(name));
  const release = releaseOf(project);
  return { name: application.name, release, discovery, servesHttp: servesHttp(project), secrets };
}

/** The release of an application: `mix release` names one after the application, unless mix.exs lists releases. */
function releaseOf({ tree, application, umbrella }: MixProject): string {
  const mixFile = codeOnly(tree.read("mix.exs") ?? "");
  const list =
    /\breleases: \[\s*([^]*)/.exec(mixFile) ?? /\bdefp? releases(?:\(\))?,? do:?\s*\[\s*([^]*)/.exec(mixFile);
  const [, first] = /^(\w+): /.exec(list?.[1] ?? "") ?? [];
  // adopt lists one of this name in an umbrella, which has to have one.
  return first ?? (umbrella ? application.name.replace(/_web$/, "") : application.name);
}

/** A name for the service: a DNS label has no underscores. */
export const serviceNameOf = (application: string): string => application.replaceAll("_", "-");

/**
 * The files that `folder` lacks. A file that exists stays as it is.
 *
 * @param answers `undefined` when `environments.json` exists.
 * @throws ConfigurationError when an answer isn't allowed in `environments.json`.
 */
export function missingFiles(folder: string, answers: Answers | undefined, application: Application): Change[] {
  const environments = answers && environmentsFile(answers, application);
  if (environments) parseEnvironments(environments, "environments.json");
  const all = {
    ...(environments ? { "environments.json": environments } : {}),
    ...projectFiles(folder, answers?.name ?? serviceNameOf(application.name)),
  };
  return missing(folder, all);
}

/**
 * The names that an environments file has: the environment is `wanted`, where it is one of them, or else the first; the
 * service is its first one with an image variable of its own. `undefined` for a file that isn't read here.
 */
export function namesIn(file: string, wanted: string): Pick<Answers, "name" | "environment"> | undefined {
  const text = readTextFile(file);
  if (text === undefined) return undefined;
  try {
    const all = parseEnvironments(text, file);
    const environment = wanted in all ? wanted : Object.keys(all)[0]!;
    const services = Object.entries(all[environment]!.services);
    const own = services.find(
      ([service, { image }]) => "variable" in image && image.variable === imageVariable(service),
    );
    const [name] = own ?? services[0]!;
    return { name, environment };
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}

/** Where a project's pipeline is, and what it is for. */
export interface PipelinePlace {
  readonly pipeline: Pipeline;
  /** The root of the project's repository. */
  readonly repository: string;
  /** The folders of `environments.json` and of the mix project. */
  readonly folder: string;
  readonly project: string;
}

/** The files that the repository lacks of its pipeline. A file that exists stays as it is. */
export function missingPipeline(
  { pipeline, repository, folder, project }: PipelinePlace,
  { name, environment }: Pick<Answers, "name" | "environment">,
): Change[] {
  // A pipeline knows its own repository alone.
  if (!isInside(repository, folder)) return [];
  const from = (place: string) => path.relative(repository, place).replaceAll(path.sep, "/");
  const files = pipelineFiles(pipeline, {
    folder: from(folder),
    application: from(project) || ".",
    environment,
    imageVariable: imageVariable(name),
  });
  return missing(repository, files);
}

function missing(folder: string, files: Readonly<Record<string, string>>): Change[] {
  return Object.entries(files)
    .filter(([file]) => readRegularFile(path.join(folder, file)) === undefined)
    .map(([file, text]) => ({ file, before: undefined, after: Buffer.from(text) }));
}
