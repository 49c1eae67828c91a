import type { Group, GroupRule, Peering, RuleForm, RulePeer } from "../../conformance/layout";
import type { Chance } from "../scenarios/steps/chance";
import { some } from "./drawn";
import { defaultDistributionPorts, epmdPort } from "../../distribution";

/** What rules may name beyond the groups themselves. */
interface Nameable {
  readonly prefixLists: readonly string[];
  readonly peerings: readonly Peering[];
  readonly cidr: () => string;
}

type Named = Pick<Group, "id" | "vpc">;

const { from: first, to: last } = defaultDistributionPorts;

const ranges = [
  [epmdPort, epmdPort],
  [first, last],
  [first, last],
  [first, first],
  [443, 443],
  [0, 65_535],
  [1024, 65_535],
  [epmdPort, first],
  [first + 1, last + 1],
  [epmdPort - 1, epmdPort],
] as const;

const randomRange = (chance: Chance) => {
  const [from, to] = chance.of(ranges);
  return { from, to };
};

const protocols = ["tcp", "tcp", "tcp", "tcp", "tcp", "tcp", "6", "-1", "-1", "udp", "17", "icmp", "1"];

/** Types of ICMP with a code, in place of ports: echo, its reply, unreachable, and all; -1 stands for all. */
const icmpTypes = [
  [8, -1],
  [0, 0],
  [3, 4],
  [-1, -1],
] as const;

/** Whether a rule has a type and a code where others have ports. */
export const isIcmp = (protocol: string): boolean => protocol === "icmp" || protocol === "1";

/** A rule's protocol and ports, most of them for TCP. */
export function randomMatch(chance: Chance): Pick<GroupRule, "protocol" | "from" | "to"> {
  const protocol = chance.of(protocols);
  if (protocol === "-1") return { protocol };
  if (!isIcmp(protocol)) return { protocol, ...randomRange(chance) };
  const [from, to] = chance.of(icmpTypes);
  return { protocol, from, to };
}

/** Rules for the groups, in all of Terraform's forms; some groups refer to the next one, and so form a chain. */
export function randomGroups(chance: Chance, names: readonly Named[], nameable: Nameable): Group[] {
  const chained = chance.next() < 0.4;
  return names.map((name, at): Group => {
    // A group with inline rules may have no other ones.
    const isInline = chance.next() < 0.35;
    const form = (): RuleForm =>
      isInline ? "inline" : chance.of(["aws_security_group_rule", "aws_vpc_security_group_rule"]);
    const others = referable(name, names.slice(0, isInline ? at : undefined), nameable.peerings);
    const rule = (direction: GroupRule["direction"]): GroupRule => {
      const as = form();
      const peers = some(chance, 1, as === "aws_vpc_security_group_rule" ? 1 : 3).map(() =>
        randomPeer(chance, others, nameable),
      );
      return { direction, form: as, ...randomMatch(chance), peers: acceptable(peers, as) };
    };
    const open = { form: form(), protocol: "-1", peers: [{ cidr: "0.0.0.0/0" }] };
    const next = names[at + 1];
    const link =
      chained && !isInline && next?.vpc === name.vpc
        ? [
            {
              direction: "ingress" as const,
              form: form(),
              protocol: "tcp",
              from: 0,
              to: 65_535,
              peers: [{ group: next.id }],
            },
          ]
        : [];
    return {
      ...name,
      rules: [
        ...some(chance, 0, 3).map(() => rule("ingress")),
        ...link,
        ...(chance.next() < 0.55
          ? [{ direction: "egress" as const, ...open }]
          : some(chance, 0, 3).map(() => rule("egress"))),
      ],
    };
  });
}

/** The groups that AWS lets a group's rule name: those of its VPC, and of VPCs with an active peering connection. */
function referable({ id, vpc }: Named, names: readonly Named[], peerings: readonly Peering[]): string[] {
  const active = peerings.filter(({ state }) => state === "active");
  const peered = (other: string) =>
    active.some(
      ({ requester, accepter }) => [requester, accepter].includes(vpc) && [requester, accepter].includes(other),
    );
  return names.filter((name) => name.id !== id && (name.vpc === vpc || peered(name.vpc))).map((name) => name.id);
}

function randomPeer(chance: Chance, groups: readonly string[], { prefixLists, cidr }: Nameable): RulePeer {
  const kind = chance.next();
  if (kind < 0.15) return { self: true };
  if (kind < 0.5 && groups.length > 0) return { group: chance.of(groups) };
  if (kind < 0.62 && prefixLists.length > 0) return { prefixList: chance.of(prefixLists) };
  if (kind < 0.68) return { cidr6: chance.of(["::/0", "2001:db8::/64"]) };
  return { cidr: cidr() };
}

/** `aws_security_group_rule` takes one group or `self`, and neither next to CIDRs or prefix lists. */
function acceptable(peers: readonly RulePeer[], form: RuleForm): readonly RulePeer[] {
  const distinct = [...new Map(peers.map((peer) => [JSON.stringify(peer), peer])).values()];
  if (form !== "aws_security_group_rule") return distinct;
  const isGroup = (peer: RulePeer) => "group" in peer || "self" in peer;
  return isGroup(distinct[0]!) ? [distinct[0]!] : distinct.filter((peer) => !isGroup(peer));
}
