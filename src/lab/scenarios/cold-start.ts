import {
  DeregisterInstanceCommand,
  ListNamespacesCommand,
  RegisterInstanceCommand,
  UpdatePrivateDnsNamespaceCommand,
} from "@aws-sdk/client-servicediscovery";
import { defaultNegativeTtl } from "../control-plane/cloud-map";
import type { RunningLab, Stage } from "../stage";
import { AppliedChanges } from "./steps/applied-changes";
import { environmentOf } from "./steps/environment";
import { type Finding, resultOf, type Scenario, type ScenarioOptions, seconds } from "./scenario";

const tasks = 3;
const name = "myapp.organization.local";
/** Seconds of an NXDOMAIN where there is no time for the real ones. */
const shortNegativeTtl = 15;
/** What the SOA can be lowered to, in seconds. */
const loweredTtl = 5;
/** Minutes that the whole takes with a real NXDOMAIN. */
const minutesForTheRealOne = 6;

/** One first start. */
interface Start {
  readonly name: string;
  /** Seconds that the resolver keeps an NXDOMAIN. */
  readonly negativeTtl: number;
  /** From the first task's order until the mesh; absent when it took longer than what is applied allows. */
  readonly meshMs?: number;
  /** From before anybody asked until the mesh. */
  readonly sinceAskedMs?: number;
  /** As `meshMs`, on a quiet machine. */
  readonly quietMs?: number;
}

/** The first start of a service: its name does not exist in DNS before, and a resolver remembers that. */
export const coldStart: Scenario = {
  name: "cold-start",
  seconds: 70,
  proves:
    "a first start is quick, unless a node asks DNS too early: then it waits as long as NXDOMAIN is cached; also tests three remedies",
  async run(stage, options) {
    const real = (options.minutes ?? 0) >= minutesForTheRealOne;
    const negativeTtl = real ? defaultNegativeTtl : shortNegativeTtl;
    await stage.apply(environment("myapp2"));
    await new AppliedChanges(stage.clients).scale("myapp", 0);
    await setNegativeTtl(stage, negativeTtl);
    const nobody = await start("no node asked before", negativeTtl, stage, options, async () => {});
    const asked = await start("a node asked just before", negativeTtl, stage, options, ask);
    const held = "asked before, the name held by an unhealthy placeholder";
    const heldName = await start(held, negativeTtl, stage, options, holdNameAndAsk);
    await letNameGo(stage);
    await setNegativeTtl(stage, loweredTtl);
    const lowered = await start(`asked before, SOA lowered to ${loweredTtl} s`, loweredTtl, stage, options, ask);
    await setNegativeTtl(stage, negativeTtl);
    await stage.apply(environment("myapp"));
    await new AppliedChanges(stage.clients).scale("myapp", 0);
    const peer = await start("asked before by a peer that clusters with it", negativeTtl, stage, options, ask, true);
    const findings = [quick(nobody), heldBack(asked), quick(peer), formed(heldName), formed(lowered)];
    const figure =
      `mesh of ${tasks} after ${shown(nobody)}; with an NXDOMAIN of ${negativeTtl} s in the cache ${shown(asked)}, ` +
      `${shown(peer)} with a peer, ${shown(heldName)} with the name held, ${shown(lowered)} with ${loweredTtl} s in the SOA`;
    return resultOf(findings, figure, { negativeTtl, starts: [nobody, asked, peer, heldName, lowered] });
  },
};

/** `myapp` starts cold; `myapp2` runs already, in this cluster. */
const environment = (cluster: string) =>
  environmentOf({ myapp: { cluster: "myapp", tasks }, myapp2: { cluster, tasks: 1 } });

/** Scales `myapp` up from nothing in a fresh VPC, after `before`, and waits for its mesh. */
async function start(
  what: string,
  negativeTtl: number,
  stage: Stage,
  { say }: ScenarioOptions,
  before: (running: RunningLab, stage: Stage) => Promise<unknown>,
  withPeer = false,
): Promise<Start> {
  say?.(what);
  const run = async (running: RunningLab): Promise<Start> => {
    const { lab, waits } = running;
    await waits.living(1);
    const asked = Date.now();
    await before(running, stage);
    const from = Date.now();
    await lab.updateService("myapp", { desiredCount: tasks });
    const meshed = await (withPeer ? waits.mesh(tasks + 1) : waits.mesh(tasks, "myapp"));
    if (!meshed.value) return { name: what, negativeTtl };
    const now = Date.now();
    return { name: what, negativeTtl, meshMs: now - from, sinceAskedMs: now - asked, quietMs: meshed.workMs };
  };
  return stage.lab(run, { negativeTtl: undefined }).finally(() => new AppliedChanges(stage.clients).scale("myapp", 0));
}

/** A look-up in a task that runs already: an operator's, a health check's, or a peer's poll. */
async function ask({ lab }: RunningLab): Promise<void> {
  await lab.service("myapp2").tasks[0]!.container.exec(["getent", "ahostsv4", name]);
}

/** Id and address of an instance that is never healthy: left out of answers as soon as any other is healthy. */
const placeholder = { id: "placeholder", address: "192.0.2.1" };

async function holdNameAndAsk(running: RunningLab, { clients }: Stage): Promise<void> {
  const service = running.lab.cloudMap.namespaces
    .flatMap(({ services }) => services)
    .find((each) => each.name === "myapp");
  await clients.serviceDiscovery.send(
    new RegisterInstanceCommand({
      ServiceId: service!.id,
      InstanceId: placeholder.id,
      Attributes: { AWS_INSTANCE_IPV4: placeholder.address, AWS_INIT_HEALTH_STATUS: "UNHEALTHY" },
    }),
  );
  await running.lab.sync();
  await ask(running);
}

async function letNameGo({ clients }: Stage): Promise<void> {
  const { registryId } = await new AppliedChanges(clients).service("myapp");
  await clients.serviceDiscovery.send(
    new DeregisterInstanceCommand({ ServiceId: registryId!, InstanceId: placeholder.id }),
  );
}

/** What `aws servicediscovery update-private-dns-namespace` does, and Terraform can't. */
async function setNegativeTtl({ clients }: Stage, TTL: number): Promise<void> {
  const { Namespaces = [] } = await clients.serviceDiscovery.send(new ListNamespacesCommand({}));
  for (const { Id } of Namespaces) {
    const Namespace = { Properties: { DnsProperties: { SOA: { TTL } } } };
    await clients.serviceDiscovery.send(new UpdatePrivateDnsNamespaceCommand({ Id, Namespace }));
  }
}

const shown = ({ meshMs }: Start) => (meshMs === undefined ? "never" : seconds(meshMs));

/** Sooner than an NXDOMAIN would have let it. */
const quick = (start: Start): Finding =>
  expectation(start, (start.quietMs ?? Infinity) <= start.negativeTtl * 1000, `sooner than ${start.negativeTtl} s`);

/** Not before the NXDOMAIN was forgotten, and within what is applied allows from then on. */
const heldBack = (start: Start): Finding =>
  expectation(
    start,
    (start.sinceAskedMs ?? 0) >= start.negativeTtl * 1000,
    `after ${start.negativeTtl} s, and then soon`,
  );

/** Within what is applied allows. */
const formed = (start: Start): Finding => expectation(start, start.meshMs !== undefined, "as soon as DNS allows");

function expectation(start: Start, ok: boolean, expected: string): Finding {
  const line = `${start.name} (NXDOMAIN kept ${start.negativeTtl} s): mesh after ${shown(start)}`;
  return { ok, line: ok ? line : `${line}, not ${expected}` };
}
