import { readFile, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { advice } from "../../advice";
import { readPlan } from "./plan";
import { malformedConfiguration, type PlanJson } from "./plan-format";
import type { SynthesizedJson } from "./synthesized";
import { withinStack } from "./unusable";
import { UserError } from "../../user-error";

/** One thing to review. */
export interface Input {
  /** What it is called in the report: a file's or a stack's name. */
  readonly name: string;
  readonly plan?: PlanJson;
  /** The configuration behind the plan, or alone: construct paths, and expressions that a plan doesn't keep. */
  readonly synthesized?: SynthesizedJson;
}

const howToMakeOne = `Make one with: ${advice.planAsJson()}`;

/**
 * Reads the input of a review: a plan's JSON from a file, or from stdin for `-`; or a folder: `cdktf.out`, a stack's
 * folder, or any with Terraform JSON (`*.tf.json`) in it. Next to a plan, `cdk.tf.json` is read too.
 * Throws `UserError` with what was there instead.
 */
export async function readInput(from: string): Promise<readonly Input[]> {
  if (from === "-") return [parseInput(await stdin(), "stdin")];
  const found = await stat(from).catch(() => undefined);
  if (!found)
    throw new UserError(
      `${from} isn't there. Give a plan's JSON, - for stdin, or a folder such as cdktf.out. ${howToMakeOne}`,
    );
  if (found.isDirectory()) return readFolder(from);
  const input = parseInput(await readText(from), from);
  const nextToPlan = path.join(path.dirname(from), "cdk.tf.json");
  if (!input.plan || (await stat(nextToPlan).catch(() => undefined)) === undefined) return [input];
  return [{ ...input, synthesized: configuration(parseJson(await readText(nextToPlan), nextToPlan), nextToPlan) }];
}

/** Reads the text of a plan's JSON or of Terraform JSON. Throws `UserError`. */
export function parseInput(text: string, name: string): Input {
  return recognize(parseJson(text, name), name);
}

/** Tells what parsed JSON is. Throws `UserError` for a state file and everything else that is neither plan nor configuration. */
export function recognize(json: unknown, name: string): Input {
  return withinStack(name, () => recognized(json, name));
}

/** What a plan may have in place of `resource_changes`, where nothing changes. Other output of Terraform has none of these. */
const onlyInPlans = ["planned_values", "prior_state", "resource_drift", "output_changes", "action_invocations"];

function recognized(json: unknown, name: string): Input {
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw new UserError(`${name} contains no JSON object, so it isn't a plan. ${howToMakeOne}`);
  if ("resource_changes" in json || ("format_version" in json && "configuration" in json))
    return { name, plan: readPlan(json) };
  if ("lineage" in json || ("serial" in json && "resources" in json))
    throw new UserError(`${name} is a state file, not a plan. ${howToMakeOne}`);
  if ("format_version" in json && "values" in json)
    throw new UserError(`${name} is a state as terraform show -json prints it without a plan's file. ${howToMakeOne}`);
  if (onlyInPlans.some((member) => member in json)) return { name, plan: readPlan(json) };
  if ("format_version" in json && Object.keys(json).every((member) => /^(format|terraform)_version$/.test(member)))
    throw new UserError(
      `${name} is empty: terraform show -json prints that without a plan's file where there is no state. ${howToMakeOne}`,
    );
  if ("resource" in json || "terraform" in json) return { name, synthesized: configuration(json, name) };
  throw new UserError(`${name} is JSON, but neither a plan nor Terraform's configuration. ${howToMakeOne}`);
}

/** Checks that parsed JSON is Terraform's configuration. Throws `UserError`. */
export function configuration(json: unknown, name: string): SynthesizedJson {
  if (typeof json === "object" && json !== null && "format_version" in json)
    throw new UserError(`${name} is a plan or a state; give the cdk.tf.json that it was made of.`);
  const wrong = withinStack(name, () => malformedConfiguration(json));
  if (!wrong) return json as SynthesizedJson;
  const where = wrong.path === "" ? "" : ` at ${wrong.path}`;
  throw new UserError(
    `${name} can't be read as Terraform JSON: the review reads ${wrong.expected}${where}, as CDKTF writes it.`,
  );
}

function parseJson(text: string, name: string): unknown {
  if (text.trim() === "") throw new UserError(`${name} is empty. ${howToMakeOne}`);
  try {
    return JSON.parse(text);
  } catch (error) {
    const binary = text.startsWith("PK")
      ? " It is a plan's own binary file: pass it through terraform show -json first."
      : "";
    const log = text.startsWith('{"@level"') ? " It is the log that terraform plan -json prints." : "";
    const cut = endsTooEarly(text, error) ? " It ends too early: it was cut off while it was written." : "";
    throw new UserError(`${name} can't be read as JSON.${binary}${log}${cut} ${howToMakeOne}`);
  }
}

/** Whether the parser stopped because there was no more. */
function endsTooEarly(text: string, error: unknown): boolean {
  const position = /position (\d+)/.exec(String(error))?.[1];
  return /end of JSON|Unterminated/.test(String(error)) || Number(position) >= text.trimEnd().length;
}

async function readText(file: string): Promise<string> {
  return decoded(file, () => readFile(file));
}

async function stdin(): Promise<string> {
  return decoded("stdin", async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  });
}

/** The text of some bytes: UTF-8, or what PowerShell writes in its place, UTF-16 and byte-order marks. */
async function decoded(name: string, read: () => Promise<Buffer>): Promise<string> {
  try {
    const bytes = await read();
    const text = bytes.toString(bytes[0] === 0xff && bytes[1] === 0xfe ? "utf16le" : "utf8");
    return text.startsWith("\uFEFF") ? text.slice(1) : text;
  } catch (error) {
    if (["ERR_STRING_TOO_LONG", "ERR_FS_FILE_TOO_LARGE"].includes((error as NodeJS.ErrnoException).code ?? ""))
      throw new UserError(
        `${name} is too large: the review reads up to 512 MiB of JSON. Plan with -target, or one environment at a time.`,
      );
    throw new UserError(`${name} can't be read: ${(error as Error).message}`);
  }
}

async function readFolder(folder: string): Promise<readonly Input[]> {
  const stacks = await foldersBelow(path.join(folder, "stacks"));
  const found = await readStacks(stacks.length > 0 ? stacks : [folder]);
  if (found.length > 0) return found;
  // The folder of the stacks itself, such as cdktf.out/stacks.
  const own = path.basename(path.resolve(folder)) === "stacks" ? await readStacks(await foldersBelow(folder)) : [];
  if (own.length > 0) return own;
  throw new UserError(
    `${folder} contains no Terraform JSON (*.tf.json). For configuration in HCL give a plan. ${howToMakeOne}`,
  );
}

const foldersBelow = async (folder: string) =>
  (await readdir(folder).catch(() => [])).sort().map((name) => path.join(folder, name));

const readStacks = async (folders: readonly string[]) =>
  (await Promise.all(folders.map(readStack))).filter((input) => input !== undefined);

async function readStack(folder: string): Promise<Input | undefined> {
  const all = (await readdir(folder).catch(() => [])).sort();
  const names = all.filter((name) => name.endsWith(".tf.json"));
  if (names.length === 0) return undefined;
  const hcl = all.find((name) => /\.(tf|tofu)$/.test(name));
  if (hcl !== undefined)
    throw new UserError(
      `${folder} has HCL (${hcl}) next to ${names[0]}, and the review reads no HCL: give a plan. ${howToMakeOne}`,
    );
  const files = await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      return configuration(parseJson(await readText(file), file), file);
    }),
  );
  return { name: path.basename(path.resolve(folder)), synthesized: files.reduce(combine) };
}

/** Terraform reads all files of a folder as one configuration. */
function combine(one: SynthesizedJson, other: SynthesizedJson): SynthesizedJson {
  const byType = (a: SynthesizedJson["resource"], b: SynthesizedJson["resource"]) => {
    const types = new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})]);
    return Object.fromEntries([...types].map((type) => [type, { ...a?.[type], ...b?.[type] }]));
  };
  return {
    ...one,
    ...other,
    resource: byType(one.resource, other.resource),
    data: byType(one.data, other.data),
    variable: { ...one.variable, ...other.variable },
    locals: { ...one.locals, ...other.locals },
  };
}
