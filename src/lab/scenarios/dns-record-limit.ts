import { pause, systemClock } from "../clock";
import { type Discovery, discoveryVariable } from "../../discovery";
import { dnsRecordLimit } from "../../distribution";
import type { RunningLab, Stage } from "../stage";
import { AppliedChanges } from "./steps/applied-changes";
import { environmentOf } from "./steps/environment";
import { type Finding, resultOf, type Scenario, type ScenarioOptions } from "./scenario";

/** How the nodes find each other: the service's option, and the container's CLUSTER_DISCOVERY. */
type DnsDiscovery = Exclude<Discovery, "none">;
/** Whether the VPC's resolver keeps an answer for its TTL, or chooses eight again for each question. */
type Answers = "random" | "cached";

interface Window {
  readonly discovery: DnsDiscovery;
  readonly tasks: number;
  readonly answers: Answers;
  readonly seconds: number;
  /** Links lost without a reason, as either end logged it. */
  readonly nodeDowns: number;
  /** Share of the window with a full mesh, 0 to 1. */
  readonly meshShare: number;
}

/** More tasks than one DNS answer names: libcluster's DNSPoll tears the cluster apart, the other discoveries don't. */
export const dnsRecordLimitScenario: Scenario = {
  name: "dns-record-limit",
  seconds: 230,
  proves:
    "with more tasks than the 8 records of one DNS answer, dnspoll keeps losing connections; dns and dns_cluster lose none",
  async run(stage, options) {
    // Of nine tasks, two answers in a row name the same eight once in nine times; of twelve, once in 495.
    const sizes = options.tasks ?? [12, 30];
    const tasks = Math.min(...sizes);
    const refusal = await stage.refusal(environmentOf({ myapp: { tasks, discovery: "dnspoll" } }));
    // A service with dns_cluster next to one with dns, in one cluster: each looks for both.
    await stage.apply(layout({ tasks, discovery: "dns_cluster" }, neighbours.dns_cluster));
    const windows = await measure("dns_cluster", [tasks], stage, options);
    await stage.apply(layout({ tasks }, neighbours.dns));
    windows.push(...(await measure("dns", sizes, stage, options)));
    // Synth refuses this, so it is a revision registered through the API: what a user of plain DNSPoll has.
    await new AppliedChanges(stage.clients).setEnvironment("myapp", { [discoveryVariable]: "dnspoll" });
    // At a larger size the losses alone would keep this machine busy.
    windows.push(...(await measure("dnspoll", [tasks], stage, options)));
    const synth: Finding = {
      ok: refusal !== undefined && refusal.includes("DNSPoll then disconnects"),
      line: `synth refuses dnspoll with ${tasks} tasks: ${refusal ?? "no, it does not"}`,
    };
    return resultOf([synth, ...windows.map(finding)], figure(windows), { windows });
  },
};

/** Tasks of the other service in the cluster. */
const neighbours: Readonly<Record<DnsDiscovery, number>> = { dns_cluster: 1, dns: 0, dnspoll: 0 };

const layout = (myapp: object, others: number) =>
  environmentOf({ myapp: { cluster: "lab", ...myapp }, jobs: { cluster: "lab", tasks: others } });

/** DNSCluster polls too seldom to tell cached answers from others. */
const answersOf = (discovery: DnsDiscovery): readonly Answers[] =>
  discovery === "dns_cluster" ? ["random"] : ["random", "cached"];

/** One lab for all sizes, scaled up from one to the next. */
async function measure(
  discovery: DnsDiscovery,
  sizes: readonly number[],
  stage: Stage,
  options: ScenarioOptions,
): Promise<Window[]> {
  // Even after another discovery, which left the service with its last size.
  await new AppliedChanges(stage.clients).scale("myapp", sizes[0]!);
  const watchAll = async (running: RunningLab) => {
    const windows: Window[] = [];
    for (const [index, tasks] of sizes.entries()) {
      if (index > 0) await running.lab.updateService("myapp", { desiredCount: tasks });
      options.say?.(`${discovery}, ${tasks} tasks: waiting until ECS is steady`);
      await running.lab.steady({ signal: options.signal });
      for (const answers of answersOf(discovery)) {
        windows.push(await watch(running, { discovery, tasks, answers }, options));
      }
    }
    return windows;
  };
  return stage.lab(watchAll, discovery === "dnspoll" ? { breaks: ["no-loss-without-cause"] } : {});
}

async function watch(
  { lab, cluster, waits }: RunningLab,
  what: Pick<Window, "discovery" | "tasks" | "answers">,
  { say, seconds = 20 }: ScenarioOptions,
): Promise<Window> {
  await lab.runtime.configureResolver({ cache: what.answers === "cached" });
  const nodes = what.tasks + neighbours[what.discovery];
  await waits.living(nodes);
  // Measured from a full mesh on: what is asked is whether it stays. DNSPoll may have none to begin with.
  if (what.discovery !== "dnspoll") await waits.meshed(nodes);
  else await waits.until(() => cluster.isMesh(nodes), lab.bounds.join);
  say?.(`${what.discovery}, ${what.tasks} tasks, answers ${what.answers}: watching for ${seconds} s`);
  const from = Date.now();
  await pause(systemClock, seconds * 1000);
  const to = Date.now();
  return { ...what, seconds, nodeDowns: cluster.losses(from), meshShare: cluster.meshShare(from, to) };
}

const percent = (share: number) => `${Math.round(share * 1000) / 10} %`;

function finding({ discovery, tasks, answers, seconds, nodeDowns, meshShare }: Window): Finding {
  const line = `${discovery}, ${tasks} tasks, answers ${answers}: ${nodeDowns} nodedown in ${seconds} s, full mesh ${percent(meshShare)} of the time`;
  const flaps = nodeDowns > 0 && meshShare < 1;
  const stays = nodeDowns === 0 && meshShare === 1;
  return { ok: discovery !== "dnspoll" ? stays : tasks > dnsRecordLimit ? flaps : stays, line };
}

function figure(windows: readonly Window[]): string {
  const of = (discovery: DnsDiscovery) => {
    const own = windows.filter((window) => window.discovery === discovery);
    const nodeDowns = own.map((window) => window.nodeDowns);
    const least = Math.min(...own.map(({ meshShare }) => meshShare));
    const sizes = [...new Set(own.map(({ tasks }) => tasks))].join(" and ");
    return `with ${sizes} tasks ${Math.min(...nodeDowns)} to ${Math.max(...nodeDowns)} nodedown, mesh down to ${percent(least)}`;
  };
  return `dnspoll ${of("dnspoll")}; dns ${of("dns")}; dns_cluster ${of("dns_cluster")}`;
}
