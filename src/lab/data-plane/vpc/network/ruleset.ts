import { maxPort, rulePorts } from "../../../../aws/network/ports";
import {
  protocolNumber,
  type RulePeer,
  type SecurityGroup,
  type SecurityGroupRule,
} from "../../network/security-group";

/** A task's network interface as the router sees it. */
export interface RouterInterface {
  /** The router's end of the link to the task. */
  readonly name: string;
  /** The task's address. */
  readonly address: string;
  readonly groupIds: readonly string[];
}

/** A rule of a group, in the place that gives its counter a name. */
export interface CountedRule {
  readonly groupId: string;
  readonly direction: "ingress" | "egress";
  readonly rule: SecurityGroupRule;
}

/** All that nftables shall hold for the security groups; names are nftables', contents are lines of its language. */
export interface Ruleset {
  readonly counters: readonly string[];
  /** Members of each group that a rule refers to. */
  readonly sets: ReadonlyMap<string, readonly string[]>;
  readonly chains: ReadonlyMap<string, readonly string[]>;
}

const directions = ["ingress", "egress"] as const;

/** Matches for the other end of the connection: one alternative for each line that the rule needs. */
function peerMatches(peer: RulePeer, field: "saddr" | "daddr", setOf: (group: string) => string): string[] {
  if ("group" in peer) return [`ip ${field} @${setOf(peer.group)}`];
  // Tasks have IPv4 addresses only here, so a rule for IPv6 matches none.
  if ("cidr6" in peer) return [];
  const cidrs = "cidr4" in peer ? [peer.cidr4] : peer.cidrs.filter((cidr) => !cidr.includes(":"));
  return cidrs.map((cidr) => (cidr.endsWith("/0") ? "" : `ip ${field} ${cidr}`));
}

/** Matches for the protocol and ports of a rule; empty for all of them. */
export function protocolMatch(rule: Pick<SecurityGroupRule, "protocol" | "fromPort" | "toPort">): string {
  const protocol = protocolNumber(rule.protocol);
  if (protocol === undefined) return "";
  if (protocol === 6 || protocol === 17) {
    const { from, to } = rulePorts(rule.protocol, rule.fromPort, rule.toPort);
    if (from === 0 && to === maxPort) return `meta l4proto ${protocol}`;
    return `${protocol === 6 ? "tcp" : "udp"} dport ${from === to ? from : `${from}-${to}`}`;
  }
  const all = (value: number | undefined) => value === undefined || value < 0;
  if (protocol !== 1 || all(rule.fromPort)) return `meta l4proto ${protocol}`;
  return `icmp type ${rule.fromPort}${all(rule.toPort) ? "" : ` icmp code ${rule.toPort}`}`;
}

/**
 * Security groups as nftables chains in the VPC's router, where a task can't touch them: what an interface sends passes
 * the egress rules of all its groups, then the ingress rules of all groups of the receiver. Packets of connections that
 * are open don't come here.
 *
 * @param counterOf gives a rule its counter's name, the same one as long as the rule stays what it is
 */
export function compileRuleset(
  groups: readonly SecurityGroup[],
  interfaces: readonly RouterInterface[],
  counterOf: (rule: CountedRule) => string,
): Ruleset {
  const counters: string[] = [];
  const sets = new Map<string, string[]>();
  const chains = new Map<string, string[]>();
  const index = new Map(groups.map((group, at) => [group.id, at]));

  const referred = new Map<string, string>();
  const setOf = (group: string): string => {
    const known = referred.get(group);
    if (known) return known;
    const name = `members_${referred.size}`;
    referred.set(group, name);
    const members = interfaces.filter(({ groupIds }) => groupIds.includes(group)).map(({ address }) => address);
    sets.set(name, members);
    return name;
  };

  for (const [at, group] of groups.entries()) {
    for (const direction of directions) {
      const lines = group[direction].flatMap((rule) => {
        const counter = counterOf({ groupId: group.id, direction, rule });
        counters.push(counter);
        // Let out by the sender's groups, a packet still has to be let in by the receiver's.
        const then = `counter name ${counter} goto ${direction === "egress" ? "receiver" : "accepted"}`;
        return peerMatches(rule.peer, direction === "egress" ? "daddr" : "saddr", setOf).map((peer) =>
          [peer, protocolMatch(rule), then].filter(Boolean).join(" "),
        );
      });
      chains.set(`group_${at}_${direction}`, lines);
    }
  }

  const combinations = [...new Set(interfaces.map(({ groupIds }) => groupIds.join(" ")))];
  for (const [at, combination] of combinations.entries()) {
    const own = combination.split(" ").flatMap((id) => index.get(id) ?? []);
    for (const direction of directions) {
      const jumps = own.map((group) => `jump group_${group}_${direction}`);
      chains.set(`interface_${at}_${direction}`, [...jumps, `goto denied_${direction}`]);
    }
  }
  const dispatch = (key: "iifname" | "oifname", direction: string): string[] => {
    const verdicts = interfaces.map(
      ({ name, groupIds }) => `"${name}" : goto interface_${combinations.indexOf(groupIds.join(" "))}_${direction}`,
    );
    return verdicts.length > 0 ? [`${key} vmap { ${verdicts.join(", ")} }`] : [];
  };
  chains.set("sender", dispatch("iifname", "egress"));
  chains.set("receiver", [...dispatch("oifname", "ingress"), `oifname "outside" goto accepted`, "drop"]);
  return { counters, sets, chains };
}
