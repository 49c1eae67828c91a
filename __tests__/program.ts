import { execFileSync } from "node:child_process";

/**
 * Writes an executable script. Another process writes it: if this one did, a process that it starts at the same time could
 * inherit the open file, and the script couldn't be executed until then (ETXTBSY). dash then runs the next command of that
 * name on the path. Source: https://man7.org/linux/man-pages/man2/execve.2.html
 */
export function writeProgram(file: string, text: string): void {
  execFileSync("/bin/sh", ["-c", 'cat > "$1" && chmod 755 "$1"', "sh", file], { input: text });
}
