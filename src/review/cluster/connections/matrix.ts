import type { Firewall } from "../../network/firewall";
import { secretReasons, outcome, packets, packetsPass, type Certainty, type Reason } from "./connection";
import { type Poll, sameBasename } from "../discovery/polling";
import type { Service } from "../services";

/** What one service's nodes do about another's. */
export interface Pair {
  readonly from: Service;
  readonly to: Service;
  /**
   * `connects`: it polls the other and can connect. `blocked`: it polls the other and can't.
   * `not-polled`: it doesn't look for the other. `unknown`: it depends on what is unknown before apply.
   */
  readonly state: "connects" | "blocked" | "not-polled" | "unknown";
  /** Whether packets of a connection would pass, wanted or not. */
  readonly packets: Certainty;
  /** Why it is blocked or unknown; empty for a pair that isn't polled. */
  readonly reasons: readonly Reason[];
}

export interface Matrix {
  readonly services: readonly Service[];
  /** All ordered pairs, each service's row after the other, a service with itself included. */
  readonly pairs: readonly Pair[];
  pair(from: Service, to: Service): Pair;
}

/** A name that a service polls and that no service of this plan registers. */
export interface UnseenPoll {
  readonly from: Service;
  readonly poll: Poll;
}

/** Evaluates every ordered pair of services. */
export function buildMatrix(services: readonly Service[], firewall: Firewall): Matrix {
  const names = new Names(services);
  const index = new Map(services.map((service, at) => [service, at]));
  const wanted = services.map((service) => names.targets(service));
  const pairs = services.flatMap((from, row) => services.map((to) => pairOf(from, to, wanted[row]!.get(to), firewall)));
  return { services, pairs, pair: (from, to) => pairs[index.get(from)! * services.length + index.get(to)!]! };
}

/** The polled names that lead nowhere in this plan: peers of another project, or mistakes. */
export function unseenPolls(services: readonly Service[]): readonly UnseenPoll[] {
  const names = new Names(services);
  return services.flatMap((from) =>
    "known" in from.polls
      ? from.polls.known.filter((poll) => names.of(poll).length === 0).map((poll) => ({ from, poll }))
      : [],
  );
}

function pairOf(from: Service, to: Service, poll: Poll | undefined, firewall: Firewall): Pair {
  const self = from === to;
  if (!poll && !self && "known" in from.polls)
    return { from, to, state: "not-polled", packets: packetsPass(from, to, firewall), reasons: [] };
  const { pass, reasons: inTheWay } = packets(from, to, firewall);
  if (poll) return verdict(from, to, pass, [...pollReasons(from, to, poll), ...inTheWay, ...secretReasons(from, to)]);
  if ("unknown" in from.polls) {
    const polling: Reason = { step: "polling", certainty: "unknown", text: `${from.name}: ${from.polls.unknown}` };
    // A service's own tasks always want each other, whatever names they poll.
    if (self && pass === "no") return verdict(from, to, pass, inTheWay);
    return { from, to, state: "unknown", packets: pass, reasons: [polling, ...inTheWay, ...secretReasons(from, to)] };
  }
  const { most } = from.scale;
  // One task alone has no other to look for.
  if (most !== undefined && most <= 1) return { from, to, state: "not-polled", packets: pass, reasons: [] };
  const own = `${from.name} doesn't poll its own name${from.dnsName ? ` ${from.dnsName}` : ""}`;
  return verdict(from, to, pass, [
    most === undefined
      ? { step: "polling", certainty: "unknown", text: `${own}, and how many tasks it runs isn't known` }
      : { step: "polling", certainty: "no", text: own },
    ...inTheWay,
  ]);
}

function verdict(from: Service, to: Service, pass: Certainty, reasons: readonly Reason[]): Pair {
  const connects = outcome(reasons);
  const state = connects === "yes" ? "connects" : connects === "no" ? "blocked" : "unknown";
  // What blocks it surely is the answer; what else isn't known only blurs it.
  return {
    from,
    to,
    state,
    packets: pass,
    reasons: state === "blocked" ? reasons.filter(({ certainty }) => certainty === "no") : reasons,
  };
}

function pollReasons(from: Service, to: Service, poll: Poll): readonly Reason[] {
  return [...discoveryReasons(from, to, poll), ...basenameReasons(from, to, poll)];
}

function discoveryReasons(from: Service, to: Service, poll: Poll): readonly Reason[] {
  const reason = (certainty: Reason["certainty"], text: string): readonly Reason[] => [
    { step: "discovery", certainty, text: `${from.name} polls ${poll.host} but ${text}` },
  ];
  const { registration } = to;
  if (registration.kind === "unknown")
    return reason("unknown", `where ${to.name}'s service registers isn't known: ${registration.because}`);
  if (registration.kind === "none") return reason("no", `${to.name}'s service registers nowhere`);
  const { discovery } = registration;
  if (!discovery.answersDns) return reason("no", `${to.name}'s service registers in a namespace without DNS`);
  if (to.dnsName === undefined) return reason("unknown", `the namespace of ${to.name}'s service is not in this plan`);
  if (to.dnsName !== poll.host) return reason("no", registersElsewhere(to, poll));
  if (!discovery.recordTypes.includes("A"))
    return reason("no", `${to.name}'s service has ${discovery.recordTypes.join(" and ")} records, no A`);
  if (discovery.namespaceVpc !== undefined && from.vpc !== undefined && discovery.namespaceVpc !== from.vpc)
    return reason(
      "unknown",
      `the namespace belongs to ${discovery.namespaceVpc}, and ${from.name} runs in ${from.vpc}`,
    );
  return [];
}

function registersElsewhere(to: Service, poll: Poll): string {
  const [label, ...namespace] = poll.host.split(".");
  const [own, ...theirs] = to.dnsName!.split(".");
  return label === own && namespace.join(".") !== theirs.join(".")
    ? `${to.name}'s service registers in another namespace (${theirs.join(".")})`
    : `${to.name}'s service registers as ${to.dnsName}`;
}

function basenameReasons(from: Service, to: Service, poll: Poll): readonly Reason[] {
  const same = sameBasename(poll.basename, to.basename);
  if (same) return [];
  const reason = (certainty: Reason["certainty"], text: string): readonly Reason[] => [
    { step: "basename", certainty, text },
  ];
  if (poll.basename === undefined || to.basename === undefined) {
    const isBare = poll.basename === undefined;
    if (isBare && from.basename !== undefined)
      return reason("unknown", `${from.name} polls ${poll.host} without a basename in front (basename@${poll.host})`);
    const { name } = isBare ? from : to;
    return reason("unknown", `the basename of ${name} is not in its environment (RELEASE_NAME)`);
  }
  const names = `${from.name} looks for ${poll.basename}@, ${to.name}'s nodes are ${to.basename}@`;
  return same === false ? reason("no", `basename differs: ${names}`) : reason("unknown", names);
}

/** Finds which services a polled name means. */
class Names {
  private readonly byDnsName = new Map<string, Service[]>();
  private readonly bySimilarity = new Map<string, Service[]>();

  constructor(services: readonly Service[]) {
    for (const service of services) {
      if (service.dnsName !== undefined) put(this.byDnsName, service.dnsName, service);
      const label = service.registration.kind === "registered" ? service.registration.discovery.label : undefined;
      for (const name of new Set([label, service.basename, service.name]))
        if (name !== undefined) put(this.bySimilarity, name.toLowerCase(), service);
    }
  }

  /** The services registered under the name, else those whose own name it resembles: these are meant, and missed. */
  of({ basename, host }: Poll): readonly Service[] {
    const registered = this.byDnsName.get(host);
    if (registered) return registered;
    const label = host.split(".")[0]!;
    return this.bySimilarity.get(label) ?? this.bySimilarity.get(basename?.toLowerCase() ?? "") ?? [];
  }

  targets(service: Service): Map<Service, Poll> {
    const targets = new Map<Service, Poll>();
    if (!("known" in service.polls)) return targets;
    for (const poll of service.polls.known)
      for (const target of this.of(poll)) {
        const before = targets.get(target);
        // Of several names that mean one service, the one that leads to it counts.
        if (!before || before.host !== target.dnsName || before.basename !== target.basename) targets.set(target, poll);
      }
    return targets;
  }
}

function put(map: Map<string, Service[]>, key: string, service: Service): void {
  const list = map.get(key);
  if (list) list.push(service);
  else map.set(key, [service]);
}
