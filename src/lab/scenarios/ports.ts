import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { defaultDistributionPorts, epmdPort } from "../../distribution";
import { saidBy } from "../cluster/erpc";
import type { FargateTask } from "../control-plane/task/fargate-task";
import { Images } from "../control-plane/images";
import type { Stage } from "../stage";
import { environmentOf } from "./steps/environment";
import { type Finding, resultOf, type Scenario, type ScenarioOptions } from "./scenario";
import { deniedAt, passedTo, type Traffic, traffic } from "./steps/traffic";

const count = 2;
const callsMade = 600;
/** The port that a well-known guide opens for erpc. */
const guidesPort = 9090;
const { from: first, to: last } = defaultDistributionPorts;

/** Counted packets: which ports distribution and erpc need, and what becomes of a range given to the remote shell alone. */
export const ports: Scenario = {
  name: "ports",
  seconds: 30,
  proves:
    "erpc uses the distribution connection, not port 9090; the port range must be set for the node, not for the remote shell",
  async run(stage, options) {
    await stage.apply(environmentOf({ myapp: { tasks: count } }, { dnsTtlSeconds: 1 }));
    const called = await callThrough(stage, options);
    const shell = await rangeOfTheShellAlone(stage, options);
    return resultOf(
      [erpcFinding(called), shellFinding(shell)],
      `${called.answered} of ${callsMade} erpc calls answered, ${passedTo(called.traffic, guidesPort)} packets to 9090; ` +
        `range in remote.vm.args alone: ${shell.links} links`,
      { calls: callsMade, ...called, rangeInRemoteVmArgsAlone: shell },
    );
  },
};

interface Called {
  readonly answered: number;
  readonly traffic: Traffic;
  /** Ports that the two nodes listen on, without epmd's. */
  readonly listening: readonly number[];
}

async function callThrough(stage: Stage, { say }: ScenarioOptions): Promise<Called> {
  say?.(`${callsMade} erpc calls between two nodes`);
  return stage.lab(async ({ lab, waits }) => {
    await waits.meshed(count);
    const answers = await saidBy(
      lab.tasks[0]!,
      `peer = hd(Node.list())
       IO.puts(Enum.count(1..${callsMade}, fn _ -> :erpc.call(peer, Node, :self, []) == peer end))`,
    );
    return { answered: Number(answers), traffic: await traffic(lab), listening: await listening(lab.tasks) };
  });
}

async function listening(tasks: readonly FargateTask[]): Promise<number[]> {
  const ports: number[] = [];
  for (const task of tasks) {
    const registered = await saidBy(
      task,
      `{:ok, names} = :erl_epmd.names(); IO.puts(Enum.map_join(names, " ", &elem(&1, 1)))`,
    );
    ports.push(Number(registered.split(/\s+/)[0]));
  }
  return ports;
}

interface ShellAlone {
  readonly links: number;
  readonly traffic: Traffic;
  readonly listening: readonly number[];
}

async function rangeOfTheShellAlone(stage: Stage, { say }: ScenarioOptions): Promise<ShellAlone> {
  say?.("the same release, its range in remote.vm.args alone");
  const images = new Images([], await releaseWithRangeForTheShellAlone(stage));
  return stage.lab(
    async ({ lab, cluster, waits }) => {
      await waits.living(count);
      await waits.until(() => cluster.links.length > 0, lab.bounds.join);
      return { links: cluster.links.length, traffic: await traffic(lab), listening: await listening(lab.tasks) };
    },
    { images },
  );
}

/** A copy of the release as the guide would have it: env.sh gives the node no range, remote.vm.args has one. */
async function releaseWithRangeForTheShellAlone(stage: Stage): Promise<string> {
  const folder = path.join(stage.scratch, "range-of-the-shell-alone");
  cpSync((await stage.release()).folder, folder, { recursive: true, verbatimSymlinks: true });
  const releases = path.join(folder, "releases");
  const version = readdirSync(releases, { withFileTypes: true }).find((entry) => entry.isDirectory())!.name;
  const range = `-kernel inet_dist_listen_min $DISTRIBUTION_PORT_MIN inet_dist_listen_max $DISTRIBUTION_PORT_MAX`;
  const envSh = path.join(releases, version, "env.sh");
  const text = readFileSync(envSh, "utf8");
  if (!text.includes(range)) throw new Error(`${envSh} gives the node no port range that could be taken away.`);
  writeFileSync(envSh, text.replace(range, ""));
  const remoteVmArgs = path.join(releases, version, "remote.vm.args");
  const shellRange = `-kernel inet_dist_listen_min ${first} inet_dist_listen_max ${last}`;
  writeFileSync(remoteVmArgs, `${readFileSync(remoteVmArgs, "utf8")}\n${shellRange}\n`);
  return folder;
}

const isInRange = (port: number) => port >= first && port <= last;

function erpcFinding({ answered, traffic, listening }: Called): Finding {
  const ours = Object.keys(traffic.passed).map(Number).sort();
  const [to9090, toNode] = [passedTo(traffic, guidesPort), passedTo(traffic, first, last)];
  const ok =
    answered === callsMade &&
    listening.every(isInRange) &&
    ours.every((port) => port === epmdPort || isInRange(port)) &&
    traffic.denied.length === 0 &&
    toNode > 0;
  const line = `${answered} of ${callsMade} erpc calls answered: ${toNode} packets to ${listening.join(" and ")}, ${to9090} to 9090; ports used: ${ours.join(", ")}`;
  return { ok, line };
}

function shellFinding({ links, traffic, listening }: ShellAlone): Finding {
  const denied = listening.reduce((sum, port) => sum + deniedAt(traffic, "ingress", port), 0);
  const ok = links === 0 && !listening.some(isInRange) && denied > 0;
  const line = `range in remote.vm.args alone: the nodes listen on ${listening.join(" and ")}, ${denied} packets to these denied by the receiver's groups, ${links} links`;
  return { ok, line };
}
