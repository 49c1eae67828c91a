import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeFileSync,
  type Stats,
} from "node:fs";
import path from "node:path";
import type { Change } from "./unified-diff";
import { ProjectTree } from "./source/project-tree";
import { systemErrorText } from "../system-error";
import { UserError } from "../user-error";

/** One file with its new content next to it and a copy of its old one. */
interface Staged {
  /** Without links. */
  readonly target: string;
  readonly draft: string;
  /** `undefined` when the file is new. */
  readonly backup: string | undefined;
}

/**
 * Writes all changes or none: each new content is written next to its file first, then moved into place, and what was
 * moved is moved back when one move fails. Modes are kept, and a link's target is what changes. No link leads a write out
 * of the project, not even one that appears meanwhile.
 *
 * @throws UserError when a file isn't what the plan was made from, or is outside the project.
 */
export function writeAll(root: string, changes: readonly Change[], rename: typeof renameSync = renameSync): void {
  writeTogether([{ root, changes }], rename);
}

/** {@link writeAll} for several folders: what is written in one is taken back when another can't be written. */
export function writeTogether(
  places: readonly { readonly root: string; readonly changes: readonly Change[] }[],
  rename: typeof renameSync = renameSync,
): void {
  const changes = places.flatMap((place) => place.changes);
  const targets = places.flatMap((place) => targetsOf(place.root, place.changes));

  const staged: Staged[] = [];
  const moved: Staged[] = [];
  const folders: string[] = [];
  try {
    for (const [index, change] of changes.entries()) staged.push(stage(targets[index]!, change, folders));
    for (const file of staged) {
      requireUnlinked(file.target);
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
    const reason = systemErrorText(error) ?? (error as Error).message;
    throw new UserError(`Nothing was written, all files are as they were: ${reason}`);
  }
  sweep(staged);
}

/** The files to change, without links, in the order of the changes. */
function targetsOf(root: string, changes: readonly Change[]): string[] {
  const tree = new ProjectTree(root);
  const changed = changes.find(({ file, before }) => !same(tree.bytes(file), before));
  if (changed)
    throw new UserError(`${changed.file} was changed in the meantime; nothing was written. Run the command again.`);
  return changes.map(({ file }) => tree.target(file));
}

function same(one: Buffer | undefined, other: Buffer | undefined): boolean {
  return one === undefined || other === undefined ? one === other : one.equals(other);
}

function stage(target: string, { before, after }: Change, folders: string[]): Staged {
  const folder = path.dirname(target);
  const first = mkdirSync(folder, { recursive: true });
  if (first !== undefined) folders.push(first, folder);
  requireUnlinked(target);

  const draft = `${target}.adopt-${process.pid}`;
  const backup = before === undefined ? undefined : `${draft}-old`;
  const stats = before === undefined ? undefined : lstatSync(target);
  try {
    create(draft, after, stats);
    if (backup !== undefined && before !== undefined) create(backup, before, stats);
  } catch (error) {
    sweep([{ target, draft, backup }]);
    throw error;
  }
  return { target, draft, backup };
}

/** `target` has no links in it. One that has appeared since could lead anywhere. */
function requireUnlinked(target: string): void {
  const folder = path.dirname(target);
  const link = lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink();
  if (link || realpathSync(folder) !== folder) throw new Error(`${link ? target : folder} has become a link`);
}

/** A new file, never one that is there and never through a link, with the mode and the owner of `like`. */
function create(file: string, content: Buffer, like: Stats | undefined): void {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const descriptor = openSync(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, like === undefined ? 0o666 : 0o600);
  try {
    writeFileSync(descriptor, content);
    // Only root can give a file away; anyone else who runs adopt owns what is written, as with an editor.
    if (like && process.getuid?.() === 0) fchownSync(descriptor, like.uid, like.gid);
    if (like) fchmodSync(descriptor, like.mode);
  } finally {
    closeSync(descriptor);
  }
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
