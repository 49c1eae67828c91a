import { pause, systemClock } from "../clock";
import { dnsRecordLimit } from "../../distribution";
import type { RunningLab, Stage } from "../stage";
import { AppliedChanges } from "./steps/applied-changes";
import { environmentOf } from "./steps/environment";
import { type Finding, resultOf, type Scenario, type ScenarioOptions } from "./scenario";

/** The app's ways to take a DNS answer, as CLUSTER_RESOLVER names them. */
type AppResolver = "stock" | "members";
/** Whether the VPC's resolver keeps an answer for its TTL, or chooses eight again for each question. */
type Answers = "random" | "cached";

interface Window {
  readonly resolver: AppResolver;
  readonly tasks: number;
  readonly answers: Answers;
  readonly seconds: number;
  /** Links lost without a reason, as either end logged it. */
  readonly nodeDowns: number;
  /** Share of the window with a full mesh, 0 to 1. */
  readonly meshShare: number;
}

/** More tasks than one DNS answer names: stock DNSPoll tears the cluster apart, the members' resolver does not. */
export const dnsRecordLimitScenario: Scenario = {
  name: "dns-record-limit",
  proves: "beyond the 8 records of one DNS answer a cluster with stock DNSPoll flaps; with members kept it never does",
  async run(stage, options) {
    const sizes = options.tasks ?? [9, 12, 30];
    const stock = sizes.map((tasks) => environmentOf({ myapp: { tasks, resolver: "stock" } }));
    const refusal = await stage.refusal(stock[0]!);
    await stage.apply(environmentOf({ myapp: { tasks: sizes[0]! } }));
    const windows = await measure("members", sizes, stage, options);
    // Synth refuses this, so it is a revision registered through the API: what a user of plain DNSPoll has.
    await new AppliedChanges(stage.clients).setEnvironment("myapp", { CLUSTER_RESOLVER: "stock" });
    windows.push(...(await measure("stock", sizes, stage, options)));
    const synth: Finding = {
      ok: refusal !== undefined && refusal.includes("stock DNSPoll"),
      line: `synth refuses stock DNSPoll with ${sizes[0]} tasks: ${refusal ?? "no, it does not"}`,
    };
    return resultOf([synth, ...windows.map(finding)], figure(windows), { windows });
  },
};

/** One lab for all sizes, scaled up from one to the next. */
async function measure(
  resolver: AppResolver,
  sizes: readonly number[],
  stage: Stage,
  options: ScenarioOptions,
): Promise<Window[]> {
  return stage.lab(async (running) => {
    const windows: Window[] = [];
    for (const [index, tasks] of sizes.entries()) {
      if (index > 0) await running.lab.updateService("myapp", { desiredCount: tasks });
      options.say?.(`${resolver}, ${tasks} tasks: waiting until ECS is steady`);
      await running.lab.steady({ signal: options.signal });
      for (const answers of ["random", "cached"] as const) {
        windows.push(await watch(running, { resolver, tasks, answers }, options));
      }
    }
    return windows;
  });
}

async function watch(
  { lab, cluster, waits }: RunningLab,
  what: Pick<Window, "resolver" | "tasks" | "answers">,
  { say, seconds = 30 }: ScenarioOptions,
): Promise<Window> {
  await lab.runtime.configureResolver({ cache: what.answers === "cached" });
  // Measured from a full mesh on: what is asked is whether it stays. Stock may have none to begin with.
  if (what.resolver === "members") await waits.meshed(what.tasks);
  else await waits.until(() => cluster.isMesh(what.tasks), lab.bounds.join);
  say?.(`${what.resolver}, ${what.tasks} tasks, answers ${what.answers}: watching for ${seconds} s`);
  const from = Date.now();
  await pause(systemClock, seconds * 1000);
  const to = Date.now();
  return { ...what, seconds, nodeDowns: cluster.losses(from), meshShare: cluster.meshShare(from, to) };
}

const percent = (share: number) => `${Math.round(share * 1000) / 10} %`;

function finding({ resolver, tasks, answers, seconds, nodeDowns, meshShare }: Window): Finding {
  const line = `${resolver}, ${tasks} tasks, answers ${answers}: ${nodeDowns} nodedown in ${seconds} s, full mesh ${percent(meshShare)} of the time`;
  const flaps = nodeDowns > 0 && meshShare < 1;
  const stays = nodeDowns === 0 && meshShare === 1;
  return { ok: resolver === "members" ? stays : tasks > dnsRecordLimit ? flaps : stays, line };
}

function figure(windows: readonly Window[]): string {
  const of = (resolver: AppResolver) => {
    const own = windows.filter((window) => window.resolver === resolver);
    const nodeDowns = own.map((window) => window.nodeDowns);
    const least = Math.min(...own.map(({ meshShare }) => meshShare));
    return `${Math.min(...nodeDowns)} to ${Math.max(...nodeDowns)} nodedown, mesh down to ${percent(least)}`;
  };
  const sizes = [...new Set(windows.map(({ tasks }) => tasks))].join(", ");
  return `${sizes} tasks: stock ${of("stock")}; members ${of("members")}`;
}
