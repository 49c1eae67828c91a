import path from "node:path";
import type { MixProject } from "../adopt";
import { type Change } from "../adopt/unified-diff";
import { parseEnvironments } from "../environment";
import { readRegularFile } from "../regular-file";
import { type Answers, type Application, environmentsFile } from "./environments-file";
import { projectFiles } from "./files";

export type { Answers } from "./environments-file";

const knownSecrets = ["DATABASE_URL", "SECRET_KEY_BASE"];

/** What init reads from a mix project. */
export function applicationOf({ application, discovery, tree }: MixProject): Application {
  const runtime = tree.readIfFile("config/runtime.exs") ?? "";
  return { name: application.name, discovery, secrets: knownSecrets.filter((name) => runtime.includes(name)) };
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
  return Object.entries(all)
    .filter(([file]) => readRegularFile(path.join(folder, file)) === undefined)
    .map(([file, text]) => ({ file, before: undefined, after: Buffer.from(text) }));
}
