import { readFileSync } from "node:fs";

/** Ids of one process in each pid namespace that it is in, this machine's first. Source: NSpid in proc_pid_status(5) */
function idsOf(pid: number): number[] {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return (/^NSpid:\s+(.*)$/m.exec(status)?.[1] ?? "").split(/\s+/).map(Number);
}

/** This machine's id of the process below `ancestor` that is the first one of a container and has `inner` in the sandbox. */
export function hostPid(ancestor: number, inner: number): number | undefined {
  try {
    const ids = idsOf(ancestor);
    if (ids.at(-1) === 1 && ids.at(-2) === inner) return ancestor;
    const children = readFileSync(`/proc/${ancestor}/task/${ancestor}/children`, "utf8").trim();
    for (const child of children.split(" ").filter(Boolean)) {
      const found = hostPid(Number(child), inner);
      if (found !== undefined) return found;
    }
  } catch {
    // Gone while it was looked at.
  }
  return undefined;
}
