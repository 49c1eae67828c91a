import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startTimeOf } from "./start-time";

/**
 * Makes an empty folder for this process, and removes those of processes that have ended without removing theirs. The name
 * tells its owner: `elixir-cluster-<pid>.<start time>.<pid namespace>-<random>`.
 *
 * @param place the folder's path up to its owner. @default `elixir-cluster` in the folder for temporary files
 * @returns its path; the caller removes it.
 */
export function makeScratchFolder(place = path.join(tmpdir(), "elixir-cluster")): string {
  mkdirSync(path.dirname(place), { recursive: true });
  removeOrphans(place);
  // Where the start time is unknown, nobody can tell whether the owner has ended: the folder is never removed by another run.
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
      // What can't be removed now is left to the run after this one.
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

/** Containers may share a folder for temporary files, but one doesn't see the processes of the other. */
const hasEnded = ({ pid, start, namespace }: Owner): boolean =>
  start !== "unknown" && namespace === pidNamespace() && startTimeOf(pid) !== start;

/** No link, and no folder of another user: the folder for temporary files is everybody's. */
function isOwn(folder: string): boolean {
  const status = lstatSync(folder, { throwIfNoEntry: false });
  return status !== undefined && status.isDirectory() && status.uid === process.getuid?.();
}

/** Number of this process's pid namespace, in base 36; empty where there are none. Source: namespaces(7) */
function pidNamespace(): string {
  try {
    const number = /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0];
    return number === undefined ? "" : Number(number).toString(36);
  } catch {
    return "";
  }
}
