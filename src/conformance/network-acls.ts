import { contains } from "./cidr";
import type { AclEntry, Attempt, Layout, Subnet } from "./layout";
import { isForTcpPort } from "./protocol";

/**
 * Whether the network ACLs of both subnets let a connection's packets and its replies through.
 *
 * Network ACLs are stateless: each reply is evaluated like a first packet, and goes to the port that the connection came
 * from.
 * https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html
 * https://docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html
 */
export function aclsAllow(layout: Layout, { from, to, port, sourcePort }: Attempt): boolean {
  // A network ACL is evaluated when traffic enters and leaves the subnet, not for traffic within it.
  // https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html
  if (from.subnet === to.subnet) return true;
  const [sender, receiver] = [subnet(layout, from.subnet), subnet(layout, to.subnet)];
  const there = passes(layout, sender, receiver, { source: from.address, destination: to.address, port });
  const back = passes(layout, receiver, sender, { source: to.address, destination: from.address, port: sourcePort });
  return there && back;
}

interface Packet {
  readonly source: string;
  readonly destination: string;
  /** Of its destination. */
  readonly port: number;
}

function passes(layout: Layout, sender: Subnet, receiver: Subnet, packet: Packet): boolean {
  // An outbound rule has a destination, an inbound rule a source.
  // https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
  return (
    decides(layout, sender, "egress", packet.destination, packet.port) &&
    decides(layout, receiver, "ingress", packet.source, packet.port)
  );
}

function decides(
  layout: Layout,
  { acl: id }: Subnet,
  direction: AclEntry["direction"],
  other: string,
  port: number,
): boolean {
  // The default network ACL allows all traffic in and out.
  // https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html
  if (id === undefined) return true;
  const { entries } = layout.acls.find((acl) => acl.id === id)!;
  // Rules are evaluated from the lowest number on, and the first one that matches decides.
  // https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
  const first = [...entries]
    .sort((one, another) => one.number - another.number)
    .find((entry) => entry.direction === direction && isForTcpPort(entry, port) && contains(entry.cidr, other));
  // The last rule has an asterisk as its number: what no other rule matches is denied.
  // https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html
  return first?.action === "allow";
}

function subnet(layout: Layout, id: string): Subnet {
  return layout.subnets.find((each) => each.id === id)!;
}
