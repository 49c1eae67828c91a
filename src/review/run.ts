import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { usesEpmd } from "../distribution";
import { print, type Printable } from "../foreign-text";
import { comparedWith } from "./against";
import { baselineOf, parseBaseline, parseIgnore, type Suppression } from "./baseline";
import type { Severity } from "./checks/check";
import { type Assumptions, defaultPorts } from "./cluster/node/distribution";
import { reaches } from "./findings";
import { configuration, readInput } from "./read/input";
import type { SynthesizedJson } from "./read/synthesized";
import { renderHtml } from "./render/html/page";
import { renderJson } from "./render/json";
import { renderMarkdown } from "./render/markdown";
import { renderSarif } from "./render/sarif";
import { renderTerminal } from "./render/terminal";
import { reviewInput, type Review, type ReviewOptions } from "./review";
import { systemErrorText, systemReason } from "../system-error";
import { UserError } from "../user-error";

/** The command's options. */
export interface RunOptions extends Partial<Assumptions> {
  readonly html?: string;
  readonly markdown?: boolean;
  readonly json?: boolean;
  readonly sarif?: boolean;
  readonly failOn?: Severity | "never";
  /** Names or addresses of ECS services that aren't nodes. */
  readonly notANode?: readonly string[];
  readonly ignore?: readonly string[];
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly synthesized?: string;
  /** Plan or folder to compare with: only what is new then decides the exit code. */
  readonly against?: string;
}

/** Where the command writes to. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Reviews what `from` names and writes the result; gives the exit code: 0 clean, 1 findings, 2 unusable input. */
export async function runReview(
  from: string,
  options: RunOptions,
  out: Output = process.stdout,
  err: Output = process.stderr,
): Promise<number> {
  try {
    return await review(from, options, out, err);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    print(error.message, err);
    return 2;
  }
}

async function review(from: string, options: RunOptions, out: Output, err: Output): Promise<number> {
  const suppressions = await readSuppressions(options);
  const synthesized = options.synthesized === undefined ? undefined : await readSynthesized(options.synthesized);
  const inputs = await readInput(from);
  const reviewOptions = { assumptions: given(options), suppressions, notNodes: options.notANode ?? [] };
  const alone = onceUnused(
    inputs.map((input) => reviewInput(input, { ...reviewOptions, ...(synthesized && { synthesized }) })),
  );
  refuseUnmatched(alone);
  const reviews = options.against === undefined ? alone : await compareAll(alone, from, options.against, reviewOptions);
  const findings = reviews.flatMap((each) => each.findings);
  if (options.html !== undefined) await write(options.html, String(await renderHtml(reviews)));
  print(render(reviews, from, options, out), out);
  if (options.writeBaseline !== undefined) {
    await write(
      options.writeBaseline,
      `${JSON.stringify(baselineOf(findings, "present when the baseline was written"), undefined, 2)}\n`,
    );
    print(`Wrote ${options.writeBaseline}: give each suppression its own reason.`, err);
    return 0;
  }
  const failOn = options.failOn ?? "error";
  const deciding = reviews.flatMap((each) => each.comparison?.newFindings ?? each.findings);
  return failOn !== "never" && reaches(deciding, failOn) ? 1 : 0;
}

async function compareAll(reviews: readonly Review[], from: string, against: string, options: ReviewOptions) {
  const others = await readInput(against);
  return comparedWith(
    reviews,
    others.map((input) => reviewInput(input, options)),
    { from, against },
  );
}

/** Throws `UserError` for a `--not-a-node` that names no service in any stack. */
function refuseUnmatched(reviews: readonly Review[]): void {
  const unmatched = reviews[0]?.unmatched.filter((name) => reviews.every((review) => review.unmatched.includes(name)));
  if (!unmatched || unmatched.length === 0) return;
  const there = reviews.flatMap(({ services, others }) => [
    ...services.map(({ name }) => name),
    ...others.map(({ address }) => address),
  ]);
  throw new UserError(
    `--not-a-node ${unmatched[0]}: no ECS service has this name. There ${there.length === 0 ? "is none" : `are ${there.join(", ")}`}.`,
  );
}

/** A suppression may be for one of several stacks: it matches nothing if no stack needs it, and is reported once. */
function onceUnused(reviews: readonly Review[]): readonly Review[] {
  return reviews.map((review, at) => ({
    ...review,
    unused:
      at > 0 ? [] : review.unused.filter((suppression) => reviews.every(({ unused }) => unused.includes(suppression))),
  }));
}

function render(
  reviews: readonly Review[],
  from: string,
  { markdown, json, sarif }: RunOptions,
  { isTTY }: Output,
): Printable {
  if (markdown) return renderMarkdown(reviews);
  if (json) return renderJson(reviews);
  if (sarif)
    return renderSarif(
      reviews,
      from === "-" ? {} : { file: path.relative(process.cwd(), path.resolve(from)).split(path.sep).join("/") },
    );
  return renderTerminal(reviews, { colour: isTTY === true && !process.env.NO_COLOR });
}

function given({ ports, mode, discovery, netTicktime, pollingInterval }: Partial<Assumptions>): Partial<Assumptions> {
  return {
    ...(ports && { ports }),
    ...(mode && { mode, ...(!usesEpmd(mode) && !ports && { ports: defaultPorts(mode) }) }),
    ...(discovery && { discovery }),
    ...(netTicktime !== undefined && { netTicktime }),
    ...(pollingInterval !== undefined && { pollingInterval }),
  };
}

async function readSuppressions({ ignore = [], baseline }: RunOptions): Promise<readonly Suppression[]> {
  const listed = baseline === undefined ? [] : parseBaseline(await read(baseline), baseline);
  return [...ignore.map(parseIgnore), ...listed];
}

async function readSynthesized(file: string): Promise<SynthesizedJson> {
  try {
    return configuration(JSON.parse(await read(file)), file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${file} can't be read as JSON.`);
  }
}

async function read(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: Error) => {
    throw new UserError(systemErrorText(error) ?? `${file} can't be read: ${error.message}`);
  });
}

async function write(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((error: Error) => {
    throw new UserError(`${file} can't be written: ${systemReason(error)}`);
  });
}
