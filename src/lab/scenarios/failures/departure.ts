import { pause, systemClock } from "../../clock";
import type { ClusterWatch } from "../../cluster/cluster-watch";
import { nodeName, saidBy } from "../../cluster/erpc";
import type { FargateTask } from "../../control-plane/task/fargate-task";
import type { RunningLab, Stage } from "../../stage";
import { attempted } from "../steps/attempted";
import { environmentOf } from "../steps/environment";
import { stop, stopAndDrain } from "../steps/slow-leave";
import { type Finding, resultOf, type Scenario, type ScenarioOptions, seconds } from "../scenario";

const tasks = 6;
/** Both ends of every link between the tasks that stay. */
const links = (tasks - 1) * (tasks - 2);

/** How a node leaves the cluster, and lives on. */
interface Way {
  readonly name: string;
  /** Makes it leave and live on for so many seconds. */
  leave(leaver: FargateTask, drainSeconds: number, running: RunningLab, stage: Stage): Promise<void>;
  /** Whether the others must lose links among themselves: the negative test. */
  readonly harmful?: true;
}

/**
 * How often the negative test is tried until links are lost. In about one of eleven tries none is: the leaver closes all its
 * links before its `global` reports the first of them to the others. That five tries in a row lose none: 1 in 160,000.
 */
const maxAttempts = 5;

/** Stops the sample's application alone: its node leaves, as at SIGTERM, but the Erlang VM goes on. */
const stopApplication = ":ok = Application.stop(:myapp)";

/**
 * The sample's departure as it was: every link closed for itself. At SIGTERM that does no harm on OTP 25.2, since
 * `init:stop` tells `global` first (`global:prepare_shutdown/0`); in a VM that isn't stopping it does.
 */
const oneByOne = `
  Code.compiler_options(ignore_module_conflict: true)
  defmodule Myapp.Cluster.Departure do
    def terminate(_reason, _state) do
      :net_kernel.allow([node()])
      Enum.each(Node.list(), &Node.disconnect/1)
    end
  end`;

const ways: readonly Way[] = [
  { name: "at SIGTERM, and draining", leave: stopAndDrain },
  { name: "application stopped, VM not", leave: (leaver) => saidBy(leaver, stopApplication).then() },
  {
    name: "negative test, the same with Node.disconnect/1 for each peer",
    leave: (leaver) => saidBy(leaver, `${oneByOne}\n${stopApplication}`).then(),
    harmful: true,
  },
];

/** What was seen while one of the tasks left. */
interface Departed {
  readonly way: string;
  /** Milliseconds in which the leaver lived after all others had lost it; 0 when they never did. */
  readonly livedOnMs: number;
  /** Ends of links between the tasks that stay that were lost meanwhile. */
  readonly lost: number;
  /** Whether the tasks that stay were one mesh in the end. */
  readonly whole: boolean;
  /** How often the task left until that was seen. */
  readonly attempts: number;
}

/** One of six tasks leaves the cluster and takes long to end, as when it finishes requests or jobs. */
export const departure: Scenario = {
  name: "departure",
  seconds: 190,
  proves: "while a task that left the cluster drains for 20 s, the other tasks keep all their connections",
  async run(stage, options) {
    const drainSeconds = options.seconds ?? 20;
    // A node whose application is stopped answers no health check, and it is to live on.
    await stage.apply(environmentOf({ myapp: { tasks, healthCheck: false } }));
    const departAll = async (running: RunningLab) => {
      const all: Departed[] = [];
      for (const way of ways) {
        const attempt = () => depart(way, drainSeconds, running, stage, options);
        const { value, attempts } = await attempted(way.harmful ? maxAttempts : 1, attempt, ({ lost }) => lost > 0);
        all.push({ ...value, attempts });
      }
      return all;
    };
    const departed = await stage.lab(departAll, { breaks: ["no-loss-without-cause"] });
    const findings = departed.map((each, index) => finding(each, ways[index]!, drainSeconds));
    const lost = departed.map((each) => each.lost);
    const figure = `${lost[0]} and ${lost[1]} of ${links} links lost between those that stay; with Node.disconnect/1 ${lost[2]}`;
    return resultOf(findings, figure, { tasks, drainSeconds, departed });
  },
};

/** A task leaves, lives on, and ends; ECS replaces it before the next one leaves. */
async function depart(
  way: Way,
  drainSeconds: number,
  running: RunningLab,
  stage: Stage,
  { say, signal }: ScenarioOptions,
): Promise<Omit<Departed, "attempts">> {
  const { lab, cluster, waits } = running;
  say?.(`${tasks} tasks; one leaves: ${way.name}`);
  await lab.steady({ signal });
  await waits.meshed(tasks);
  const [leaver, ...others] = [...lab.tasks] as [FargateTask, ...FargateTask[]];
  const staying = others.map(addressOf);
  const from = Date.now();
  await way.leave(leaver, drainSeconds, running, stage);
  const out = () => observersOf(addressOf(leaver), from, cluster) === staying.length;
  const { value: left } = await waits.until(out, lab.bounds.join);
  const leftAt = left ? Date.now() : Infinity;
  say?.(`${nodeName(leaver)} lives on for ${drainSeconds} s`);
  await Promise.race([leaver.stopped, pause(systemClock, drainSeconds * 1000)]);
  const livedOnMs = Math.max(0, Date.now() - leftAt);
  const lost = lostAmong(staying, from, cluster);
  const { value: whole = false } = await waits.until(() => isWhole(staying, cluster), lab.bounds.mesh);
  await stop(leaver, running, stage);
  await leaver.stopped;
  return { way: way.name, livedOnMs, lost, whole };
}

const addressOf = (task: FargateTask): string => task.networkInterface!.address;

/** How many nodes have lost the one at `address`. */
function observersOf(address: string, from: number, { nodeDowns }: ClusterWatch): number {
  const downs = nodeDowns.filter(({ at, peer }) => at >= from && peer === address);
  return new Set(downs.map(({ observer }) => observer)).size;
}

function lostAmong(addresses: readonly string[], from: number, { nodeDowns }: ClusterWatch): number {
  const ends = nodeDowns
    .filter(({ at, observer, peer }) => at >= from && addresses.includes(observer) && addresses.includes(peer))
    .map(({ observer, peer }) => `${observer} ${peer}`);
  return new Set(ends).size;
}

function isWhole(addresses: readonly string[], { living }: ClusterWatch): boolean {
  return addresses.every((address) => {
    const peers = living.find((node) => node.address === address)?.peers;
    return addresses.every((other) => other === address || peers?.has(other));
  });
}

function finding(
  { livedOnMs, lost, whole, attempts }: Departed,
  { name, harmful }: Way,
  drainSeconds: number,
): Finding {
  const livedOn = livedOnMs >= drainSeconds * 1000 * 0.9;
  const line =
    `${name}: ${lost} of ${links} links lost between the ${tasks - 1} that stay${harmful ? ` (must be some; attempt ${attempts} of ${maxAttempts})` : ""}, ` +
    (livedOn
      ? `while the leaver lived on for ${seconds(livedOnMs)}`
      : `but the leaver lived on for ${seconds(livedOnMs)} only, which proves nothing`) +
    (whole ? "" : "; NOT one mesh in the end");
  return { ok: livedOn && whole && (harmful ? lost > 0 : lost === 0), line };
}
