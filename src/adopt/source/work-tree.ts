import { execa } from "execa";
import { UserError } from "../../user-error";

/**
 * Refuses a project with uncommitted changes: adopt's changes couldn't be distinguished from them or undone.
 *
 * @param paths what must have no changes, relative to the project. @default the whole project
 * @returns whether the project is under git at all.
 * @throws UserError that names the first files.
 */
export async function requireCleanTree(root: string, paths: readonly string[] = ["."]): Promise<boolean> {
  const { exitCode, stdout, stderr, code } = await execa("git", ["status", "--porcelain", "--", ...paths], {
    cwd: root,
    reject: false,
    env: { LC_ALL: "C" },
  });
  if (code === "ENOENT" || stderr.includes("not a git repository")) return false;
  if (exitCode !== 0) throw new UserError(`git status failed in ${root}: ${stderr.trim()}`);

  const files = stdout.split("\n").filter((line) => line !== "");
  if (files.length === 0) return true;
  const more = files.length > 5 ? `\n  … and ${files.length - 5} more` : "";
  throw new UserError(
    `The git tree of ${root} has changes that aren't committed:\n${files
      .slice(0, 5)
      .map((line) => `  ${line}`)
      .join("\n")}${more}\n` +
      "Commit or stash them first, so that you can see and undo what adopt changes, or pass --force.",
  );
}
