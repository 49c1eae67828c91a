/**
 * Arguments with which bash runs a script and nothing else. Without `--norc`, bash on Debian reads `~/.bashrc` where its input is a socket,
 * as Node's pipes are, and `SHLVL` is below 2: it takes that for a remote shell. A `PATH` that a test sets then isn't first.
 * Source: https://www.gnu.org/software/bash/manual/html_node/Bash-Startup-Files.html (invoked by remote shell daemon)
 */
export const bashArguments = (script: string, ...options: string[]): string[] => ["--norc", ...options, "-c", script];
