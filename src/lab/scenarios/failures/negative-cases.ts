import { randomBytes } from "node:crypto";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { defaultDistributionPorts, epmdPort } from "../../../distribution";
import { desiredTasks } from "../../cluster/mesh";
import type { AppliedService } from "../../control-plane/applied/services";
import type { RunningLab, Stage } from "../../stage";
import { AppliedChanges, type Undo } from "../steps/applied-changes";
import { cookieParameter, environmentOf } from "../steps/environment";
import { type Finding, findingOf, resultOf, type Scenario, type ScenarioOptions, seconds } from "../scenario";
import { deniedAt, passedTo, type Traffic, traffic } from "../steps/traffic";

const { from: first, to: last } = defaultDistributionPorts;

/** What was seen with one thing wrong. */
interface Seen {
  /** Links between nodes of two services, and all of them. */
  readonly crossLinks: number;
  readonly links: number;
  readonly traffic: Traffic;
  /** Handshakes that a node refused, as its log tells. */
  readonly refused: number;
}

/** What a case changes: the applied services, and the parameter with the cookie of all. */
interface Layout {
  readonly services: readonly Pick<AppliedService, "name" | "desiredCount">[];
  readonly cookieParameter: string;
}

/** One thing that is wrong in what is applied. */
export interface NegativeCase {
  readonly name: string;
  /** Makes it wrong, in AWS. @throws PreconditionError when the layout has nothing to change */
  change(changes: AppliedChanges, layout: Layout): Promise<Undo>;
  /** Whether nodes of one service may be linked nevertheless. @default no node may be linked with any */
  readonly allows?: "inside";
  /** What else is done while the tasks run. */
  meanwhile?(running: RunningLab, stage: Stage, layout: Layout): Promise<void>;
  /** Where it ends, when it ends where it must. */
  where(seen: Seen): string | undefined;
}

/** The finding of a case, and how to bring back what was applied. */
interface Tried {
  readonly finding: Finding;
  readonly seen: Seen | undefined;
  readonly undo: Undo;
}

const lastOf = ({ services }: Layout) => services.at(-1)!;

const packets = (number: number, what: string) => (number > 0 ? `${number} packets ${what}` : undefined);

export const negativeCases: readonly NegativeCase[] = [
  {
    name: `without the rule for ${epmdPort}`,
    change: (changes) => changes.revoke((rule) => !rule.IsEgress && rule.FromPort === epmdPort),
    where: ({ traffic, links }) =>
      links === 0 && passedTo(traffic, first, last) === 0
        ? packets(deniedAt(traffic, "ingress", epmdPort), `to ${epmdPort} denied by the receiver's groups`)
        : undefined,
  },
  {
    name: `without the rule for ${first}-${last}`,
    change: (changes) => changes.revoke((rule) => !rule.IsEgress && rule.FromPort === first),
    where: ({ traffic, links }) =>
      links === 0 && passedTo(traffic, epmdPort) > 0
        ? packets(deniedAt(traffic, "ingress", first, last), `to ${first}-${last} denied by the receiver's groups`)
        : undefined,
  },
  {
    name: "with rules inwards alone",
    change: (changes) => changes.revoke((rule) => rule.IsEgress === true),
    where: ({ traffic, links }) =>
      links === 0 && traffic.denied.every(({ hop }) => hop === "egress")
        ? packets(deniedAt(traffic, "egress", epmdPort), `to ${epmdPort} denied by the sender's groups`)
        : undefined,
  },
  {
    name: "with rules outwards alone",
    change: (changes) => changes.revoke((rule) => rule.IsEgress === false),
    where: ({ traffic, links }) =>
      links === 0 && traffic.denied.every(({ hop }) => hop === "ingress")
        ? packets(deniedAt(traffic, "ingress", epmdPort), `to ${epmdPort} denied by the receiver's groups`)
        : undefined,
  },
  {
    name: "with a foreign security group",
    change: (changes, layout) => changes.moveToForeignGroup(lastOf(layout).name),
    allows: "inside",
    where: ({ traffic, crossLinks }) =>
      crossLinks === 0
        ? packets(
            Math.min(deniedAt(traffic, "ingress", epmdPort), deniedAt(traffic, "egress", epmdPort)),
            `or more to ${epmdPort} denied each way: from it by the receiver's groups, to it by the sender's`,
          )
        : undefined,
  },
  {
    name: "with another cookie",
    change: (changes, layout) => changes.scale(lastOf(layout).name, 0),
    allows: "inside",
    // The parameter gets another value, and only the last service starts after that.
    meanwhile: async ({ lab, waits }, { clients }, layout) => {
      const { name, desiredCount } = lastOf(layout);
      await waits.meshed(desiredTasks(layout) - desiredCount);
      const Value = randomBytes(32).toString("hex");
      const parameter = { Name: layout.cookieParameter, Value, Type: "SecureString", Overwrite: true } as const;
      await clients.ssm.send(new PutParameterCommand(parameter));
      await lab.updateService(name, { desiredCount });
    },
    where: ({ traffic, crossLinks, refused }) =>
      crossLinks === 0 && refused > 0 && traffic.denied.length === 0 && passedTo(traffic, first, last) > 0
        ? `no packet denied, ${refused} handshakes refused by Erlang`
        : undefined,
  },
  {
    name: "with another basename than the one polled",
    change: async (changes, { services }) => {
      const undo = await Promise.all(
        services.map(({ name }) => changes.setEnvironment(name, { RELEASE_NAME: "renamed" })),
      );
      return async () => void (await Promise.all(undo.map((each) => each())));
    },
    where: ({ traffic, links }) =>
      links === 0 && traffic.denied.length === 0 && passedTo(traffic, first, last) === 0
        ? packets(
            passedTo(traffic, epmdPort),
            `to ${epmdPort} passed, epmd knows no node of that name, none to ${first}-${last}`,
          )
        : undefined,
  },
];

/** The negative tests of `forms`: with one thing wrong there is no cluster, and it shows where it ends. */
export const negativeCasesScenario: Scenario = {
  name: "negative-cases",
  seconds: 110,
  proves: "with one error (a port, a direction, a group, the cookie, the name) the cluster doesn't form",
  async run(stage, options) {
    const environment = environmentOf(
      { myapp: { cluster: "lab", tasks: 2 }, myapp2: { cluster: "lab", tasks: 1 } },
      // By pairs, so that one direction can be closed.
      { dnsTtlSeconds: 1, distributionRules: "pairs" },
    );
    await stage.apply(environment);
    const formed = await proofThatItForms("as applied", stage, options);
    const measurements: Record<string, Seen | undefined> = {};
    const tried: Finding[] = [];
    for (const negative of negativeCases) {
      options.say?.(negative.name);
      const { finding, seen, undo } = await tryCase(negative, stage, cookieParameter);
      measurements[negative.name] = seen;
      tried.push(finding);
      await undo();
    }
    const oneWay = await oneWayIsEnough(stage, options);
    const again = await proofThatItForms("put right again", stage, options);
    const right = tried.filter(({ ok }) => ok).length;
    return resultOf(
      [formed, ...tried, oneWay, again],
      `${right} of ${negativeCases.length} wrong layouts form no cluster, each at its hop`,
      measurements,
    );
  },
};

/** Makes one thing wrong in what is applied to a stage, and runs it. @param cookieParameter SSM parameter with the cookie of all services */
export async function tryCase(negative: NegativeCase, stage: Stage, cookieParameter: string): Promise<Tried> {
  const changes = new AppliedChanges(stage.clients);
  const layout = { services: await changes.services(), cookieParameter };
  let undo: Undo = async () => {};
  let seen: Seen | undefined;
  const finding = await findingOf(negative.name, async () => {
    undo = await negative.change(changes, layout);
    seen = await observe(negative, stage, layout);
    return findingFrom(negative, seen);
  });
  return { finding, seen, undo: () => undo() };
}

/** The border of the claim: a connection serves both ends, so it is enough that one of two services may dial the other. */
async function oneWayIsEnough(stage: Stage, options: ScenarioOptions): Promise<Finding> {
  const changes = new AppliedChanges(stage.clients);
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
  return stage.lab(async ({ lab, waits, startedAt }) => {
    const { value: ok = false } = await waits.mesh(desiredTasks(lab));
    return { ok, line: `${what}: ${ok ? `full mesh after ${seconds(Date.now() - startedAt)}` : "no full mesh"}` };
  });
}

function observe(negative: NegativeCase, stage: Stage, layout: Layout): Promise<Seen> {
  return stage.lab(async (running) => {
    const { lab, cluster, waits } = running;
    await negative.meanwhile?.(running, stage, layout);
    const count = desiredTasks(layout);
    const counted = () => cluster.links.filter(({ from, to }) => negative.allows !== "inside" || from !== to);
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

function findingFrom({ name, where }: NegativeCase, seen: Seen): Finding {
  const place = where(seen);
  const what = `${seen.links} links, ${JSON.stringify(seen.traffic)}`;
  return { ok: place !== undefined, line: `${name}: ${place ? `no cluster, ${place}` : `not as it must be: ${what}`}` };
}
