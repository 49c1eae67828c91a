import { execFileSync } from "node:child_process";
import path from "node:path";

/** The root of the git repository that a project is in; the project itself where there is none. */
export function repositoryOf(project: string): string {
  try {
    // Relative to the project: an absolute path would have its links resolved, unlike the project's own.
    const up = execFileSync("git", ["rev-parse", "--show-cdup"], {
      cwd: project,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return path.resolve(project, up.trim());
  } catch {
    return project;
  }
}

/** Whether `folder` is `root` or below it. */
export const isInside = (root: string, folder: string): boolean =>
  !path.relative(root, folder).split(path.sep).includes("..");
