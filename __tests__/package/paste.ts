import { symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";
import { bashArguments } from "../bash";
import type { LocalAws } from "../../src/lab/local-aws/aws";
import { configurationForRun } from "../../src/lab/local-aws/terraform/terraform-configuration";
import { projectRoot } from "../../src/project-root";

/** Runs lines as a person pastes them into a terminal in `folder`, against local AWS. @throws Error when one fails. */
export type Paste = (folder: string, lines: string) => Promise<string>;

/** @param scratch where temporary files go */
export function pasteInto(aws: LocalAws, scratch: string): Paste {
  const configuration = path.join(scratch, "terraform.rc");
  writeFileSync(configuration, configurationForRun() ?? "");
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("npm_"));
  const env = {
    ...Object.fromEntries(inherited),
    ...aws.environment,
    TF_CLI_CONFIG_FILE: configuration,
    TMPDIR: scratch,
    // Neither npx nor Terraform asks the network.
    npm_config_offline: "true",
    CHECKPOINT_DISABLE: "1",
    CI: "1",
    NO_COLOR: "1",
  };
  return async (folder, lines) => {
    const options = { cwd: folder, env, extendEnv: false, stdin: "ignore" } as const;
    // Terraform colours what it prints, also without a terminal.
    return stripVTControlCharacters((await execa("bash", bashArguments(lines, "-euo", "pipefail"), options)).stdout);
  };
}

/** Puts the CDKTF CLI into a consumer's folder, which its package.json names. */
export function linkCdktf(folder: string): void {
  symlinkSync(
    path.join(projectRoot, "node_modules", ".bin", "cdktf"),
    path.join(folder, "node_modules", ".bin", "cdktf"),
  );
}
