import { writeFileSync } from "node:fs";
import path from "node:path";
import { Listr, type ListrTask, PRESET_TIMER } from "listr2";
import { type Environment, parseEnvironments } from "../environment";
import { callEachOther } from "../lab/cluster/erpc";
import { awaitMesh, desiredTasks, type Mesh, whatIsMissing } from "../lab/cluster/mesh";
import { renderMesh } from "../lab/cluster/mesh-table";
import { sandboxSupport } from "../lab/data-plane/sandbox/requirements";
import type { Lab } from "../lab/lab";
import { createPrerequisites } from "../lab/local-aws/prerequisites/prerequisites";
import { openWebPages } from "../lab/prompt/web-page";
import type { Terraform } from "../lab/local-aws/terraform/terraform";
import { negativeCases, tryCase } from "../lab/scenarios/failures/negative-cases";
import type { Finding } from "../lab/scenarios/scenario";
import { type RunningLab, Stage } from "../lab/stage";
import { Recording } from "../lab/timeline/recording";
import { timelineHtml } from "../lab/timeline/timeline-html";
import { projectRoot } from "../project-root";
import { readTextFile } from "../regular-file";
import { renderHtml, renderTerminal, reviewPlan } from "../review";
import { applySummary, resultsPage } from "./results-page";
import { readThroughLoadBalancers } from "./through-load-balancer";

/** Options of {@link runDemo}. */
export interface DemoOptions {
  /** Environments file with one environment. @default the demo's own, of two services and five tasks */
  readonly environmentsFile?: string;
  /** Whether the demo's own has a load balancer, which Terraform takes two minutes to create. @default false */
  readonly web?: boolean;
  /** File that gets the review's page. */
  readonly html: string;
  /** File that gets the timeline of what ran. */
  readonly timeline: string;
  /** Called with the running lab before everything is destroyed, for a look around. @default goes on at once */
  readonly keep?: (lab: Lab, recording: Recording) => Promise<void>;
  /** Ends the demo early; everything it started is ended too. */
  readonly signal: AbortSignal;
  /** Where text goes. */
  readonly print: (text: string) => void;
}

/** The file's one environment. */
interface DemoEnvironment {
  readonly file: string;
  readonly name: string;
  readonly environment: Environment;
}

const demoFile = (web: boolean) =>
  path.join(projectRoot, "src", "demo", web ? "environments-web.json" : "environments.json");

/**
 * The negative cases that the demo tries; `lab negative-cases` tries all. The last one leaves the layout without its rules,
 * which Terraform brings back.
 */
const triedCases = ["with another cookie", "without the rule for 4369"];

/**
 * The main job on local AWS: synthesize, plan, apply, and a second plan that must be empty; a review of the plan; then the
 * tasks start, the cluster forms, and what must not cluster doesn't; then everything is destroyed, and one page has the
 * results. No process and no file stays but the review's page and the timeline, whatever happens.
 *
 * @returns whether everything went as it must.
 * @throws Error with what went wrong, where, and what the tool that failed printed.
 */
export async function runDemo(options: DemoOptions): Promise<boolean> {
  const { html, timeline, signal, print } = options;
  const recording = new Recording();
  const steps = new Steps(signal, recording);
  const support = sandboxSupport();
  try {
    const [stage, demo] = await steps.run("Start local AWS", async () => {
      const demo = readEnvironment(options.environmentsFile ?? demoFile(options.web ?? false));
      return [await Stage.open({ region: demo.environment.region, recording, signal }), demo] as const;
    });
    try {
      const { terraform, planJson, summary } = await applyLayout(stage, demo, steps);
      const findings: Finding[] = [{ ok: true, line: "applied, and the second plan is empty" }];
      const review = await steps.run("Review the plan that was applied", (step) =>
        reviewApplied(planJson, demo.name, html, step, findings),
      );
      if ("missing" in support) await steps.skip("Start the tasks: the cluster forms", support.missing);
      else await tryCluster(stage, demo, steps, findings);
      if ("way" in support && options.keep) await keepRunning(stage, terraform, steps, options);
      await steps.run("terraform destroy", () => stage.destroy());
      print(resultsPage(summary, review, findings));
      if ("missing" in support) print(withoutNodes(support.missing));
      if (recording.hasRun) print(`\nPages: ${html} (the review), ${timeline} (the timeline of what ran)\n`);
      return findings.every(({ ok }) => ok);
    } finally {
      await stage.close();
    }
  } finally {
    if (recording.hasRun) writeFileSync(timeline, timelineHtml("npm run demo", recording.recorded()));
  }
}

/** What the demo proved without the lab, and what not. */
export const withoutNodes = (missing: string): string =>
  "\nProved: Terraform applies the layout to local AWS, a second plan is empty, and the review finds which services connect." +
  "\nNot proved: that nodes find each other, connect through the rules and survive deployments. No node was started." +
  `\n${missing}\n`;

function readEnvironment(file: string): DemoEnvironment {
  const [first] = Object.entries(parseEnvironments(readTextFile(file) ?? "", file));
  const [name, environment] = first!;
  return { file, name, environment };
}

/** From nothing to an applied layout whose second plan is empty. */
async function applyLayout(stage: Stage, { file, name, environment }: DemoEnvironment, steps: Steps) {
  await steps.run("Create the prerequisites: VPC, ECS cluster, secrets, state bucket", () =>
    createPrerequisites(stage.aws, environment),
  );
  const terraform = await steps.run("Synthesize main.ts", () => stage.synthesize(file, name));
  await steps.run("terraform init, state in S3", () => terraform.init());
  const planJson = await steps.run("terraform plan", async (step) => {
    const { add } = await terraform.plan("first");
    step.title = `terraform plan: ${add} to add`;
    return terraform.show("first");
  });
  await steps.run("terraform apply", () => terraform.apply("first"));
  const summary = await steps.run("terraform plan again", async (step) => {
    const { add, change, destroy } = await terraform.plan("second");
    if (add + change + destroy > 0) {
      throw new Error(`The second plan is not empty: ${add} to add, ${change} to change, ${destroy} to destroy.`);
    }
    step.title = "terraform plan again: empty, as it must be";
    return applySummary(JSON.parse(await terraform.showState()), await terraform.outputs());
  });
  return { terraform, planJson, summary };
}

/** Writes the review's page. @returns the review as text */
async function reviewApplied(
  planJson: string,
  name: string,
  html: string,
  step: Step,
  findings: Finding[],
): Promise<string> {
  const review = reviewPlan(JSON.parse(planJson), { name });
  writeFileSync(html, String(await renderHtml([review])));
  const errors = review.findings.filter(({ severity }) => severity === "error").length;
  const line = `${errors} errors in the review of the plan; its page with a drawing is ${html}`;
  findings.push({ ok: errors === 0, line });
  step.title = `Review the plan that was applied: ${errors} errors`;
  return String(renderTerminal([review])).trim();
}

/** The cluster forms, and with one thing wrong it doesn't. */
async function tryCluster(stage: Stage, demo: DemoEnvironment, steps: Steps, findings: Finding[]): Promise<void> {
  await steps.run("Build the sample's release", async (step) => {
    const { standIns } = await stage.release();
    if (standIns) step.title = `Build the sample's release, with stand-ins for ${standIns}`;
  });
  const { lab } = await steps.run("Start the tasks: the cluster forms", async (step) => {
    const running = await startLab(stage);
    findings.push(await formed(running, step, steps.signal));
    return running;
  });
  if (lab.loadBalancing.loadBalancers.length > 0) {
    await steps.run("Read the page through the load balancer", async (step) => {
      const read = await readThroughLoadBalancers(lab, steps.signal);
      step.output = read.map(({ line }) => line).join("\n");
      findings.push(...read);
    });
  }
  await lab.close();
  await steps
    .run("Negative tests: nodes that must not connect don't", async (step) => {
      for (const name of triedCases) {
        steps.recording.note(name);
        const negative = negativeCases.find((each) => each.name === name)!;
        const { finding } = await tryCase(negative, stage, demo.environment.releaseCookie.ssmParameter!);
        step.output = finding.line;
        findings.push(finding);
      }
      const wrong = findings.slice(-triedCases.length).filter(({ ok }) => !ok);
      if (wrong.length > 0) throw new NotProvedError(wrong.map(({ line }) => line.split(":")[0]).join(", "));
    })
    .catch((error: unknown) => {
      if (!(error instanceof NotProvedError)) throw error;
    });
}

/** Marks the step as failed; the steps after it go on, and the results have the finding. */
class NotProvedError extends Error {
  constructor(what: string) {
    super(`Not proved: ${what}`);
  }
}

const startLab = (stage: Stage): Promise<RunningLab> => stage.start({ logFolder: path.join(stage.scratch, "logs") });

async function formed({ lab, startedAt }: RunningLab, step: Step, signal: AbortSignal): Promise<Finding> {
  const mesh = await awaitMesh(lab, { signal, onProgress: progressOn(step, lab) });
  step.output = renderMesh(mesh);
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  const calls = await callEachOther(lab.tasks);
  const answered = calls.filter((call) => call.answered).length;
  const links = mesh.members.length * (mesh.members.length - 1);
  return {
    ok: answered === links,
    line: `${mesh.members.length} nodes in full mesh ${seconds} s after the lab's start; ${answered} of ${links} remote calls answered`,
  };
}

/** Shows how far a cluster is: as a live table on a terminal, and in a log a line when that has changed. */
function progressOn(step: Step, lab: Lab): (mesh: Mesh) => void {
  return (seen) => {
    const text = process.stdout.isTTY ? renderMesh(seen) : whatIsMissing(seen, desiredTasks(lab));
    if (text !== "" && text !== step.output) step.output = text;
  };
}

/** Terraform brings back what the negative tests changed, the cluster forms again, and stays until `keep` is through. */
async function keepRunning(
  stage: Stage,
  terraform: Terraform,
  steps: Steps,
  { keep, print }: DemoOptions,
): Promise<void> {
  await steps.run("terraform plan and apply: restores what the negative tests removed", async (step) => {
    const { add, change } = await terraform.plan("heal");
    await terraform.apply("heal");
    step.title = `terraform plan and apply: ${add} added, ${change} changed after the negative tests`;
  });
  const { lab } = await steps.run("Start the tasks again", async () => {
    const running = await startLab(stage);
    await awaitMesh(running.lab, { signal: steps.signal });
    return running;
  });
  const pages = await openWebPages(lab);
  for (const { url } of pages) print(`\nThe page through the load balancer: ${url}\n`);
  await keep?.(lab, steps.recording);
}

/** A step that runs: its title, and text below it. */
interface Step {
  title: string;
  output: string;
}

/** Steps one after another, with marks and durations; no further one once the demo was interrupted. */
class Steps {
  constructor(
    readonly signal: AbortSignal,
    readonly recording: Recording,
  ) {}

  /** @returns what `work` gives */
  async run<Value>(title: string, work: (step: Step) => Promise<Value>): Promise<Value> {
    this.signal.throwIfAborted();
    this.recording.note(title);
    const given: Value[] = [];
    await this.#show({ title, task: async (_context, step) => void given.push(await work(step as Step)) });
    return given[0]!;
  }

  async skip(title: string, reason: string): Promise<void> {
    await this.#show({ title, skip: reason, task: () => undefined });
  }

  async #show(task: ListrTask): Promise<void> {
    // The command line ends the demo on signals, in order.
    const options = { registerSignalListeners: false, fallbackRendererOptions: { timer: PRESET_TIMER } };
    const rendererOptions = { timer: PRESET_TIMER, collapseErrors: false, collapseSubtasks: false };
    const shown = { ...task, rendererOptions: { persistentOutput: true, outputBar: Infinity } };
    await new Listr([shown], { ...options, rendererOptions }).run();
  }
}
