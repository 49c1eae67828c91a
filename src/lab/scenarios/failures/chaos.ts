import { paginateDescribeNetworkInterfaces } from "@aws-sdk/client-ec2";
import { listTasks } from "../../../aws/sdk/tasks";
import { cleanLeaveSeconds, netSetupSeconds, silentLossSeconds } from "../../../distribution";
import { pause, systemClock } from "../../clock";
import type { Lab } from "../../lab";
import type { RunningLab, Stage } from "../../stage";
import { type Bound, timersOf, sumOf } from "../../waiting/wait";
import { AppliedChanges } from "../steps/applied-changes";
import { Chance } from "../steps/chance";
import { environmentOf } from "../steps/environment";
import { registerAmongMembers } from "./untrusted-node";
import { resultOf, type Scenario, type ScenarioOptions, seconds } from "../scenario";

const tasks = 4;
const netTicktime = 8;

/** What one round did, and how long the cluster took to be whole again. */
interface Round {
  readonly what: string;
  readonly healedMs: number;
  /** Whether that was within what a loss, a replacement and a join may take. */
  readonly healed: boolean;
  /** Whether the untrusted node had a link after it. */
  readonly foreignIn: boolean;
}

/** Random faults one after another, drawn from a seed; the invariants are looked at after each. */
export const chaos: Scenario = {
  name: "chaos",
  proves:
    "after any failures in any order, the mesh is complete again within a bound, no untrusted node connects, and nothing is left",
  async run(stage, options) {
    const seed = options.seed ?? Math.floor(Math.random() * 2 ** 31);
    await stage.apply(
      environmentOf(
        {
          myapp: { tasks, netTicktimeSeconds: netTicktime },
          untrusted: { tasks: 1, releaseName: "myapp", egress: "open" },
        },
        { dnsTtlSeconds: 1 },
      ),
    );
    const changes = new AppliedChanges(stage.clients);
    await changes.admitEverything("untrusted");
    await changes.setEnvironment("untrusted", { CLUSTER_NODES: "myapp@myapp.organization.local" });
    const rounds = await stage.lab((running) => play(running, stage, new Chance(seed), options));
    const left = await leftovers(stage);
    const worst = Math.max(...rounds.map(({ healedMs }) => healedMs));
    const foreign = rounds.filter(({ foreignIn }) => foreignIn).length;
    const findings = [
      ...rounds.map(({ what, healed, healedMs }) => ({
        ok: healed,
        line: `${what}: whole again after ${seconds(healedMs)}`,
      })),
      {
        ok: foreign === 0,
        line: `an untrusted node under the members' name in DNS was connected after ${foreign} of ${rounds.length} rounds`,
      },
      { ok: left.length === 0, line: left.length === 0 ? "nothing left in AWS" : `left in AWS: ${left.join(", ")}` },
    ];
    const figure = `${rounds.length} rounds with --seed ${seed}: whole again after ${seconds(worst)} at most`;
    return resultOf(findings, figure, { seed, rounds, left });
  },
};

async function play(running: RunningLab, stage: Stage, chance: Chance, options: ScenarioOptions): Promise<Round[]> {
  const { lab, cluster, waits } = running;
  await lab.steady({ signal: options.signal });
  await waits.mesh(tasks, "myapp");
  const end = Date.now() + (options.minutes ?? 2) * 60_000;
  const rounds: Round[] = [];
  while (Date.now() < end) {
    options.signal?.throwIfAborted();
    const untrusted = await registerAmongMembers(running, stage);
    const what = await strike(running, chance);
    options.say?.(what);
    const from = Date.now();
    // What was struck may not have shown yet; after a fault that healed in time it never will.
    const isWhole = () => cluster.isMesh(tasks, "myapp") && lab.service("myapp").steady;
    await waits.until(() => !isWhole(), timersOf({ "clean leave": cleanLeaveSeconds }));
    const { value: whole = false } = await waits.until(isWhole, healingBound(lab));
    const healedMs = whole ? Date.now() - from : Infinity;
    const foreignIn = cluster.living.some(({ service, peers }) =>
      service === "untrusted" ? peers.size > 0 : peers.has(untrusted),
    );
    rounds.push({ what, healedMs, healed: whole, foreignIn });
    if (!whole) break;
  }
  return rounds;
}

/** Until every two living nodes see each other again: the loss is noticed, a task is replaced, and nodes dial each other. */
const healingBound = (lab: Lab): Bound =>
  sumOf(
    timersOf({
      "silent loss": silentLossSeconds(netTicktime)[1],
      "an unanswered dial": netSetupSeconds,
      "stop timeout": Math.max(
        ...lab.service("myapp").timing.containers.map(({ stopTimeoutSeconds }) => stopTimeoutSeconds),
      ),
    }),
    lab.bounds.mesh,
  );

/** One fault from its begin to its end; gives what it was. */
async function strike({ lab, cluster }: RunningLab, chance: Chance): Promise<string> {
  const members = cluster.living
    .filter(({ service }) => service === "myapp")
    .map(({ address }) => address)
    .sort();
  const one = chance.of(members);
  const other = chance.of(members.filter((address) => address !== one));
  const lasting = chance.between(1, netTicktime * 2);
  const during = async (faults: Parameters<typeof lab.runtime.applyFaults>[0]) => {
    await lab.runtime.applyFaults(faults);
    await pause(systemClock, lasting * 1000);
    await lab.runtime.applyFaults({});
  };
  const victim = lab.service("myapp").tasks.find((task) => task.networkInterface?.address === one);
  const recordStays = Math.round(chance.between(0, 30));
  const strikes: readonly [string, () => Promise<void>][] = [
    [`${one} killed, its record left for ${recordStays} s`, () => lab.kill(victim!.id, recordStays)],
    [`${one} cut off for ${lasting.toFixed(1)} s`, () => during({ cutTasks: [one] })],
    [`${one} and ${other} cut apart for ${lasting.toFixed(1)} s`, () => during({ cutLinks: [[one, other]] })],
    [`DNS silent for ${lasting.toFixed(1)} s`, () => during({ dnsSilent: true })],
    ["a deployment", () => lab.updateService("myapp", { forceNewDeployment: true })],
  ];
  const [what, begin] = chance.of(strikes);
  await begin();
  return what;
}

/** What AWS should have no more once the lab has ended: running tasks and network interfaces. */
async function leftovers({ clients }: Stage): Promise<string[]> {
  const taskArns = await listTasks(clients, { cluster: "lab", desiredStatus: "RUNNING" });
  const interfaces: string[] = [];
  for await (const page of paginateDescribeNetworkInterfaces({ client: clients.ec2 }, {}))
    interfaces.push(...(page.NetworkInterfaces ?? []).map(({ NetworkInterfaceId }) => NetworkInterfaceId!));
  return [...taskArns, ...interfaces];
}
