import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../../user-error";

/** What Terraform wrote there itself: its working folder, and states and plans that may be of the real thing. */
const ownFiles = /^(\.terraform|.*\.tfstate(\..*)?|.*\.tfplan)$/;

/**
 * In place of what the folder says: state stays in it, and no account but local AWS is asked for anything. Its own
 * profile and account are nothing that local AWS knows.
 * Source: https://developer.hashicorp.com/terraform/language/files/override
 */
const overrides = {
  terraform: { backend: { local: { path: "terraform.tfstate" } } },
  provider: {
    aws: {
      profile: null,
      allowed_account_ids: null,
      // A block, unlike an argument, isn't overridden by null, but by a dynamic block that makes none.
      dynamic: { assume_role: { for_each: [], content: {} } },
      s3_use_path_style: true,
      skip_metadata_api_check: "true",
    },
  },
};

/**
 * Copies a folder of Terraform, so that a run writes nothing into it, with everything around it in reach of its `../…`.
 *
 * @param scratch folder that gets the copy. @param varFiles of variables' values, for every command in the copy
 * @returns the copy's path
 * @throws Error when the folder doesn't exist or holds no Terraform.
 */
export function copyTerraform(folder: string, scratch: string, varFiles: readonly string[] = []): string {
  const source = path.resolve(folder);
  if (!statSync(source, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`There is no folder ${source}.`);
  if (!readdirSync(source).some((file) => /\.tf(\.json)?$/.test(file))) {
    const stacks = existsSync(path.join(source, "stacks")) ? readdirSync(path.join(source, "stacks")) : [];
    const synthesized = stacks.filter((name) => existsSync(path.join(source, "stacks", name, "cdk.tf.json")));
    const hint = synthesized.map((name) => path.join(folder, "stacks", name)).join(" or ");
    throw new Error(
      `${source} contains no Terraform: no file ends with .tf or .tf.json.${hint ? ` Did you mean ${hint}?` : ""}`,
    );
  }
  const copy = surroundings(source, scratch);
  cpSync(source, copy, { recursive: true, filter: (file) => file === source || !ownFiles.test(path.basename(file)) });
  writeFileSync(path.join(copy, "lab_override.tf.json"), JSON.stringify(overrides, undefined, 2));
  for (const [index, file] of varFiles.entries()) copyVariables(file, copy, index);
  return copy;
}

/** Terraform loads files of this ending itself, the last by name wins, and `destroy` needs the values too. */
function copyVariables(file: string, copy: string, index: number): void {
  const [ending] = /\.tfvars(\.json)?$/.exec(file) ?? [];
  if (!statSync(file, { throwIfNoEntry: false })?.isFile())
    throw new UserError(`--var-file ${file}: there is no such file.`);
  if (ending === undefined)
    throw new UserError(`--var-file ${file}: its name has to end with .tfvars or .tfvars.json.`);
  cpSync(file, path.join(copy, `zz-var-file-${String(index).padStart(3, "0")}.auto${ending}`));
}

/** The same path below `scratch`, with links to what is next to each of its folders. */
function surroundings(source: string, scratch: string): string {
  const { root } = path.parse(source);
  let original = root;
  let twin = mkdtempSync(path.join(scratch, "copy-"));
  for (const name of source.slice(root.length).split(path.sep)) {
    mkdirSync(twin, { recursive: true });
    for (const other of neighbours(original)) {
      if (other !== name) symlinkSync(path.join(original, other), path.join(twin, other));
    }
    original = path.join(original, name);
    twin = path.join(twin, name);
  }
  return twin;
}

/** Nothing, where we may not look. */
function neighbours(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
