import { writeFileSync } from "node:fs";
import { coloursOf, json as asJson, type Markup, type Printable, printError, terminal } from "../../foreign-text";
import { sandboxSupport } from "../data-plane/sandbox/requirements";
import { hasTerraform } from "../local-aws/terraform/terraform";
import { Recording } from "../timeline/recording";
import { timelineHtml } from "../timeline/timeline-html";
import { runScenario, type Scenario, type ScenarioOptions, type ScenarioResult } from ".";

/** How scenarios are run from the command line. */
export interface RunOptions extends ScenarioOptions {
  /** Print one JSON document at the end rather than text along the way. */
  readonly json?: boolean;
  /** How many run at the same time, each in a lab of its own. @default 1 */
  readonly parallel?: number;
  readonly print: (text: Printable) => void;
  /** File that gets the timeline, also of a run that is interrupted. @default none */
  readonly html?: string;
}

/** A scenario's result as `--json` gives it. */
interface ScenarioReport extends ScenarioResult {
  readonly scenario: string;
  readonly proves: string;
  readonly seconds: number;
}

/** What keeps this machine from running scenarios, with what to do; `undefined` when nothing does. */
async function whatIsMissing(scenarios: readonly Scenario[]): Promise<string | undefined> {
  const support = sandboxSupport();
  if ("missing" in support) return support.missing;
  if (scenarios.every((scenario) => "runWithoutNodes" in scenario)) return undefined;
  if (await hasTerraform()) return undefined;
  return "The lab applies layouts with Terraform 1.10 or newer, and it is not on the path: https://developer.hashicorp.com/terraform/install";
}

/**
 * Runs scenarios and prints what each proves, what it found and its figure. A scenario that fails doesn't keep the others
 * from running.
 *
 * @returns whether all passed. @throws Error when this machine can't run a lab, or one was interrupted.
 */
export async function runScenarios(scenarios: readonly Scenario[], { html, ...options }: RunOptions): Promise<boolean> {
  const missing = await whatIsMissing(scenarios);
  if (missing) throw new Error(missing);
  const recording = new Recording();
  try {
    return await runAll(scenarios, { ...options, recording });
  } finally {
    if (html !== undefined) {
      const title = `Lab: ${scenarios.map(({ name }) => name).join(", ")}`;
      writeFileSync(html, timelineHtml(title, recording.recorded()));
      if (!options.json) options.print(`Timeline: ${html}\n`);
    }
  }
}

type AllOptions = Omit<RunOptions, "html"> & { readonly recording: Recording };

async function runAll(scenarios: readonly Scenario[], options: AllOptions): Promise<boolean> {
  const { json = false, parallel = 1, print } = options;
  const reports: ScenarioReport[] = [];
  const waiting = [...scenarios.filter((scenario) => !skipped(scenario, options)).entries()];
  // The longest first: one that starts last would run alone at the end.
  if (parallel > 1) waiting.sort(([, one], [, other]) => other.seconds - one.seconds);
  /** Takes the next one until none is left. */
  const runOthers = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, scenario] = next;
      reports[index] = await runOne(scenario, options);
    }
  };
  const runs = await Promise.allSettled(Array.from({ length: Math.min(parallel, scenarios.length) }, runOthers));
  const failed = runs.find((run) => run.status === "rejected");
  if (failed) throw failed.reason;
  if (json) print(`${asJson(reports, 2)}\n`);
  else if (reports.length > 1) print(summary(reports));
  // Where none could run, nothing is proved.
  return reports.length > 0 && reports.every(({ ok }) => ok);
}

/** Whether this machine lacks what a scenario alone needs: a visible line says so. */
function skipped({ name, missing }: Scenario, { json, print, recording }: AllOptions): boolean {
  const what = missing?.();
  if (what === undefined) return false;
  const line = `SKIPPED ${name}: ${what}`;
  recording.note(line);
  if (json) printError(line);
  else print(`${line}\n`);
  return true;
}

async function runOne(scenario: Scenario, options: AllOptions): Promise<ScenarioReport> {
  const { json, parallel = 1, print, recording, ...others } = options;
  const { name, proves } = scenario;
  // Lines of scenarios that run at the same time are mixed.
  const by = parallel > 1 ? `${name}: ` : "";
  const say = (line: string) => {
    recording.note(`${by}${line}`);
    if (!json) print(colours.dim(terminal`    ${by}${line}\n`));
  };
  if (!json) print(terminal`${colours.bold(name)}: ${proves}\n`);
  recording.note(`${name}: ${proves}`);
  const startedAt = Date.now();
  const result = await resultOf(scenario, { ...others, recording, say });
  const seconds = Math.round((Date.now() - startedAt) / 100) / 10;
  const report = { scenario: name, proves, seconds, ...result };
  if (!json) print(terminal`${parallel > 1 ? terminal`${colours.bold(name)}:\n` : ""}${asText(report)}`);
  return report;
}

/** A scenario that could not be run to its end has failed, with the reason as its figure. */
async function resultOf(scenario: Scenario, options: ScenarioOptions): Promise<ScenarioResult> {
  try {
    return await runScenario(scenario, options);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    const figure = `could not be run to its end: ${(error as Error).message}`;
    return { ok: false, figure, measurements: {}, lines: [] };
  }
}

const colours = coloursOf();

const mark = (ok: boolean) => (ok ? colours.green("proved") : colours.red("FAILED"));

function asText({ ok, figure, lines, model, seconds }: ScenarioReport): Markup<"terminal"> {
  const all = model === undefined ? lines : [...lines, model];
  const { first, more } = linesOf(figure);
  return terminal`${all.map((line) => terminal`  ${line}\n`)}  ${mark(ok)}: ${first} (${seconds} s)\n${more.map((line) => terminal`    ${line}\n`)}\n`;
}

/** Lines of a failure's reason that are printed: an error from Terraform, for one, may have hundreds. */
const maxReasonLines = 40;

/** The first line of a figure, and the others of one that is the reason of a failure. */
function linesOf(figure: string): { readonly first: string; readonly more: readonly string[] } {
  const [first, ...others] = figure.trimEnd().split("\n");
  const shown = others.slice(0, maxReasonLines - 1);
  const left = others.length - shown.length;
  return { first: first!, more: left > 0 ? [...shown, `and ${left} more lines; --json prints them`] : shown };
}

function summary(reports: readonly ScenarioReport[]): Markup<"terminal"> {
  const width = Math.max(...reports.map(({ scenario }) => scenario.length));
  const lines = reports.map(
    ({ scenario, ok, figure }) => terminal`${scenario.padEnd(width)}  ${mark(ok)}  ${linesOf(figure).first}\n`,
  );
  return terminal`${lines}`;
}
