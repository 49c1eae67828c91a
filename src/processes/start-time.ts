import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * When a process was started, as a text that is unique among processes with the same pid; `undefined` when no such process
 * runs. Pids are reused, so a pid alone doesn't identify a process.
 */
export function startTimeOf(pid: number): string | undefined {
  return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
}

/** Ticks since the machine started. A process that has ended and waits for its parent counts as ended. Source: proc_pid_stat(5) */
function fromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may contain blanks and parentheses.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" || state === "X" ? undefined : Number(fields[18]).toString(36);
  } catch {
    return undefined;
  }
}

/** Seconds since 1970. */
function fromPs(pid: number): string | undefined {
  const environment = { ...process.env, LC_ALL: "C" };
  const { stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", env: environment });
  const time = Date.parse(stdout ?? "");
  return Number.isNaN(time) ? undefined : (time / 1000).toString(36);
}
