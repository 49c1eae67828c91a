import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import type { Change } from "./plan";
import { ProjectTree } from "./project-tree";
import { Refusal } from "./refusal";

/** One file with its new text beside it and a copy of its old one. */
interface Staged {
  readonly target: string;
  readonly draft: string;
  /** `undefined` when the file is new. */
  readonly backup: string | undefined;
}

/**
 * Writes all changes or none: every new text is written beside its file first, then moved into place, and what was moved
 * is moved back when one move fails. Modes are kept, and a link's target is what changes.
 *
 * @throws Refusal when a file isn't what the plan was made from.
 */
export function writeAll(root: string, changes: readonly Change[], rename: typeof renameSync = renameSync): void {
  const tree = new ProjectTree(root);
  const changed = changes.find(({ file, before }) => tree.read(file) !== before);
  if (changed)
    throw new Refusal(`${changed.file} was changed while the diff was shown; nothing was written. Run adopt again.`);

  const staged: Staged[] = [];
  const moved: Staged[] = [];
  const folders: string[] = [];
  try {
    for (const change of changes) staged.push(stage(root, change, folders));
    for (const file of staged) {
      rename(file.draft, file.target);
      moved.push(file);
    }
  } catch (error) {
    for (const { target, backup } of moved) {
      if (backup === undefined) rmSync(target, { force: true });
      else renameSync(backup, target);
    }
    sweep(staged);
    removeEmpty(folders);
    throw new Refusal(`Nothing was adopted, all files are as they were: ${(error as Error).message}`);
  }
  sweep(staged);
}

function stage(root: string, { file, before, after }: Change, folders: string[]): Staged {
  const named = path.join(root, file);
  const target = before === undefined ? named : realpathSync(named);
  const first = mkdirSync(path.dirname(target), { recursive: true });
  if (first !== undefined) folders.push(first, path.dirname(target));

  const draft = `${target}.adopt-${process.pid}`;
  const backup = before === undefined ? undefined : `${draft}-old`;
  try {
    writeFileSync(draft, after, { flag: "wx" });
    if (backup !== undefined) {
      chmodSync(draft, statSync(target).mode);
      copyFileSync(target, backup);
    }
  } catch (error) {
    sweep([{ target, draft, backup }]);
    throw error;
  }
  return { target, draft, backup };
}

function sweep(staged: readonly Staged[]): void {
  for (const { draft, backup } of staged) {
    rmSync(draft, { force: true });
    if (backup !== undefined) rmSync(backup, { force: true });
  }
}

/** Removes the folders that were made for the changes, from the innermost out, as far as they are empty. */
function removeEmpty(folders: readonly string[]): void {
  for (const folder of [...new Set(folders)].sort((a, b) => b.length - a.length)) {
    try {
      rmdirSync(folder);
    } catch {
      return;
    }
  }
}
