import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

/**
 * The content of a CLI configuration for one run, or `undefined` when Terraform's own way of finding providers will do:
 * the user's configuration where there is one, else the registry.
 *
 * A machine without internet access may hold the provider in a filesystem mirror that no configuration names; that is
 * looked for below the folders where software is put by hand.
 * Source: https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
 */
export function configurationForRun(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const configured = environment.TF_CLI_CONFIG_FILE ?? path.join(homedir(), ".terraformrc");
  if (existsSync(configured)) return undefined;
  const mirror = findMirror();
  if (mirror === undefined) return "";
  return [
    "provider_installation {",
    `  filesystem_mirror {\n    path    = ${JSON.stringify(mirror)}\n    include = ["hashicorp/aws"]\n  }`,
    `  direct {\n    exclude = ["hashicorp/aws"]\n  }`,
    "}",
    "",
  ].join("\n");
}

/** Where the file hierarchy standard puts software that no package manager owns, and users put theirs. */
const roots = [
  "/opt",
  "/usr/local/share",
  "/usr/local/lib",
  "/usr/share",
  "/srv",
  path.join(homedir(), ".terraform.d"),
];

/** The folder of an unpacked or packed mirror: `<mirror>/<registry>/hashicorp/aws`. */
function findMirror(): string | undefined {
  for (const root of roots) {
    for (const mirror of [root, ...foldersIn(root)]) {
      if (
        foldersIn(mirror).some(
          (registry) => path.basename(registry).includes(".") && existsSync(path.join(registry, "hashicorp", "aws")),
        )
      ) {
        return mirror;
      }
    }
  }
  return undefined;
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => path.join(folder, entry.name));
  } catch {
    // Not there, or not ours to read: nothing to find.
    return [];
  }
}
