import { showPorts, type PortRange } from "../../../aws/network/ports";
import { epmdPort, usesEpmd } from "../../../distribution";
import type { Endpoint, Firewall } from "../../network/firewall";
import { certificatesVariable } from "../../../containers/variables";
import { differentCertificates } from "../node/certificates";
import { sameCookie } from "../node/cookies";
import type { Service } from "../services";

export type Certainty = "yes" | "no" | "unknown";

/** Why a connection fails or is unknown. */
export interface Reason {
  readonly step:
    | "polling"
    | "discovery"
    | "basename"
    | "mode"
    | "vpc"
    | "route"
    | "network-acl"
    | "egress"
    | "ingress"
    | "cookie"
    | "certificates";
  readonly certainty: "no" | "unknown";
  readonly text: string;
}

/** Whether the packets of a connection pass, and the reasons why not. */
export interface Packets {
  readonly pass: Certainty;
  readonly reasons: readonly Reason[];
}

/** The port that a dialled node listens on: the first of its range, since a task runs one node alone. */
export function listeningPort({ distribution }: Service): number {
  return distribution.ports.value.from;
}

/** Where a service's nodes can be reached: epmd, if they use it, and the ports of a node. */
export function distributionPorts({ distribution: { mode, ports } }: Service): readonly PortRange[] {
  return usesEpmd(mode.value) ? [{ from: epmdPort, to: epmdPort }, ports.value] : [ports.value];
}

/** The ports that `from` dials at `to`, in order; the port is its own where no epmd is asked. */
export function dialledPorts(from: Service, to: Service): readonly number[] {
  return usesEpmd(from.distribution.mode.value) ? [epmdPort, listeningPort(to)] : [listeningPort(from)];
}

/** Whether `from` dials a port on which `to` doesn't listen: that of an epmd that `to` runs without, or its own. */
export function dialsElsewhere(from: Service, to: Service): boolean {
  return usesEpmd(from.distribution.mode.value)
    ? !usesEpmd(to.distribution.mode.value)
    : listeningPort(from) !== listeningPort(to);
}

/** Follows the packets of a connection from a node of one service to a node of another. */
export function packets(from: Service, to: Service, firewall: Firewall): Packets {
  const reasons = [
    ...modeReasons(from, to),
    ...vpcReasons(from, to),
    ...borderReasons(from, to, firewall),
    ...closedReasons("egress", from, to, firewall),
    ...closedReasons("ingress", from, to, firewall),
  ];
  return { pass: outcome(reasons), reasons };
}

/** Whether they pass, without the reasons: for the many pairs of which nobody asks why. */
export function packetsPass(from: Service, to: Service, firewall: Firewall): Certainty {
  let pass: Certainty = outcome([...modeReasons(from, to), ...vpcReasons(from, to)]);
  for (const port of dialledPorts(from, to)) {
    if (pass === "no") return "no";
    const passes = portPasses(from.endpoint, to.endpoint, port, firewall);
    if (passes !== "yes") pass = passes;
  }
  return pass;
}

/** Whether a TCP connection to one port passes: by routes, network ACLs and security groups. */
export function portPasses(from: Endpoint, to: Endpoint, port: number, firewall: Firewall): Certainty {
  const verdicts = [
    ...firewall.borders.passage(from, to, port),
    firewall.passage("egress", from, to, port),
    firewall.passage("ingress", from, to, port),
  ].map(({ passes }) => passes);
  return verdicts.find((each) => each === "no") ?? verdicts.find((each) => each === "unknown") ?? "yes";
}

export function outcome(reasons: readonly Reason[]): Certainty {
  if (reasons.some(({ certainty }) => certainty === "no")) return "no";
  return reasons.length > 0 ? "unknown" : "yes";
}

/** What `-proto_dist` and its like change of a connection. */
function protocolReasons(from: Service, to: Service): Reason[] {
  const unsure = [...new Set([from, to])].flatMap(({ name, distribution }): Reason[] =>
    distribution.unsure === undefined
      ? []
      : [{ step: "mode", certainty: "unknown", text: `${name}: ${distribution.unsure}` }],
  );
  const [mine, theirs] = [from.distribution.protocol, to.distribution.protocol];
  if (mine !== theirs)
    return [
      {
        step: "mode",
        certainty: "no",
        text: `modes differ: ${from.name} runs -proto_dist ${mine}, ${to.name} ${theirs}`,
      },
      ...unsure,
    ];
  return /^inet6/.test(mine) ? [overIPv6(to, mine), ...unsure] : unsure;
}

/** Nodes are named by the addresses of DNS answers; those of A records aren't reached over IPv6. */
function overIPv6({ name, registration }: Service, protocol: string): Reason {
  const types = registration.kind === "registered" ? registration.discovery.recordTypes : undefined;
  return types && !types.includes("AAAA")
    ? {
        step: "mode",
        certainty: "no",
        text: `-proto_dist ${protocol} dials IPv6 addresses, and ${name}'s service registers ${types.join(" and ")} records alone`,
      }
    : { step: "mode", certainty: "unknown", text: `-proto_dist ${protocol}: IPv6 is not reviewed` };
}

function modeReasons(from: Service, to: Service): Reason[] {
  return [...protocolReasons(from, to), ...epmdReasons(from, to)];
}

function epmdReasons(from: Service, to: Service): Reason[] {
  if (!dialsElsewhere(from, to)) return [];
  const certainty = from.distribution.mode.assumed || to.distribution.mode.assumed ? "unknown" : "no";
  const differ = (text: string): Reason[] => [{ step: "mode", certainty, text: `modes differ: ${text}` }];
  return usesEpmd(from.distribution.mode.value)
    ? differ(`${from.name} asks epmd, which ${to.name} runs without`)
    : differ(`${from.name} dials ${listeningPort(from)}, ${to.name} listens on ${listeningPort(to)}`);
}

function vpcReasons(from: Service, to: Service): Reason[] {
  if (from.vpc === undefined || to.vpc === undefined || from.vpc === to.vpc) return [];
  // Where the subnets are known, so is what connects them.
  const isPlaced = ({ endpoint: { places = [] }, vpc }: Service) =>
    places.length > 0 && places.every((place) => place.vpc === vpc);
  if (isPlaced(from) && isPlaced(to)) return [];
  return [
    {
      step: "vpc",
      certainty: "unknown",
      text: `they are in different VPCs (${from.vpc}, ${to.vpc}), and the plan doesn't show the subnets of both`,
    },
  ];
}

/** What routes and network ACLs stop on the way there and back, each reason once for all ports. */
function borderReasons(from: Service, to: Service, firewall: Firewall): Reason[] {
  const reasons = dialledPorts(from, to)
    .flatMap((port) => firewall.borders.passage(from.endpoint, to.endpoint, port))
    .flatMap((verdict): Reason[] =>
      verdict.passes === "yes" ? [] : [{ step: verdict.step, certainty: verdict.passes, text: verdict.because }],
    );
  return [...new Map(reasons.map((reason) => [reason.text, reason])).values()];
}

/** Which of the dialled ports one side refuses: those surely closed in one reason, each unknown one in its own. */
function closedReasons(step: "egress" | "ingress", from: Service, to: Service, firewall: Firewall): Reason[] {
  const ports = dialledPorts(from, to).map((port) => ({
    port,
    passage: firewall.passage(step, from.endpoint, to.endpoint, port),
  }));
  const name = (port: number) => portName(step, from, to, port, firewall);
  const unknown = ports.flatMap(({ port, passage }): Reason[] =>
    passage.passes === "unknown"
      ? [
          {
            step,
            certainty: "unknown",
            text: `${name(port)} ${step === "egress" ? `out of ${from.name}` : `into ${to.name}`}: ${passage.because}`,
          },
        ]
      : [],
  );
  const closed = ports.filter(({ passage }) => passage.passes === "no").map(({ port }) => port);
  if (closed.length === 0) return unknown;
  const epmdAlone = closed.length === 1 && closed[0] === epmdPort;
  const rule = `no rule ${epmdAlone ? "" : `for ${closed.map(name).join(" and ")} `}from ${groups(from)} to ${groups(to)}`;
  const text = step === "egress" ? `egress of ${from.name} closed: ${rule}` : rule;
  return [{ step, certainty: "no", text: epmdAlone ? `epmd ${epmdPort} closed: ${text}` : text }, ...unknown];
}

/** The port, or as much of the range around it as is closed with it. */
function portName(step: "egress" | "ingress", from: Service, to: Service, port: number, firewall: Firewall): string {
  const last = port === epmdPort ? port : Math.max(port, to.distribution.ports.value.to);
  const gap = firewall.openPorts(from.endpoint, to.endpoint)[step].missing({ from: port, to: last })[0];
  return gap && gap.from === port ? showPorts(gap) : String(port);
}

function groups({ endpoint }: Service): string {
  return endpoint.groups.join(" + ") || "groups that aren't known";
}

/** What a connection needs in addition to its packets: one cookie, and over TLS certificates of one authority. */
export function secretReasons(from: Service, to: Service): readonly Reason[] {
  // Two services of one task definition run one release with one environment.
  const one = from === to || (from.taskDefinition !== undefined && from.taskDefinition === to.taskDefinition);
  const { same, why } = sameCookie(from.cookie, to.cookie, one);
  const cookie: Reason[] = same ? [] : [{ step: "cookie", certainty: same === false ? "no" : "unknown", text: why! }];
  return [...cookie, ...certificateReasons(from, to)];
}

/** Between nodes that encrypt: of others it is their mode that keeps them apart. */
function certificateReasons(from: Service, to: Service): Reason[] {
  if (![from, to].every(({ distribution }) => distribution.mode.value === "tls")) return [];
  const missing = [...new Set([from, to])].filter(({ certificates }) => certificates.kind === "missing");
  if (missing.length > 0)
    return missing.map(({ name }) => ({
      step: "certificates",
      certainty: "no",
      text: `${name} has no ${certificatesVariable}, which distribution over TLS needs`,
    }));
  const text = differentCertificates(from.certificates, to.certificates);
  return text === undefined ? [] : [{ step: "certificates", certainty: "unknown", text }];
}
