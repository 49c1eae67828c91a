import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startTimeOf } from "./start-time";

/**
 * Creates an empty folder for this process, and removes folders of processes that ended without removing theirs. The name
 * identifies its owner: `elixir-cluster-<pid>.<start time>.<pid namespace>-<random>`.
 *
 * @param place the folder's path up to its owner. @default `elixir-cluster` in the folder for temporary files
 * @returns its path; the caller removes it.
 */
export function makeScratchFolder(place = path.join(tmpdir(), "elixir-cluster")): string {
  mkdirSync(path.dirname(place), { recursive: true });
  removeOrphans(place);
  // If the start time is unknown, so is whether the owner has ended: no other run removes the folder.
  const start = startTimeOf(process.pid) ?? "unknown";
  return mkdtempSync(`${place}-${process.pid}.${start}.${pidNamespace()}-`);
}

function removeOrphans(place: string): void {
  const parent = path.dirname(place);
  for (const name of readdirSync(parent)) {
    const folder = path.join(parent, name);
    const owner = ownerOf(name, path.basename(place));
    if (!owner || !hasEnded(owner) || !isOwn(folder)) continue;
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // The next run tries again.
    }
  }
}

interface Owner {
  readonly pid: number;
  readonly start: string;
  readonly namespace: string;
}

function ownerOf(name: string, place: string): Owner | undefined {
  if (!name.startsWith(`${place}-`)) return undefined;
  const [, pid, start, namespace] = /^(\d+)\.([a-z0-9]+)\.([a-z0-9]*)-[^.]+$/.exec(name.slice(place.length + 1)) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), start: start!, namespace: namespace! };
}

/** Containers may share a folder for temporary files, but can't see each other's processes. */
const hasEnded = ({ pid, start, namespace }: Owner): boolean =>
  start !== "unknown" && namespace === pidNamespace() && startTimeOf(pid) !== start;

/** Whether it is a folder of this user, and not a link: every user can write to the folder for temporary files. */
function isOwn(folder: string): boolean {
  const status = lstatSync(folder, { throwIfNoEntry: false });
  return status !== undefined && status.isDirectory() && status.uid === process.getuid?.();
}

/** Number of this process's pid namespace, in base 36; empty if the system has none. Source: namespaces(7) */
function pidNamespace(): string {
  try {
    const number = /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0];
    return number === undefined ? "" : Number(number).toString(36);
  } catch {
    return "";
  }
}
