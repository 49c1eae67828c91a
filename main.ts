import { mkdirSync, readFileSync } from "node:fs";
import { type Environments, ConfigurationError, parseEnvironments } from "./src/environment";
import { environmentsApp } from "./src/stacks/environments-app";
import { removeStale, stackFile, synthesize } from "./src/stacks/synthesis";
import { withoutStackTraces } from "./src/stacks/token-stack-traces";

/** The file that describes the environments; another one through `ENVIRONMENTS_FILE`. */
const file = process.env.ENVIRONMENTS_FILE ?? "environments.json";

function environments(): Environments {
  try {
    return parseEnvironments(readFileSync(file, "utf8"), file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const problem = {
      path: [file],
      stood: "no such file",
      allowed: "a file of environments; ENVIRONMENTS_FILE names another",
    };
    throw new ConfigurationError(file, [problem]);
  }
}

const outdir = process.env.CDKTF_OUTDIR ?? "cdktf.out";
try {
  mkdirSync(outdir, { recursive: true });
  const written = withoutStackTraces(() =>
    synthesize(environmentsApp(environments(), outdir), (line) => console.error(line)),
  );
  if (!written) process.exitCode = 1;
  // The cdktf CLI says this itself.
  else if (!process.env.CDKTF_CONTEXT_JSON) written.forEach((name) => console.log(stackFile(outdir, name)));
} catch (error) {
  // What somebody wrote wrong is said in a sentence; a stack trace is for what we did wrong.
  removeStale(outdir, []);
  console.error(error instanceof ConfigurationError || error instanceof RangeError ? error.message : error);
  process.exitCode = 1;
}
