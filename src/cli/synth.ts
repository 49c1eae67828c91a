import { Command, Option } from "commander";
import { execa } from "execa";
import { defaultEnvironmentsFile } from "../advice";
import { readTextFile } from "../regular-file";
import { UserError } from "../user-error";
import { run } from "./operations/operation";

interface Options {
  readonly environments?: string;
  readonly output?: string;
}

/**
 * `synth`: Terraform JSON. With a `cdktf.json` in the folder it runs the app of that file, so that constructs of its user's
 * own are in; otherwise it reads the environments file by itself. Exit code 0 when all was written, 1 when the file has errors,
 * 2 when cdktf.json has.
 */
export function synthCommand(): Command {
  return new Command("synth")
    .description("write Terraform JSON from environments.json to cdktf.out/stacks/<environment>")
    .addOption(
      new Option("--environments <file>", `environments file (default: "${defaultEnvironmentsFile}")`).env(
        "ENVIRONMENTS_FILE",
      ),
    )
    .addOption(
      new Option("-o, --output <folder>", 'folder that gets the JSON (default: "cdktf.out")').env("CDKTF_OUTDIR"),
    )
    .addHelpText(
      "after",
      "\nWith a cdktf.json in this folder, its app runs; constructs of your own are then included." +
        "\n\nExamples:\n  npm run synth\n  npx elixir-cluster synth --environments staging.json",
    )
    .action((options: Options) => run(() => synth(options)));
}

async function synth({ environments, output }: Options): Promise<number> {
  const app = appOf(readTextFile("cdktf.json"));
  if (app === undefined || isApp()) {
    const { synthesizeFile } = await import("../stacks/app/synthesize-file");
    synthesizeFile({ ...(environments ? { file: environments } : {}), ...(output ? { outdir: output } : {}) });
    return Number(process.exitCode ?? 0);
  }
  const { exitCode } = await execa(app, {
    shell: true,
    stdio: "inherit",
    reject: false,
    env: {
      [appVariable]: "true",
      ...(environments ? { ENVIRONMENTS_FILE: environments } : {}),
      ...(output ? { CDKTF_OUTDIR: output } : {}),
    },
  });
  return exitCode ?? 1;
}

/** Set for the app of `cdktf.json`, which may be this command. */
const appVariable = "ELIXIR_CLUSTER_APP";

/** Whether this process is itself the app of `cdktf.json`: started by the cdktf CLI, or by this command. */
const isApp = () => process.env.CDKTF_CONTEXT_JSON !== undefined || process.env[appVariable] !== undefined;

/** The app of a `cdktf.json`; `undefined` when the file doesn't exist or names none. */
function appOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    const { app } = JSON.parse(text) as { readonly app?: unknown };
    return typeof app === "string" ? app : undefined;
  } catch (error) {
    throw new UserError(`cdktf.json is not valid JSON: ${(error as Error).message}. Nothing was written.`);
  }
}
