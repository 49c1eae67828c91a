import { defaultDistributionPorts, epmdPort } from "../../distribution";
import type { RunningLab, Stage } from "../stage";
import { AppliedChanges, type Undo } from "./steps/applied-changes";
import { environmentOf } from "./steps/environment";
import { cookieParameter } from "./steps/environment";
import { restartWithAnotherCookie } from "./another-cookie";
import { type Finding, findingOf, resultOf, type Scenario, type ScenarioOptions, seconds } from "./scenario";
import { deniedAt, passedTo, type Traffic, traffic } from "./steps/traffic";

const count = 3;
const { from: first, to: last } = defaultDistributionPorts;

/** What a variant came to. */
interface Seen {
  /** Links between nodes of two services, and all of them. */
  readonly crossLinks: number;
  readonly links: number;
  readonly traffic: Traffic;
  /** Handshakes that a node refused, as its log tells. */
  readonly refused: number;
}

/** One thing that is wrong in what was applied. */
interface Variant {
  readonly name: string;
  /** Makes it wrong, in AWS. */
  change(changes: AppliedChanges): Promise<Undo>;
  /** Whether nodes of one service may be linked nevertheless. @default no node may be linked with any */
  readonly allows?: "inside";
  /** What else is done while the tasks run. */
  meanwhile?(running: RunningLab, stage: Stage): Promise<void>;
  /** Where it ends, when it ends where it must. */
  where(seen: Seen): string | undefined;
}

const packets = (number: number, what: string) => (number > 0 ? `${number} packets ${what}` : undefined);

const variants: readonly Variant[] = [
  {
    name: "without the rule for 4369",
    change: (changes) => changes.revoke((rule) => !rule.IsEgress && rule.FromPort === epmdPort),
    where: ({ traffic, links }) =>
      links === 0 && passedTo(traffic, first, last) === 0
        ? packets(deniedAt(traffic, "ingress", epmdPort), "to 4369 denied by the receiver's groups")
        : undefined,
  },
  {
    name: "without the rule for 9000-9010",
    change: (changes) => changes.revoke((rule) => !rule.IsEgress && rule.FromPort === first),
    where: ({ traffic, links }) =>
      links === 0 && passedTo(traffic, epmdPort) > 0
        ? packets(deniedAt(traffic, "ingress", first, last), "to 9000-9010 denied by the receiver's groups")
        : undefined,
  },
  {
    name: "with rules inwards alone",
    change: (changes) => changes.revoke((rule) => rule.IsEgress === true),
    where: ({ traffic, links }) =>
      links === 0 && traffic.denied.every(({ hop }) => hop === "egress")
        ? packets(deniedAt(traffic, "egress", epmdPort), "to 4369 denied by the sender's groups")
        : undefined,
  },
  {
    name: "with rules outwards alone",
    change: (changes) => changes.revoke((rule) => rule.IsEgress === false),
    where: ({ traffic, links }) =>
      links === 0 && traffic.denied.every(({ hop }) => hop === "ingress")
        ? packets(deniedAt(traffic, "ingress", epmdPort), "to 4369 denied by the receiver's groups")
        : undefined,
  },
  {
    name: "with a foreign security group",
    change: (changes) => changes.moveToForeignGroup("myapp2"),
    allows: "inside",
    where: ({ traffic, crossLinks }) =>
      crossLinks === 0
        ? packets(
            Math.min(deniedAt(traffic, "ingress", epmdPort), deniedAt(traffic, "egress", epmdPort)),
            "or more to 4369 denied each way: from it by the receiver's groups, to it by the sender's",
          )
        : undefined,
  },
  {
    name: "with another cookie",
    change: (changes) => changes.scale("myapp2", 0),
    allows: "inside",
    // The parameter is written anew, and only one of two services has been started since.
    meanwhile: async (running, stage) => {
      await running.waits.meshed(count - 1);
      await restartWithAnotherCookie(running, stage.clients, cookieParameter, "myapp2", 1);
    },
    where: ({ traffic, crossLinks, refused }) =>
      crossLinks === 0 && refused > 0 && traffic.denied.length === 0 && passedTo(traffic, first, last) > 0
        ? `no packet denied, ${refused} handshakes refused by Erlang`
        : undefined,
  },
  {
    name: "with another basename than the one polled",
    change: async (changes) => {
      const undo = await Promise.all(
        ["myapp", "myapp2"].map((name) => changes.setEnvironment(name, { RELEASE_NAME: "renamed" })),
      );
      return async () => void (await Promise.all(undo.map((each) => each())));
    },
    where: ({ traffic, links }) =>
      links === 0 && traffic.denied.length === 0 && passedTo(traffic, first, last) === 0
        ? packets(passedTo(traffic, epmdPort), "to 4369 passed, epmd knows no node of that name, none to 9000-9010")
        : undefined,
  },
];

/** The counter-proofs of `forms`: with one thing wrong there is no cluster, and it shows where it ends. */
export const closed: Scenario = {
  name: "closed",
  proves: "with any one thing wrong (a port, a direction, a group, the cookie, the name) the cluster does not form",
  async run(stage, options) {
    const environment = environmentOf(
      { myapp: { tasks: count - 1 }, myapp2: { tasks: 1, clustersWith: ["myapp"] } },
      { dnsTtlSeconds: 1 },
    );
    await stage.apply(environment);
    const changes = new AppliedChanges(stage.clients);
    const formed = await proofThatItForms("as applied", stage, options);
    const measurements: Record<string, Seen> = {};
    const tried: Finding[] = [];
    for (const variant of variants) {
      options.say?.(variant.name);
      const undo = await variant.change(changes);
      const observed = async () => finding(variant, (measurements[variant.name] = await observe(variant, stage)));
      tried.push(await findingOf(variant.name, observed));
      await undo();
    }
    const oneWay = await oneWayIsEnough(changes, stage, options);
    const again = await proofThatItForms("put right again", stage, options);
    const findings = [formed, ...tried, oneWay, again];
    const right = tried.filter(({ ok }) => ok).length;
    return resultOf(
      findings,
      `${right} of ${variants.length} wrong layouts form no cluster, each at its hop`,
      measurements,
    );
  },
};

/** The border of the claim: a connection serves both ends, so it is enough that one of two services may dial the other. */
async function oneWayIsEnough(changes: AppliedChanges, stage: Stage, options: ScenarioOptions): Promise<Finding> {
  const [myapp, myapp2] = await Promise.all(
    ["myapp", "myapp2"].map(async (name) => (await changes.service(name)).securityGroupIds[0]),
  );
  const undo = await changes.revoke(({ IsEgress, GroupId, ReferencedGroupInfo }) => {
    const [from, to] = IsEgress ? [GroupId, ReferencedGroupInfo?.GroupId] : [ReferencedGroupInfo?.GroupId, GroupId];
    return from === myapp && to === myapp2;
  });
  const formed = await proofThatItForms("only myapp2 may dial myapp, not the other way", stage, options);
  await undo();
  return formed;
}

async function proofThatItForms(what: string, stage: Stage, { say }: ScenarioOptions): Promise<Finding> {
  say?.(what);
  return stage.lab(async ({ waits, startedAt }) => {
    const { value: ok = false } = await waits.mesh(count);
    return { ok, line: `${what}: ${ok ? `full mesh after ${seconds(Date.now() - startedAt)}` : "no full mesh"}` };
  });
}

async function observe(variant: Variant, stage: Stage): Promise<Seen> {
  return stage.lab(async (running) => {
    const { lab, cluster, waits } = running;
    await variant.meanwhile?.(running, stage);
    const counted = () => cluster.links.filter(({ from, to }) => variant.allows !== "inside" || from !== to);
    await waits.never({
      offence: () => (counted().length > 0 ? `${counted().length} links` : undefined),
      precondition: { what: `${count} nodes run`, holds: () => cluster.living.length === count },
    });
    const { links } = cluster;
    const log = lab.tasks.map((task) => task.container.log()).join("\n");
    return {
      crossLinks: links.filter(({ from, to }) => from !== to).length,
      links: links.length,
      traffic: await traffic(lab),
      refused: log.match(/Connection attempt (from|to) node .* (rejected|aborted)|Invalid challenge/g)?.length ?? 0,
    };
  });
}

function finding(variant: Variant, seen: Seen): Finding {
  const where = variant.where(seen);
  const what = `${seen.links} links, ${JSON.stringify(seen.traffic)}`;
  return {
    ok: where !== undefined,
    line: `${variant.name}: ${where ? `no cluster, ${where}` : `not as it must be: ${what}`}`,
  };
}
