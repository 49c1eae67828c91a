import { overlaps, type PortRange } from "../../aws/network/ports";
import type { Resources } from "../read/resources";
import { coverage, type Addresses } from "./addresses";
import { Borders } from "./borders/borders";
import type { Place } from "./borders/places";
import { PortSet } from "./port-set";
import { prefixListCidrs } from "./prefix-lists";
import type { Rule } from "./rules";
import { readRules, seenGroups } from "./security-groups";

/** One end of a connection: the network interface of any task of a service. */
export interface Endpoint {
  /** Keys of its security groups. */
  readonly groups: readonly string[];
  /** Why it may have other groups too; `undefined` where all are known. */
  readonly groupsOpen?: string;
  readonly addresses: Addresses;
  /** The subnets of its tasks; absent where they aren't known. */
  readonly places?: readonly Place[];
}

/** Whether packets pass, and why that is unknown if it is. */
export type Passage = { readonly passes: "yes" | "no" } | { readonly passes: "unknown"; readonly because: string };

type Direction = Rule["direction"];

const passes: Passage = { passes: "yes" };

/** What a group lets through in one direction, surely or maybe. */
interface Openings {
  readonly sure: PortSet;
  readonly maybe: PortSet;
  readonly because?: string;
}

/** The rules of one group in one direction, by peer. */
interface GroupRules {
  readonly toGroup: Map<string, PortSet>;
  readonly maybeToGroup: Map<string, { ports: PortSet; because: string }>;
  readonly toCidr: { readonly cidr: string; readonly ports: PortRange }[];
  /** Openings whose peer is unknown. */
  maybe: { ports: PortSet; because: string } | undefined;
  readonly byAddresses: Map<string, Openings>;
}

/**
 * Security groups as AWS evaluates them: a packet passes when any group of the task has any rule for it; there is no rule
 * that denies. Rules are put together once, by group and peer, so that a question costs the same however many there are.
 * Source: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
 */
export class Firewall {
  readonly rules: readonly Rule[];
  /** Routes and network ACLs, which packets pass in addition. */
  readonly borders: Borders;
  private readonly seen: ReadonlySet<string>;
  private readonly byGroup: Readonly<Record<Direction, Map<string, GroupRules>>> = {
    ingress: new Map(),
    egress: new Map(),
  };
  private readonly rulesByGroup = new Map<string, Rule[]>();
  /** Openings of rules whose group is unknown: they may belong to any. */
  private readonly anywhere: Record<Direction, { ports: PortSet; because: string } | undefined> = {
    ingress: undefined,
    egress: undefined,
  };

  constructor(private readonly resources: Resources) {
    this.rules = readRules(resources);
    this.borders = new Borders(resources);
    this.seen = seenGroups(resources);
    for (const rule of this.rules) this.put(rule);
  }

  /** Whether a new TCP connection from one endpoint to another passes, on the side that `direction` names. */
  passage(direction: Direction, from: Endpoint, to: Endpoint, port: number): Passage {
    const [own, peer] = direction === "egress" ? [from, to] : [to, from];
    const rulesOf = this.byGroup[direction];
    for (const group of own.groups) {
      const rules = rulesOf.get(group);
      if (rules && this.opens(rules, peer, port)) return passes;
    }
    let because: string | undefined;
    for (const group of own.groups) {
      const rules = rulesOf.get(group);
      because ??= rules && this.mayOpen(rules, peer, port);
      if (!this.seen.has(group)) because ??= `${group} is not in this plan, so its own rules aren't seen`;
    }
    because ??= own.groupsOpen;
    const anywhere = this.anywhere[direction];
    if (anywhere?.ports.has(port)) because ??= anywhere.because;
    return because === undefined ? { passes: "no" } : { passes: "unknown", because };
  }

  /** The ports of a range that surely pass from one endpoint to another in both directions. */
  openPorts(from: Endpoint, to: Endpoint): { readonly ingress: PortSet; readonly egress: PortSet } {
    return { ingress: this.surePorts("ingress", to, from), egress: this.surePorts("egress", from, to) };
  }

  /** Which rules let a connection through, on one side. */
  explain(direction: Direction, from: Endpoint, to: Endpoint, ports: PortRange): readonly Rule[] {
    const [own, peer] = direction === "egress" ? [from, to] : [to, from];
    return own.groups
      .flatMap((group) => this.rulesByGroup.get(`${direction} ${group}`) ?? [])
      .filter((rule) => !rule.unsure && overlaps(rule.ports, ports) && this.matches(rule, peer));
  }

  /** Every rule of a group in a direction. */
  rulesOf(direction: Direction, group: string): readonly Rule[] {
    return this.rulesByGroup.get(`${direction} ${group}`) ?? [];
  }

  isSeen(group: string): boolean {
    return this.seen.has(group);
  }

  /** What a rule's prefix list holds, where the plan shows it. */
  cidrsOf({ peer }: Rule): readonly string[] | undefined {
    if (peer.kind === "cidr") return [peer.cidr];
    return peer.kind === "prefix-list" ? prefixListCidrs(peer.list, this.resources) : undefined;
  }

  private put(rule: Rule): void {
    if (rule.group === undefined) {
      const because = `${rule.address} belongs to a group that is unknown before apply`;
      if (rule.groups) for (const group of rule.groups) this.maybe(this.of(rule.direction, group), rule, because);
      else this.anywhere[rule.direction] = widen(this.anywhere[rule.direction], rule.ports, because);
      return;
    }
    const key = `${rule.direction} ${rule.group}`;
    const listed = this.rulesByGroup.get(key);
    if (listed) listed.push(rule);
    else this.rulesByGroup.set(key, [rule]);
    const rules = this.of(rule.direction, rule.group);
    if (rule.unsure !== undefined) return this.maybe(rules, rule, `${rule.address}: ${rule.unsure}`);
    this.surely(rules, rule);
  }

  private surely(rules: GroupRules, rule: Rule): void {
    const { peer, ports } = rule;
    if (peer.kind === "group") {
      rules.toGroup.set(peer.group, (rules.toGroup.get(peer.group) ?? PortSet.empty).union(PortSet.of(ports)));
    } else if (peer.kind === "unknown") {
      this.maybe(rules, rule, `the other end of ${rule.address} isn't known: ${peer.because}`);
    } else {
      const cidrs = this.cidrsOf(rule);
      if (cidrs) rules.toCidr.push(...cidrs.map((cidr) => ({ cidr, ports })));
      else this.maybe(rules, rule, `what the prefix list of ${rule.address} holds isn't in this plan`);
    }
  }

  private maybe(rules: GroupRules, { peer, ports }: Rule, because: string): void {
    const groups = peer.kind === "group" ? [peer.group] : peer.kind === "unknown" ? peer.groups : undefined;
    if (!groups) rules.maybe = widen(rules.maybe, ports, because);
    else
      for (const group of groups) rules.maybeToGroup.set(group, widen(rules.maybeToGroup.get(group), ports, because));
  }

  private of(direction: Direction, group: string): GroupRules {
    let rules = this.byGroup[direction].get(group);
    if (!rules) {
      rules = { toGroup: new Map(), maybeToGroup: new Map(), toCidr: [], maybe: undefined, byAddresses: new Map() };
      this.byGroup[direction].set(group, rules);
    }
    return rules;
  }

  private opens(rules: GroupRules, peer: Endpoint, port: number): boolean {
    return (
      peer.groups.some((group) => rules.toGroup.get(group)?.has(port)) ||
      this.toAddresses(rules, peer.addresses).sure.has(port)
    );
  }

  private mayOpen(rules: GroupRules, peer: Endpoint, port: number): string | undefined {
    if (rules.maybe?.ports.has(port)) return rules.maybe.because;
    for (const group of peer.groups) {
      const maybe = rules.maybeToGroup.get(group);
      if (maybe?.ports.has(port)) return maybe.because;
    }
    const byAddress = this.toAddresses(rules, peer.addresses);
    if (byAddress.maybe.has(port)) return byAddress.because;
    // A rule for a group that the plan doesn't list among the peer's may still be for one of them.
    const toAnyGroup = [...rules.toGroup.values(), ...[...rules.maybeToGroup.values()].map(({ ports }) => ports)];
    return peer.groupsOpen !== undefined && toAnyGroup.some((ports) => ports.has(port)) ? peer.groupsOpen : undefined;
  }

  /** What a group's CIDR rules open towards the addresses of a service; kept, since most services share their subnets. */
  private toAddresses(rules: GroupRules, addresses: Addresses): Openings {
    const kept = rules.byAddresses.get(addresses.key);
    if (kept) return kept;
    const sure: PortRange[] = [];
    const maybe: PortRange[] = [];
    let because: string | undefined;
    // Several CIDRs may hold together what none holds alone, so each stretch of ports is asked for all of its CIDRs.
    for (const ports of stretches(rules.toCidr.map((rule) => rule.ports))) {
      const cidrs = rules.toCidr.filter((rule) => overlaps(rule.ports, ports)).map(({ cidr }) => cidr);
      const covered = coverage(cidrs, addresses);
      if (covered === "all") sure.push(ports);
      if (covered !== "some" && covered !== "unknown") continue;
      maybe.push(ports);
      because ??=
        covered === "some"
          ? `${cidrs.join(", ")} is a part of its subnets only`
          : `whether its addresses lie in ${cidrs.join(", ")} isn't known`;
    }
    const openings: Openings = {
      sure: PortSet.of(...sure),
      maybe: PortSet.of(...maybe),
      ...(because !== undefined && { because }),
    };
    rules.byAddresses.set(addresses.key, openings);
    return openings;
  }

  private surePorts(direction: Direction, own: Endpoint, peer: Endpoint): PortSet {
    let ports = PortSet.empty;
    for (const group of own.groups) {
      const rules = this.byGroup[direction].get(group);
      if (!rules) continue;
      for (const other of peer.groups) ports = ports.union(rules.toGroup.get(other) ?? PortSet.empty);
      ports = ports.union(this.toAddresses(rules, peer.addresses).sure);
    }
    return ports;
  }

  private matches(rule: Rule, peer: Endpoint): boolean {
    if (rule.peer.kind === "group") return peer.groups.includes(rule.peer.group);
    return (this.cidrsOf(rule) ?? []).some((cidr) => coverage([cidr], peer.addresses) !== "none");
  }
}

function widen(of: { ports: PortSet; because: string } | undefined, ports: PortRange, because: string) {
  return { ports: (of?.ports ?? PortSet.empty).union(PortSet.of(ports)), because: of?.because ?? because };
}

/** Port ranges cut where any of them begins or ends, so that no two stretches overlap. */
function stretches(ranges: readonly PortRange[]): readonly PortRange[] {
  const cuts = [...new Set(ranges.flatMap(({ from, to }) => [from, to + 1]))].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((from, at) => ({ from, to: cuts[at + 1]! - 1 }));
}
