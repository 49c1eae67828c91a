import { keepCalling, nodeName } from "../../cluster/erpc";
import type { RunningLab, Stage } from "../../stage";
import { environmentOf } from "../steps/environment";
import { alarms, alarmWatch, reportingEvery } from "../steps/watched-alarms";
import { type Finding, resultOf, type Scenario, type ScenarioOptions, seconds } from "../scenario";

/** Tasks of the service that is not deployed, and calls throughout. */
const bystanders = 2;

/** One deployment, and what the cluster noticed of it. */
interface Rolled {
  readonly tasks: number;
  readonly deploymentMs: number;
  /** Whether all new nodes see each other and the bystanders, and no old one is left. */
  readonly complete: boolean;
  /** Most partitions at once of nodes that had joined. */
  readonly maxPartitions: number;
  /** Longest time that two living nodes did not see each other, having done so before. */
  readonly longestGapMs: number;
  /** Longest time from a new node's start until it saw one that lived already. */
  readonly longestJoinMs: number;
  readonly losses: number;
  readonly calls: number;
  readonly failedCalls: number;
  readonly slowestCallMs: number;
  /** Names of the alarms that went off. */
  readonly alarms: readonly string[];
}

/** A rolling deployment of the whole service while another one goes on calling. */
export const rolling: Scenario = {
  name: "rolling",
  seconds: 90,
  proves:
    "a rolling deployment never splits the cluster: new nodes join, old ones leave, and the others keep their connections, and no alarm goes off",
  async run(stage, options) {
    const results: Rolled[] = [];
    for (const tasks of options.tasks ?? [3, 12]) results.push(await roll(tasks, stage, options));
    const worst = (of: (rolled: Rolled) => number) => Math.max(...results.map(of));
    return resultOf(
      results.map(finding),
      `at most ${worst(({ maxPartitions }) => maxPartitions)} partition, longest gap between living nodes ` +
        `${worst(({ longestGapMs }) => longestGapMs)} ms, new nodes in after ${seconds(worst(({ longestJoinMs }) => longestJoinMs))} at most, ` +
        `${results.reduce((sum, { failedCalls }) => sum + failedCalls, 0)} of ${results.reduce((sum, { calls }) => sum + calls, 0)} calls failed`,
      { deployments: results },
    );
  },
};

/** Of CloudWatch's periods: 12 s for a minute, in which many nodes start on few cores. */
const factor = 0.2;

const environment = (tasks: number, version: string) =>
  environmentOf(
    {
      myapp: { cluster: "lab", tasks, environment: { VERSION: version, ...reportingEvery(factor) } },
      myapp2: { cluster: "lab", tasks: bystanders, environment: reportingEvery(factor) },
    },
    { alarms },
  );

async function roll(tasks: number, stage: Stage, { say, signal }: ScenarioOptions): Promise<Rolled> {
  await stage.apply(environment(tasks, "1"));
  const watch = await alarmWatch(stage, factor);
  const rolled = async ({ lab, cluster, waits }: RunningLab): Promise<Rolled> => {
    say?.(`${tasks} tasks and ${bystanders} of another service: waiting until ECS is steady`);
    await lab.steady({ signal });
    await waits.meshed(tasks + bystanders);
    const old = lab.service("myapp").tasks.map((task) => task.networkInterface!.address);
    const report = await callAmongBystanders({ lab });
    say?.(`${tasks} tasks: a new task definition by terraform apply`);
    const from = Date.now();
    watch.start();
    await stage.apply(environment(tasks, "2"));
    await lab.sync();
    await lab.steady({ signal });
    const deploymentMs = Date.now() - from;
    const { value: complete = false } = await waits.mesh(tasks + bystanders);
    const left = cluster.living.filter(({ address }) => old.includes(address)).length;
    const { calls, failed, slowestMs } = await report();
    return {
      tasks,
      deploymentMs,
      complete: complete && left === 0,
      maxPartitions: cluster.maxPartitions(from),
      longestGapMs: cluster.longestGapMs(),
      longestJoinMs: cluster.longestJoinMs,
      losses: cluster.losses(from),
      calls,
      failedCalls: failed,
      slowestCallMs: slowestMs,
      alarms: watch.wentOff(from),
    };
  };
  return stage.lab(rolled, {}, watch.take).finally(() => watch.stop());
}

/** The nodes that stay call each other throughout. */
async function callAmongBystanders({ lab }: Pick<RunningLab, "lab">) {
  const tasks = lab.service("myapp2").tasks;
  const reports = await Promise.all(
    tasks.map((task) => keepCalling(task, tasks.filter((other) => other !== task).map(nodeName))),
  );
  return async () => {
    const tallies = await Promise.all(reports.map((report) => report()));
    return {
      calls: tallies.reduce((sum, { calls }) => sum + calls, 0),
      failed: tallies.reduce((sum, { failed }) => sum + failed, 0),
      slowestMs: Math.max(...tallies.map(({ slowestMs }) => slowestMs)),
    };
  };
}

function finding(rolled: Rolled): Finding {
  const { tasks, complete, maxPartitions, longestGapMs, losses, calls, failedCalls, alarms } = rolled;
  const line =
    `${tasks} tasks, deployed in ${seconds(rolled.deploymentMs)}: ${complete ? "all new nodes in one mesh" : "NO full mesh"}, ` +
    `${losses} links lost between living nodes, longest gap ${longestGapMs} ms, at most ${maxPartitions} partition, ` +
    `a new node in after ${seconds(rolled.longestJoinMs)} at most; ${failedCalls} of ${calls} calls between those who stay failed, ` +
    `slowest ${rolled.slowestCallMs} ms; alarms that went off: ${alarms.join(", ") || "none"}`;
  const ok =
    complete &&
    maxPartitions === 1 &&
    losses === 0 &&
    longestGapMs === 0 &&
    calls > 0 &&
    failedCalls === 0 &&
    alarms.length === 0;
  return { ok, line };
}
