import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * What a test file left: a line for each file in its folder for temporary files, each process, each open handle.
 *
 * @param patienceMs how long processes may take to end. Only a leftover uses all of it.
 */
export async function leftBehind(folder: string, handlesBefore: Handles, patienceMs = 30_000): Promise<string[]> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const left = [...filesIn(folder), ...processesOf(folder), ...handlesSince(handlesBefore)];
    if (left.length === 0 || performance.now() > deadline) return left;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * Mix keeps these in the folder for temporary files, for its next run.
 * Source: https://github.com/elixir-lang/elixir/blob/v1.18/lib/mix/lib/mix/sync/lock.ex
 */
const ofMix = /^mix_(lock|pubsub)_/;

const filesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => !ofMix.test(name))
    .map((name) => `file or folder: ${name}`);

/** Processes that were started with this folder, or one below it, for their temporary files. Linux alone tells. */
function processesOf(folder: string): string[] {
  return processIds().flatMap((pid) => {
    const environment = readProcess(pid, "environ").split("\0");
    const belongs = environment.some((each) => each === `TMPDIR=${folder}` || each.startsWith(`TMPDIR=${folder}/`));
    return belongs ? [`process ${pid}: ${readProcess(pid, "cmdline").split("\0").join(" ").trim()}`] : [];
  });
}

function processIds(): string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  } catch {
    return [];
  }
}

function readProcess(pid: string, file: string): string {
  try {
    return readFileSync(path.join("/proc", pid, file), "utf8");
  } catch {
    // It has ended since, or is another user's.
    return "";
  }
}

/** Number of open handles by kind, as Node names them. */
export type Handles = ReadonlyMap<string, number>;

/** Kinds that keep a process alive until somebody closes them. */
const kinds = /^(TCP|UDP|TLS|Pipe|Process|HTTP|FSEvent|StatWatcher|MessagePort|Worker|Timeout)/;

/** The handles that keep this process alive now. */
export function openHandles(): Handles {
  // Node opens its own streams when somebody first asks for them.
  for (const stream of [process.stdin, process.stdout, process.stderr]) void stream.isTTY;
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo().filter((each) => kinds.test(each)))
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

const handlesSince = (before: Handles): string[] =>
  [...openHandles()]
    .filter(([kind, count]) => count > (before.get(kind) ?? 0))
    .map(([kind, count]) => `open handles: ${count - (before.get(kind) ?? 0)} × ${kind}`);
