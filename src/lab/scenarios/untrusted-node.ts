import { RegisterInstanceCommand } from "@aws-sdk/client-servicediscovery";
import { defaultDistributionPorts, epmdPort } from "../../distribution";
import type { FlowCounter } from "../data-plane/data-plane";
import type { Lab } from "../lab";
import type { RunningLab, Stage } from "../stage";
import { AppliedChanges } from "./steps/applied-changes";
import { environmentOf } from "./steps/environment";
import { type Finding, resultOf, type Scenario, type ScenarioOptions, seconds } from "./scenario";
import { deniedAt, passedTo, traffic } from "./steps/traffic";

const { from: first, to: last } = defaultDistributionPorts;

const members = 2;

/** What became of the stranger. */
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
 * A stranger that has everything but the rules: the cookie, the right basename, a group of its own that admits all, and
 * its address registered under the members' name in DNS, so that they find it.
 */
export const untrustedNode: Scenario = {
  name: "untrusted-node",
  proves: "a stranger in DNS, with the right cookie, cannot get in: it may not dial members, nor members it",
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
      [keptOut(guarded), letIn(open)],
      `kept out: ${guarded.dialledInDenied} packets of its and ${guarded.dialledOutDenied} of members' to 4369 denied; ` +
        `with open egress it is in after ${open.joinedMs === undefined ? "never" : seconds(open.joinedMs)}`,
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
  say?.(`egress ${isGuarded ? "guarded" : "open"}: members first, then the stranger under their name`);
  return stage.lab(async (running) => {
    const { lab, cluster, waits } = running;
    await waits.living(members + 1);
    const registeredAt = Date.now();
    const stranger = await registerAmongMembers(running, stage);
    const isIn = () =>
      cluster.living.some(({ service, peers }) => (service === "untrusted" ? peers.size > 0 : peers.has(stranger)));
    // That nobody got in means something only once both sides have dialled without success.
    const dialled = async () => {
      const { dialledInDenied, dialledOutDenied } = await packetsOf(stranger, lab);
      return dialledInDenied > 0 && dialledOutDenied > 0;
    };
    const { value: joined } = isGuarded
      ? await waits.never({
          offence: () => (isIn() ? "the stranger is in" : undefined),
          precondition: { what: "packets of the stranger and of the members are denied", holds: dialled },
        })
      : await waits.until(isIn, lab.bounds.join);
    const joinedMs = joined ? Date.now() - registeredAt : undefined;
    return { ...(joinedMs === undefined ? {} : { joinedMs }), ...(await packetsOf(stranger, lab)) };
  });
}

async function packetsOf(stranger: string, lab: Lab): Promise<Omit<Seen, "joinedMs">> {
  const inward = await traffic(lab, ({ source }: FlowCounter) => source === stranger);
  const outward = await traffic(lab, ({ destination }: FlowCounter) => destination === stranger);
  return {
    dialledInDenied: deniedAt(inward, "ingress", epmdPort),
    dialledOutDenied: deniedAt(outward, "egress", epmdPort),
    passed: [inward, outward].reduce((sum, each) => sum + passedTo(each, epmdPort) + passedTo(each, first, last), 0),
  };
}

/** Registers the stranger's address under the members' name: whoever may write to Cloud Map can. Gives the address. */
export async function registerAmongMembers({ lab }: RunningLab, { clients }: Stage): Promise<string> {
  const stranger = lab.service("untrusted").tasks[0]!.networkInterface!.address;
  const registryId = lab.service("myapp").tasks[0]!.order.registryId!;
  await clients.serviceDiscovery.send(
    new RegisterInstanceCommand({
      ServiceId: registryId,
      InstanceId: "stranger",
      Attributes: { AWS_INSTANCE_IPV4: stranger, AWS_INIT_HEALTH_STATUS: "HEALTHY" },
    }),
  );
  await lab.sync();
  return stranger;
}

function keptOut({ joinedMs, dialledInDenied, dialledOutDenied, passed }: Seen): Finding {
  return {
    ok: joinedMs === undefined && passed === 0 && dialledInDenied > 0 && dialledOutDenied > 0,
    line:
      `egress guarded: ${joinedMs === undefined ? "never in" : `in after ${seconds(joinedMs)}`}; to 4369, ${dialledInDenied} packets of the ` +
      `stranger's denied by the members' groups inwards, ${dialledOutDenied} of the members' denied outwards, ${passed} passed`,
  };
}

/** Without the guard it does get in: what kept it out was the guard, not the trial. */
function letIn({ joinedMs, dialledInDenied, passed }: Seen): Finding {
  return {
    ok: joinedMs !== undefined && passed > 0,
    line:
      `egress open, everything else the same: ${joinedMs === undefined ? "never in" : `in after ${seconds(joinedMs)}`}, ` +
      `by the members' own dialling (${passed} packets passed, ${dialledInDenied} of its own denied)`,
  };
}
