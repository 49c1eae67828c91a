import { mkdirSync } from "node:fs";
import path from "node:path";
import type { App } from "cdktf";
import { defaultEnvironmentsFile } from "../../advice";
import { ConfigurationError, type Environments, parseEnvironments } from "../../environment";
import { print, printError, printUnexpected } from "../../foreign-text";
import { readTextFile } from "../../regular-file";
import { systemErrorText } from "../../system-error";
import { UserError } from "../../user-error";
import { environmentsApp } from "./environments-app";
import { stackFile, withdrawAll } from "../former-stacks";
import { withoutPreparation } from "./independent-stacks";
import { synthesize } from "./synthesis";
import { withoutStackTraces } from "./token-stack-traces";

/** What to synthesize, and what to add to it. */
export interface SynthesizeFileOptions {
  /** The environments file. @default the variable `ENVIRONMENTS_FILE`, or `environments.json` */
  readonly file?: string;
  /** Folder that gets the Terraform JSON. @default the variable `CDKTF_OUTDIR`, or `cdktf.out` */
  readonly outdir?: string;
  /** Adds stacks and constructs of your own to the app, after the environments' stacks. @default nothing */
  readonly extend?: (app: App) => void;
}

/**
 * Writes the Terraform JSON of an environments file, as an app of CDKTF does: the whole content of a `main.ts`.
 *
 * Prints warnings and errors to standard error, and sets the process's exit code to 1 when nothing was written. Without the
 * cdktf CLI it prints the path of each file that it wrote.
 */
export function synthesizeFile({ file, outdir, extend }: SynthesizeFileOptions = {}): void {
  const source = file ?? (process.env.ENVIRONMENTS_FILE || defaultEnvironmentsFile);
  const out = outdir ?? process.env.CDKTF_OUTDIR ?? "cdktf.out";
  try {
    mkdirSync(out, { recursive: true });
    const app = () => environmentsApp(readEnvironments(source), out);
    const write = (all: App) => synthesize(all, (line) => printError(line));
    const written = extend
      ? write(extended(app(), extend))
      : withoutStackTraces(() => write(withoutPreparation(app())));
    if (!written) process.exitCode = 1;
    // The cdktf CLI says this itself.
    else if (!process.env.CDKTF_CONTEXT_JSON) written.forEach((name) => print(stackFile(out, name)));
  } catch (error) {
    printFailure(error, out);
    try {
      withdrawAll(out);
    } catch {
      printError(`Files of an earlier run are still in ${out}, and aren't current.`);
    }
    process.exitCode = 1;
  }
}

/** A stack trace is for our own errors, and those of the user's constructs. */
function printFailure(error: unknown, out: string): void {
  const text = systemErrorText(error);
  if (error instanceof UserError) printError(error.message);
  else if (text !== undefined && path.resolve((error as NodeJS.ErrnoException).path!).startsWith(path.resolve(out)))
    printError(text);
  else printUnexpected(error, true);
}

/** The app with stacks of its user's own: these may refer to other stacks, and their errors need a stack trace. */
function extended(app: App, extend: (app: App) => void): App {
  extend(app);
  return app;
}

function readEnvironments(file: string): Environments {
  const text = readTextFile(file);
  if (text !== undefined) return parseEnvironments(text, file);
  const problem = {
    path: [file],
    found: "no such file",
    allowed: "an environments file; ENVIRONMENTS_FILE names another",
  };
  throw new ConfigurationError(file, [problem]);
}
