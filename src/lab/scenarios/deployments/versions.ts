import { saidBy } from "../../cluster/erpc";
import type { Lab } from "../../lab";
import type { Stage } from "../../stage";
import { environmentOf } from "../steps/environment";
import { VersionWatch } from "../steps/version-watch";
import { type Finding, resultOf, type Scenario, type ScenarioOptions, seconds } from "../scenario";

type Versions = "together" | "apart";

/** Tasks of the second service of the cluster. */
const others = 1;

/** One deployment of another image to the whole cluster, and which nodes saw each other. */
interface Deployed {
  readonly versions: Versions;
  readonly tasks: number;
  readonly deploymentMs: number;
  /** Whether all new nodes see each other, and no old one is left. */
  readonly complete: boolean;
  /** How often a node saw one of the other version. */
  readonly crossLinks: number;
  /** Most partitions at once of old nodes. */
  readonly oldPartitions: number;
  /** Links lost between living nodes of one version. */
  readonly losses: number;
  /** Longest time that two living nodes of one version did not see each other, having done so before. */
  readonly longestGapMs: number;
  /** Longest time from a new node's start until it saw one of its version that lived already. */
  readonly longestJoinMs: number;
  /** Connections that libcluster tried without success. */
  readonly failedAttempts: number;
  /** Names of the new nodes, as their releases' `rpc` gives them, without addresses. */
  readonly basenames: readonly string[];
}

/** A rolling deployment of another image, with versions apart; and with versions together, as the negative test. */
export const versions: Scenario = {
  name: "versions",
  seconds: 140,
  proves:
    "with versions apart, a rolling deployment connects no old node to a new one, and the nodes of each version stay one cluster",
  async run(stage, options) {
    const sizes = options.tasks ?? [3, 12];
    const apart: Deployed[] = [];
    for (const tasks of sizes) apart.push(await deploy("apart", tasks, stage, options));
    const together = await deploy("together", sizes[0]!, stage, options);
    const worst = (of: (deployed: Deployed) => number) => Math.max(...apart.map(of));
    return resultOf(
      [...apart.map(separated), mixed(together)],
      `${worst(({ crossLinks }) => crossLinks)} connections between old and new nodes with versions apart, ${together.crossLinks} with versions together; ` +
        `new nodes in after ${seconds(worst(({ longestJoinMs }) => longestJoinMs))} at most`,
      { apart, together },
    );
  },
};

const environment = (mode: Versions, tasks: number, tag: string) => {
  const image = { uri: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/myapp:${tag}` };
  const services = { myapp: { cluster: "lab", image, tasks }, myapp2: { cluster: "lab", image, tasks: others } };
  return environmentOf(services, { versions: mode, dnsTtlSeconds: 1 });
};

async function deploy(mode: Versions, tasks: number, stage: Stage, options: ScenarioOptions): Promise<Deployed> {
  const { say, signal } = options;
  await stage.apply(environment(mode, tasks, "1.0.0"));
  const watch = new VersionWatch();
  const follow = async (lab: Lab, isComplete: () => Promise<boolean>): Promise<Deployed> => {
    say?.(`versions ${mode}, ${tasks} tasks and ${others} of another service: a new image by terraform apply`);
    watch.deploy();
    const from = Date.now();
    await stage.apply(environment(mode, tasks, "2.0.0"));
    await lab.sync();
    await lab.steady({ signal });
    const deploymentMs = Date.now() - from;
    const complete = await isComplete();
    return {
      versions: mode,
      tasks,
      deploymentMs,
      complete: complete && watch.old.living.length === 0,
      crossLinks: watch.crossLinks.length,
      oldPartitions: watch.old.maxPartitions(from),
      losses: watch.old.losses(from) + watch.next.losses(from),
      longestGapMs: Math.max(watch.old.longestGapMs(), watch.next.longestGapMs()),
      longestJoinMs: watch.next.longestJoinMs,
      failedAttempts: watch.failedAttempts,
      basenames: await basenamesOf(lab),
    };
  };
  return stage.lab(
    async ({ lab, waits }) => {
      await lab.steady({ signal });
      await waits.meshed(tasks + others);
      const isMesh = () => watch.next.isMesh(tasks + others);
      return follow(lab, async () => (await waits.until(isMesh, lab.bounds.mesh)).value ?? false);
    },
    // How long new tasks run before ECS stops old ones.
    options.seconds === undefined ? {} : { settleSeconds: options.seconds },
    watch.take,
  );
}

/** Of one task of each service. */
async function basenamesOf(lab: Lab): Promise<string[]> {
  const names = await Promise.all(lab.services.map(({ tasks }) => saidBy(tasks[0]!, "IO.puts(node())")));
  return names.map((name) => name.split("@")[0]!).sort();
}

function separated(deployed: Deployed): Finding {
  const { crossLinks, oldPartitions, losses, longestGapMs, complete, basenames } = deployed;
  const named = basenames.every((basename) => basename.endsWith("-2_0_0"));
  return {
    ok: complete && crossLinks === 0 && oldPartitions === 1 && losses === 0 && longestGapMs === 0 && named,
    line: `apart, ${described(deployed)}`,
  };
}

/** Without the option they do connect: what kept them apart was the option, and not the trial. */
function mixed(deployed: Deployed): Finding {
  const { crossLinks, complete, basenames } = deployed;
  return {
    ok: complete && crossLinks > 0 && basenames.join() === "myapp,myapp2",
    line: `together, everything else the same, ${described(deployed)}`,
  };
}

const described = (deployed: Deployed) =>
  `${deployed.tasks} tasks, deployed in ${seconds(deployed.deploymentMs)}: ${deployed.complete ? "all new nodes in one mesh" : "NO full mesh of the new nodes"} ` +
  `as ${deployed.basenames.join(" and ")}, ${deployed.crossLinks} connections between old and new nodes, ` +
  `${deployed.losses} links lost within a version, longest gap ${deployed.longestGapMs} ms, at most ${deployed.oldPartitions} partition of old nodes, ` +
  `a new node in after ${seconds(deployed.longestJoinMs)} at most, ${deployed.failedAttempts} failed attempts to connect`;
