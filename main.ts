import { mkdirSync } from "node:fs";
import { defaultEnvironmentsFile } from "./src/advice";
import { type Environments, ConfigurationError, parseEnvironments } from "./src/environment";
import { print, printError, printUnexpected } from "./src/foreign-text";
import { readTextFile } from "./src/regular-file";
import { environmentsApp } from "./src/stacks/environments-app";
import { stackFile, withdrawAll } from "./src/stacks/former-stacks";
import { withoutPreparation } from "./src/stacks/independent-stacks";
import { synthesize } from "./src/stacks/synthesis";
import { withoutStackTraces } from "./src/stacks/token-stack-traces";
import { UserError } from "./src/user-error";

/** The file that describes the environments; another one through `ENVIRONMENTS_FILE`, where that is not empty. */
const file = process.env.ENVIRONMENTS_FILE || defaultEnvironmentsFile;

function environments(): Environments {
  const text = readTextFile(file);
  if (text !== undefined) return parseEnvironments(text, file);
  const problem = {
    path: [file],
    found: "no such file",
    allowed: "a file of environments; ENVIRONMENTS_FILE names another",
  };
  throw new ConfigurationError(file, [problem]);
}

const outdir = process.env.CDKTF_OUTDIR ?? "cdktf.out";
try {
  mkdirSync(outdir, { recursive: true });
  const written = withoutStackTraces(() =>
    synthesize(withoutPreparation(environmentsApp(environments(), outdir)), (line) => printError(line)),
  );
  if (!written) process.exitCode = 1;
  // The cdktf CLI says this itself.
  else if (!process.env.CDKTF_CONTEXT_JSON) written.forEach((name) => print(stackFile(outdir, name)));
} catch (error) {
  // A user's mistake gets a sentence; a stack trace is for our own errors.
  withdrawAll(outdir);
  if (error instanceof UserError) printError(error.message);
  else printUnexpected(error, true);
  process.exitCode = 1;
}
