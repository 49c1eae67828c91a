import { GetParameterCommand } from "@aws-sdk/client-ssm";
import {
  certificateDays,
  createCertificates,
  type NodeCertificates,
  reissue,
} from "../../../certificates/node-certificates";
import { defaultDistributionPorts } from "../../../distribution";
import { storeCertificates } from "../../local-aws/prerequisites/stored-secrets";
import type { RunningLab, Stage } from "../../stage";

import { type Finding, resultOf, type Scenario, type ScenarioOptions } from "../scenario";
import { AppliedChanges } from "../steps/applied-changes";
import { cookieParameter, environmentOf, twoServices } from "../steps/environment";
import { consoleFinding, openConsole } from "./console";
import { rotate, rotationFinding } from "./rotation";
import { readWire, wireFinding } from "./wire";

const count = 5;

/** Nodes outside the cluster that have the cookie and may send members any packet, each with its certificates. */
const outside = {
  "no-certificate": undefined,
  expired: "/lab/expired",
  "other-authority": "/lab/other-authority",
  "same-authority": "/lab/node-certificates",
} as const;
type Outside = keyof typeof outside;
const names = Object.keys(outside) as Outside[];

const parameter = outside["same-authority"];
const tls = (ssmParameter: string) => ({ tls: { certificates: { ssmParameter } } });
const singlePort = { singlePort: defaultDistributionPorts.from };

/** Distribution over TLS: what is on the wire, who gets in, and a new authority. */
export const encrypted: Scenario = {
  name: "encrypted",
  seconds: 120,
  proves:
    "the wire shows the challenge, names and payload without TLS, and none of them with TLS; no node connects without a valid certificate; a new authority costs no connection",
  async run(stage, options) {
    const { say } = options;
    await stage.apply(twoServices({ distribution: singlePort }));
    const cookie = await valueOf(stage, cookieParameter);
    say?.(`${count} tasks without encryption, and all their packets`);
    const plain = await stage.lab((running) => readWire("single-port", running, count, cookie));
    const certificates = await store(stage);
    await stage.apply(twoServices({ distribution: tls(parameter) }));
    say?.(`${count} tasks over TLS, and all their packets`);
    const [hidden, console, rotation] = await stage.lab(async (running) => {
      const wire = await readWire("tls", running, count, cookie);
      await running.lab.steady({ signal: options.signal });
      const console = await openConsole(running);
      const services = ["myapp", "myapp2"];
      return [wire, console, await rotate(stage, running, { parameter, certificates, services }, options)] as const;
    });
    await storeCertificates(stage.clients, parameter, certificates);
    const joined = await tryToGetIn(stage, options);
    return resultOf(
      [
        wireFinding(plain, count),
        wireFinding(hidden, count),
        consoleFinding(console),
        ...names.map((name) => outsideFinding(name, joined)),
        rotationFinding(rotation),
      ],
      `on the wire ${plain.captured.challenges} challenges in plain and ${hidden.captured.challenges} over TLS; only the node with a certificate gets in; ` +
        `${rotation.losses} links lost while the authority was replaced`,
      { plain, hidden, console, joined, rotation },
    );
  },
};

async function valueOf({ clients }: Stage, Name: string): Promise<string> {
  const { Parameter } = await clients.ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
  return Parameter!.Value!;
}

/** Writes the certificates of the cluster, and those of nodes that must not get in. */
async function store({ clients }: Stage): Promise<NodeCertificates> {
  const now = new Date();
  const own = await createCertificates("lab", now);
  const yesterday = new Date(now.getTime() - (certificateDays.node + 1) * 86_400_000);
  await storeCertificates(clients, parameter, own);
  await storeCertificates(clients, outside.expired, await reissue("lab", own, yesterday));
  await storeCertificates(clients, outside["other-authority"], await createCertificates("lab", now));
  return own;
}

const members = 2;

const withOutside = () =>
  environmentOf(
    {
      myapp: { tasks: members },
      ...Object.fromEntries(
        names.map((name) => {
          const own = outside[name];
          const distribution = own === undefined ? singlePort : tls(own);
          return [name, { tasks: 1, releaseName: "myapp", egress: "open", distribution }];
        }),
      ),
    },
    { distribution: tls(parameter), dnsTtlSeconds: 1 },
  );

/** Opens the members' groups to everyone. @returns the nodes outside that a member was connected to */
async function tryToGetIn(stage: Stage, { say }: ScenarioOptions): Promise<readonly Outside[]> {
  names.filter((name) => name !== "same-authority").forEach((name) => stage.keepApart(name));
  await stage.apply(withOutside());
  const changes = new AppliedChanges(stage.clients);
  for (const name of ["myapp", ...names]) await changes.admitEverything(name);
  for (const name of names) await changes.setEnvironment(name, { CLUSTER_NODES: "myapp@myapp.organization.local" });
  say?.(`${members} members that admit all packets, and ${names.length} nodes outside that connect to them`);
  return stage.lab(async (running) => {
    const { cluster, waits } = running;
    await waits.living(members + names.length);
    const joined = () => names.filter((name) => isIn(name, running));
    await waits.never({
      offence: () => {
        const intruder = joined().find((name) => name !== "same-authority");
        return intruder === undefined ? undefined : `the node ${intruder} is connected`;
      },
      precondition: {
        what: "the node with a certificate is connected, and the others live",
        holds: async () => isIn("same-authority", running) && cluster.living.length === members + names.length,
      },
    });
    return joined();
  });
}

/** Whether it sees a member, or a member sees it. */
function isIn(name: Outside, { lab, cluster }: RunningLab): boolean {
  const own = lab.service(name).tasks.map((task) => task.networkInterface?.address);
  return cluster.living.some(({ service, address, peers }) =>
    service === "myapp"
      ? own.some((one) => one !== undefined && peers.has(one))
      : own.includes(address) && peers.size > 0,
  );
}

const described: Readonly<Record<Outside, string>> = {
  "no-certificate": "the cookie and no certificate",
  expired: "the cookie and an expired certificate",
  "other-authority": "the cookie and a certificate of another authority",
  "same-authority": "the cookie and a valid certificate",
};

function outsideFinding(name: Outside, joined: readonly Outside[]): Finding {
  const isJoined = joined.includes(name);
  return {
    ok: isJoined === (name === "same-authority"),
    line: `a node with ${described[name]}, and no rule in its way: ${isJoined ? "connected" : "never connected"}`,
  };
}
