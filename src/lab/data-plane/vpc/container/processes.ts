import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** What `read` gives, `undefined` when the process is gone by now. */
function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The first process that `unshare --fork` (or nsenter) with this id has started. */
export function childOf(pid: number): number | undefined {
  const children = unlessGone(() => readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8"));
  const first = children?.trim().split(" ")[0];
  return first ? Number(first) : undefined;
}

/** All processes here, by the pid namespace that they are in. */
export function processesByNamespace(): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const namespace = unlessGone(() => readlinkSync(`/proc/${name}/ns/pid`));
    if (!namespace) continue;
    const pids = found.get(namespace) ?? [];
    pids.push(Number(name));
    found.set(namespace, pids);
  }
  return found;
}

/** Ids of the processes in the pid namespace whose first process this is. */
export function siblingProcesses(pid: number, all = processesByNamespace()): number[] {
  const namespace = unlessGone(() => readlinkSync(`/proc/${pid}/ns/pid`));
  return (namespace && all.get(namespace)) || [];
}

/** Resident and proportional bytes of one process; zeros when it is gone. Source: proc_pid_smaps(5) */
export function memoryOf(pid: number): { rssBytes: number; pssBytes: number } {
  const text = unlessGone(() => readFileSync(`/proc/${pid}/smaps_rollup`, "utf8")) ?? "";
  const bytes = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0) * 1024;
  return { rssBytes: bytes("Rss"), pssBytes: bytes("Pss") };
}

/** Nanoseconds of processor time that a process has used. A clock tick is 10 ms on Linux. Source: proc_pid_stat(5) */
export function processorTimeOf(pid: number): number {
  const text = unlessGone(() => readFileSync(`/proc/${pid}/stat`, "utf8")) ?? "";
  // The command's name, in parentheses, may hold anything.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10_000_000;
}
