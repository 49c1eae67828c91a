import { paginateDescribeNetworkInterfaces } from "@aws-sdk/client-ec2";
import { listTasks } from "../../../aws/sdk/tasks";
import type { TaskRuntime } from "../../data-plane/data-plane";
import type { Stage } from "../../stage";
import { type Finding, resultOf, type Scenario, type ScenarioOptions, seconds } from "../scenario";
import { AppliedChanges } from "../steps/applied-changes";
import { Chance } from "../steps/chance";
import { environmentOf } from "../steps/environment";
import { putBehindLoadBalancer } from "../web/web-layout";
import { fakeTimeLibrary, fakeTimePackage, fakeTimeVariables } from "./clock-steps";
import { inWords, type PlannedFault, planOf } from "./planned-fault";
import { type Played, play } from "./play";
import { shrink, type Shrunk } from "./shrink";
import { advice } from "../../../advice";

const tasks = 4;
const netTicktime = 8;
const tested = { service: "myapp", tasks, apart: ["untrusted"] };

/** Longest fault: twice the time in which a silent node is noticed. Seconds. */
const longestFault = 2 * netTicktime;

/** Seconds that the load balancer drains a target. */
const drainSeconds = 4;

/** Seconds that a node may take to start before failed health checks count: what is tested is the mesh, not this machine. */
const startSeconds = 120;

/** Minutes that a failing plan may be shrunk for. */
const shrinkMinutes = 10;

/** Random faults, drawn from a seed. @param service options of the tested service, for a negative test */
export const chaosWith = (service: object = {}): Scenario => ({
  name: "chaos",
  seconds: 160,
  proves:
    "after random faults, several at once, the history satisfies the model, no untrusted node connects, and nothing is left",
  async run(stage, options) {
    const seed = options.seed ?? Math.floor(Math.random() * 2 ** 31);
    const library = fakeTimeLibrary();
    await prepare(stage, service, library);
    const end = Date.now() + (options.minutes ?? 2) * 60_000;
    const plan = chosen(seed, options, ({ kind }) => kind !== "clock-step" || library !== undefined);
    const played = await play(plan, tested, stage, options, options.faults ? Infinity : end);
    const shrunk = played.failed ? await shrunkPlan(played, stage, options) : undefined;
    const left = await leftovers(stage);
    const worst = Math.max(0, ...played.rounds.map(({ healedMs }) => healedMs));
    const findings = [...findingsOf(played, left), ...(shrunk ? [blamed(shrunk, seed, played)] : [])];
    const count = played.rounds.reduce((sum, { faults }) => sum + faults.length, 0);
    const figure = `${count} faults in ${played.rounds.length} rounds with --seed ${seed}: whole again after ${seconds(worst)} at most`;
    const { lines, ...result } = resultOf(findings, figure, {
      seed,
      rounds: played.rounds,
      kinds: played.tally.kinds,
      left,
      shrunk,
    });
    return { ...result, lines: [...lines, ...limitsOf(played.abilities, library)] };
  },
});

export const chaos = chaosWith();

async function prepare(stage: Stage, service: object, library: string | undefined): Promise<void> {
  for (const service of tested.apart) stage.keepApart(service);
  const myapp = {
    ...{ tasks, netTicktimeSeconds: netTicktime },
    capacity: { onDemand: { base: 1, weight: 1 }, spot: { weight: 1 } },
    environment: library === undefined ? {} : fakeTimeVariables(library),
    healthCheck: { intervalSeconds: 5, timeoutSeconds: 4, startPeriodSeconds: startSeconds },
    ...service,
  };
  const untrusted = { tasks: 1, releaseName: "myapp", egress: "open" };
  await stage.apply(environmentOf({ myapp, untrusted }, { dnsTtlSeconds: 1 }));
  await putBehindLoadBalancer(stage.clients, "myapp", drainSeconds, startSeconds);
  const changes = new AppliedChanges(stage.clients);
  await changes.admitEverything("untrusted");
  await changes.setEnvironment("untrusted", { CLUSTER_NODES: "myapp@myapp.organization.local" });
}

/** The plan of a seed, or the faults of it that were asked for, without those that this machine can't carry out. */
function* chosen(
  seed: number,
  { faults: numbers }: ScenarioOptions,
  isPossible: (fault: PlannedFault) => boolean,
): Generator<PlannedFault> {
  const last = numbers ? Math.max(...numbers) : Infinity;
  for (const fault of planOf(new Chance(seed), longestFault)) {
    if (fault.number > last) return;
    if (isPossible(fault) && (numbers?.includes(fault.number) ?? true)) yield fault;
  }
}

/** What this machine can't do, and how it does what its kernel can't, in a line each. */
function limitsOf({ delay, delayedBy }: TaskRuntime["abilities"], library: string | undefined): string[] {
  const byProcess = "note: this kernel has no sch_netem: a process delays packets, and none overtakes another";
  return [
    ...(delay ? [] : ["not possible here: delays: neither sch_netem in the kernel nor Python 3"]),
    ...(delay && delayedBy !== "sch_netem" ? [byProcess] : []),
    ...(library === undefined
      ? [`not possible here: clock steps: ${advice.installDebianPackages([fakeTimePackage])}`]
      : []),
  ];
}

async function shrunkPlan({ suspects }: Played, stage: Stage, options: ScenarioOptions): Promise<Shrunk<PlannedFault>> {
  const end = Date.now() + shrinkMinutes * 60_000;
  const fails = async (faults: readonly PlannedFault[]) => {
    options.say?.(
      `shrinking: ${faults.length} of ${suspects.length} faults: ${faults.map(({ number }) => number).join(", ")}`,
    );
    return (await play(faults, tested, stage, options)).failed;
  };
  return shrink(suspects, fails, () => Date.now() < end && !options.signal?.aborted);
}

function findingsOf({ rounds, tally }: Played, left: readonly string[]): Finding[] {
  const foreign = rounds.filter(({ foreignIn }) => foreignIn).length;
  return [
    ...rounds.map(({ what, healed, healedMs }) => ({
      ok: healed,
      line: healed ? `${what}: whole again after ${seconds(healedMs)}` : `${what}: NOT whole again`,
    })),
    {
      ok: foreign === 0,
      line: `an untrusted node under the members' name in DNS was connected after ${foreign} of ${rounds.length} rounds`,
    },
    ...tally.findings(),
    { ok: left.length === 0, line: left.length === 0 ? "nothing left in AWS" : `left in AWS: ${left.join(", ")}` },
  ];
}

/** What is to blame, with the command that repeats it. */
function blamed({ items, attempts, isMinimal }: Shrunk<PlannedFault>, seed: number, { suspects }: Played): Finding {
  const what = items.map((fault) => `${fault.number} (${inWords(fault)})`).join(", ");
  const faults = items.map(({ number }) => number).join(",");
  const command = advice.npmRun("lab", ["chaos", "--seed", String(seed), "--faults", faults]);
  const size = `${items.length} of ${suspects.length} faults, after ${attempts} shorter plan${attempts === 1 ? "" : "s"}${isMinimal ? "" : " (not all were tried)"}`;
  return { ok: false, line: `shrunk to ${size}: ${what}; repeat it with: ${command}` };
}

/** What AWS should have no more once the lab has ended: running tasks and network interfaces. */
async function leftovers({ clients }: Stage): Promise<string[]> {
  const taskArns = await listTasks(clients, { cluster: "lab", desiredStatus: "RUNNING" });
  const interfaces: string[] = [];
  for await (const page of paginateDescribeNetworkInterfaces({ client: clients.ec2 }, {}))
    interfaces.push(...(page.NetworkInterfaces ?? []).map(({ NetworkInterfaceId }) => NetworkInterfaceId!));
  return [...taskArns, ...interfaces];
}
