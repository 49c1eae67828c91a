import { contains } from "./cidr";
import type { Attempt, GroupRule, Layout, RulePeer } from "./layout";
import { isForTcpPort } from "./protocol";

/** Whether the groups of both ends let a connection through. */
export function groupsAllow(layout: Layout, { from, to, port }: Attempt): boolean {
  // Security groups are stateful: replies of a connection that was let through need no rule.
  // https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html (Security group basics)
  return letsOut(layout, from, to, port) && letsIn(layout, from, to, port);
}

type End = Attempt["from"];

// An inbound rule has a source, an outbound rule has a destination.
// https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html (Components of a security group rule)
const letsOut = (layout: Layout, from: End, to: End, port: number) => anyRule(layout, "egress", from, to, port);

const letsIn = (layout: Layout, from: End, to: End, port: number) => anyRule(layout, "ingress", to, from, port);

/**
 * The rules of all groups of an interface form one set. Rules allow and never deny, and without a rule nothing passes.
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
 * https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html (Security group rule basics)
 */
function anyRule(layout: Layout, direction: GroupRule["direction"], own: End, other: End, port: number): boolean {
  return layout.groups
    .filter(({ id }) => own.groups.includes(id))
    .some(({ id, rules }) =>
      rules.some(
        (rule) =>
          rule.direction === direction &&
          isForTcpPort(rule, port) &&
          rule.peers.some((peer) => isPeer(layout, peer, id, other)),
      ),
    );
}

/** Whether the other end is one that a rule names. */
function isPeer(layout: Layout, peer: RulePeer, own: string, other: End): boolean {
  // A referenced group stands for the private addresses of the interfaces that are in it; its rules don't count. A group
  // of a peered VPC can be referenced as well.
  // https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html (Security group referencing)
  // https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
  if ("group" in peer) return other.groups.includes(peer.group);
  if ("self" in peer) return other.groups.includes(own);
  // A prefix list is a set of CIDR blocks.
  // https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html
  if ("prefixList" in peer)
    return layout.prefixLists.some(
      ({ id, cidrs }) => id === peer.prefixList && cidrs.some((cidr) => contains(cidr, other.address)),
    );
  // A range of IPv4 addresses, or of IPv6 addresses, in CIDR notation.
  // https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html (Components of a security group rule)
  return contains("cidr" in peer ? peer.cidr : peer.cidr6, other.address);
}
