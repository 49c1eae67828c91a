import { RegisterInstanceCommand } from "@aws-sdk/client-servicediscovery";
import { defaultDistributionPorts, epmdPort } from "../../../distribution";
import type { FlowCounter } from "../../data-plane/data-plane";
import type { Lab } from "../../lab";
import type { RunningLab, Stage } from "../../stage";
import { AppliedChanges } from "../steps/applied-changes";
import { environmentOf } from "../steps/environment";
import { type Finding, resultOf, type Scenario, type ScenarioOptions, seconds } from "../scenario";
import { deniedAt, passedTo, traffic } from "../steps/traffic";

const { from: first, to: last } = defaultDistributionPorts;

const members = 2;

/** What was seen of the untrusted node. */
interface Seen {
  /** Milliseconds until it was in, from its registration; absent when it never was. */
  readonly joinedMs?: number;
  /** Packets to epmd's port that members sent to it, and it to members, and that were dropped. */
  readonly dialledOutDenied: number;
  readonly dialledInDenied: number;
  /** Packets to distribution ports that passed between it and members. */
  readonly passed: number;
}

/**
 * A node that has everything but the rules: the cookie, the right basename, a group of its own that admits all, and
 * its address registered under the members' name in DNS, so that they find it.
 */
export const untrustedNode: Scenario = {
  name: "untrusted-node",
  seconds: 40,
  proves:
    "an untrusted node in DNS, with the right cookie, can't connect: neither it nor the members can open a connection",
  async run(stage, options) {
    stage.keepApart("untrusted");
    await stage.apply(environment("guarded"));
    const changes = new AppliedChanges(stage.clients);
    await changes.admitEverything("untrusted");
    await changes.setEnvironment("untrusted", { CLUSTER_NODES: "myapp@myapp.organization.local" });
    const guarded = await tryToGetIn(stage, options, true);
    await stage.apply(environment("open"));
    await changes.admitEverything("untrusted").catch(ifDuplicate);
    await changes.setEnvironment("untrusted", { CLUSTER_NODES: "myapp@myapp.organization.local" });
    const open = await tryToGetIn(stage, options, false);
    return resultOf(
      [notConnected(guarded), connected(open)],
      `not connected: ${guarded.dialledInDenied} packets of its and ${guarded.dialledOutDenied} of members' to ${epmdPort} denied; ` +
        `with open egress connected after ${open.joinedMs === undefined ? "never" : seconds(open.joinedMs)}`,
      { guarded, open },
    );
  },
};

const environment = (egress: "guarded" | "open") =>
  environmentOf(
    {
      myapp: { tasks: members, egress },
      // Somebody else's service in the same VPC, which does what it likes.
      untrusted: { tasks: 1, releaseName: "myapp", egress: "open" },
    },
    { dnsTtlSeconds: 1 },
  );

function ifDuplicate(error: Error): void {
  if (!/Duplicate/.test(error.name)) throw error;
}

async function tryToGetIn(stage: Stage, { say }: ScenarioOptions, isGuarded: boolean): Promise<Seen> {
  say?.(`egress ${isGuarded ? "guarded" : "open"}: members first, then the untrusted node under their name`);
  const attempt = async (running: RunningLab) => {
    const { lab, cluster, waits } = running;
    await waits.living(members + 1);
    const registeredAt = Date.now();
    const untrusted = await registerAmongMembers(running, stage);
    const isIn = () =>
      cluster.living.some(({ service, peers }) => (service === "untrusted" ? peers.size > 0 : peers.has(untrusted)));
    // No connection means something only once both sides have dialled without success.
    const dialled = async () => {
      const { dialledInDenied, dialledOutDenied } = await packetsOf(untrusted, lab);
      return dialledInDenied > 0 && dialledOutDenied > 0;
    };
    const { value: joined } = isGuarded
      ? await waits.never({
          offence: () => (isIn() ? "the untrusted node is connected" : undefined),
          precondition: { what: "packets of the untrusted node and of the members are denied", holds: dialled },
        })
      : await waits.until(isIn, lab.bounds.join);
    const joinedMs = joined ? Date.now() - registeredAt : undefined;
    return { ...(joinedMs === undefined ? {} : { joinedMs }), ...(await packetsOf(untrusted, lab)) };
  };
  return stage.lab(attempt, isGuarded ? {} : { breaks: ["members-only"] });
}

async function packetsOf(untrusted: string, lab: Lab): Promise<Omit<Seen, "joinedMs">> {
  const inward = await traffic(lab, ({ source }: FlowCounter) => source === untrusted);
  const outward = await traffic(lab, ({ destination }: FlowCounter) => destination === untrusted);
  return {
    dialledInDenied: deniedAt(inward, "ingress", epmdPort),
    dialledOutDenied: deniedAt(outward, "egress", epmdPort),
    passed: [inward, outward].reduce((sum, each) => sum + passedTo(each, epmdPort) + passedTo(each, first, last), 0),
  };
}

/** Registers the untrusted node's address under the members' name, as any client that may write to Cloud Map can. @returns the address */
export async function registerAmongMembers({ lab }: RunningLab, { clients }: Stage): Promise<string> {
  const untrusted = lab.service("untrusted").tasks[0]!.networkInterface!.address;
  const registryId = lab.service("myapp").tasks[0]!.order.registryId!;
  await clients.serviceDiscovery.send(
    new RegisterInstanceCommand({
      ServiceId: registryId,
      InstanceId: "untrusted",
      Attributes: { AWS_INSTANCE_IPV4: untrusted, AWS_INIT_HEALTH_STATUS: "HEALTHY" },
    }),
  );
  await lab.sync();
  return untrusted;
}

function notConnected({ joinedMs, dialledInDenied, dialledOutDenied, passed }: Seen): Finding {
  return {
    ok: joinedMs === undefined && passed === 0 && dialledInDenied > 0 && dialledOutDenied > 0,
    line:
      `egress guarded: ${joinedMs === undefined ? "never connected" : `connected after ${seconds(joinedMs)}`}; to ${epmdPort}, ${dialledInDenied} packets of the ` +
      `untrusted node denied by the members' groups inwards, ${dialledOutDenied} of the members denied outwards, ${passed} passed`,
  };
}

/** Without the guard it does connect: what kept it out was the guard, not the trial. */
function connected({ joinedMs, dialledInDenied, passed }: Seen): Finding {
  return {
    ok: joinedMs !== undefined && passed > 0,
    line:
      `egress open, everything else the same: ${joinedMs === undefined ? "never connected" : `connected after ${seconds(joinedMs)}`}, ` +
      `by the members' own dialling (${passed} packets passed, ${dialledInDenied} of its own denied)`,
  };
}
