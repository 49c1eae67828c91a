import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../src/project-root";

/** A fenced block of a page. */
export interface Fence {
  readonly page: string;
  /** What follows the backticks; empty when nothing does. */
  readonly language: string;
  readonly body: string;
}

const below = (folder: string) =>
  readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: "utf8" }).map((file) =>
    path.join(folder, file),
  );

/** README.md, and every page in docs. */
export const pages: readonly string[] = ["README.md", ...below("docs").filter((file) => file.endsWith(".md"))];

/** Every fenced block of a page. */
export const fencesOf = (page: string): readonly Fence[] =>
  [...readFileSync(path.join(projectRoot, page), "utf8").matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```/gm)].map(
    ([, indent, language, body]) => ({
      page,
      language: language!,
      body: body!.replace(new RegExp(`^${indent}`, "gm"), ""),
    }),
  );

/** What is typed in a session, which shows output too: the lines behind `$`, and those that continue them. */
const typed = (body: string) => [...body.matchAll(/^\$ (.*(?:[\\|]\n.*)*)/gm)].map(([, command]) => command).join("\n");

/** The shell scripts in a block: all of it, what is typed in a session, or the steps of a workflow. */
export function scriptsOf({ language, body }: Fence): readonly string[] {
  if (language === "sh") return [body.replace(/=…/g, "=VALUE").replace(/…/g, "VALUE")];
  if (language === "console") return [typed(body)];
  return language === "yaml" ? stepsOf(parse(body)) : [];
}

/** `run` of GitHub Actions, and `script`, `before_script` and `after_script` of GitLab CI. */
function stepsOf(value: unknown, key = ""): readonly string[] {
  if (typeof value === "string") return /^run$|script$/.test(key) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => stepsOf(item, key));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => stepsOf(item, name));
}
