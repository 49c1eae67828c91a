import { everyPort, isAnyProtocol, isTcp, overlaps, type PortRange } from "../../../aws/network/ports";
import { isConfigured } from "../../read/configured";
import type { Resource, Resources } from "../../read/resources";
import { blocks, flag, isReference, isUnknown, list, number, openBlocks, text, type Values } from "../../read/value";
import { isAttribute, type Place, vpcResource } from "./places";
import { common, cut, firstMatch, passes, stopped, unsure, type Line, type Verdict } from "./verdict";

export type Direction = "ingress" | "egress";

/** What a network ACL says in one direction. */
interface Entry {
  readonly number: number;
  /** `undefined` where it isn't known whether it allows. */
  readonly allows: boolean | undefined;
  readonly cidr: string | undefined;
  /** Of TCP. */
  readonly ports: PortRange;
}

/** Reads network ACLs: stateless, first match by number, deny at the end. Source: https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html */
export class NetworkAcls {
  private readonly entries = new Map<string, readonly Entry[] | string>();

  constructor(private readonly resources: Resources) {}

  /** Whether a subnet's ACL lets TCP packets to these ports through, from or to some addresses. */
  verdict(place: Place, direction: Direction, other: Place, ports: PortRange): Verdict {
    const acl = this.aclOf(place);
    if (acl === undefined) return passes;
    if (typeof acl === "string") return unsure(acl);
    const entries = this.entriesOf(acl, direction);
    if (typeof entries === "string") return unsure(entries);
    const parts = cut(
      ports,
      entries.map((entry) => entry.ports),
    );
    return common(parts.map((part) => decide(acl, direction, entries, other, part)));
  }

  /** The ACL of a subnet; `undefined` for a default one that nothing changes, or that isn't in this plan. */
  private aclOf({ subnet }: Place): Resource | string | undefined {
    if (!subnet) return undefined;
    const { resources } = this;
    for (const { values, address } of resources.of("aws_network_acl_association")) {
      if (isUnknown(values.subnet_id))
        return `${address} may give ${subnet.address} an ACL: ${values.subnet_id.because}`;
      if (resources.named(values.subnet_id, "aws_subnet", "data.aws_subnet") === subnet)
        return (
          resources.named(values.network_acl_id, "aws_network_acl", "aws_default_network_acl") ??
          `the ACL of ${address} isn't in this plan`
        );
    }
    for (const acl of resources.of("aws_network_acl", "aws_default_network_acl")) {
      const { members, open } = list(acl.values.subnet_ids);
      if (members.some((member) => resources.named(member, "aws_subnet", "data.aws_subnet") === subnet)) return acl;
      if (open && isConfigured(acl, "subnet_ids")) return `${acl.address} may be its ACL: ${open.because}`;
    }
    const vpc = vpcResource(subnet, resources);
    return (
      vpc &&
      resources
        .of("aws_default_network_acl")
        .find(({ values }) => isAttribute(values.default_network_acl_id, vpc, "default_network_acl_id"))
    );
  }

  private entriesOf(acl: Resource, direction: Direction): readonly Entry[] | string {
    const key = `${direction} ${acl.address}`;
    const known = this.entries.get(key) ?? readEntries(acl, direction, this.resources);
    this.entries.set(key, known);
    return known;
  }
}

/** Evaluates a stretch of ports in which no entry begins or ends. */
function decide(
  { address }: Resource,
  direction: Direction,
  entries: readonly Entry[],
  other: Place,
  ports: PortRange,
): Verdict {
  const where = `${direction === "ingress" ? "from" : "to"} ${other.name}`;
  const lines = entries
    .filter((entry) => overlaps(entry.ports, ports))
    .map((entry): Line => ({
      cidr: entry.cidr,
      verdict:
        entry.allows === undefined
          ? unsure(`rule ${entry.number} of ${address} isn't known before apply`)
          : entry.allows
            ? passes
            : stopped(`rule ${entry.number} of ${address} denies ${shown(ports)} ${where}`),
    }));
  return firstMatch(other.ranges, lines, stopped(`no rule of ${address} allows ${shown(ports)} ${where}`));
}

const shown = ({ from, to }: PortRange) => (from === to ? `port ${from}` : `ports ${from}–${to}`);

function readEntries(acl: Resource, direction: Direction, resources: Resources): readonly Entry[] | string {
  const entries: Entry[] = [];
  const isInline = isConfigured(acl, direction);
  const open = openBlocks(acl.values[direction]);
  if (isInline && open) return `the rules of ${acl.address} aren't known: ${open.because}`;
  for (const values of isInline ? blocks(acl.values[direction]) : unclaimed(acl, direction, resources)) {
    const entry = entryOf(values, number(values.rule_no), text(values.action));
    if (typeof entry === "string") return `${acl.address}: ${entry}`;
    if (entry) entries.push(entry);
  }
  for (const { values, address } of resources.of("aws_network_acl_rule")) {
    if (isUnknown(values.network_acl_id))
      return `${address} may belong to ${acl.address}: ${values.network_acl_id.because}`;
    const isOwn = resources.named(values.network_acl_id, acl.type) === acl || isDefaultOf(values, acl, resources);
    const egress = flag(values.egress ?? false);
    if (!isOwn || (egress !== undefined && egress !== (direction === "egress"))) continue;
    const entry = entryOf(values, number(values.rule_number), text(values.rule_action));
    if (egress === undefined || typeof entry === "string") return `${address} isn't known before apply`;
    if (entry) entries.push(entry);
  }
  return entries.sort((one, other) => one.number - other.number);
}

/** Whether a rule names the default ACL by the VPC's attribute, as the ACL itself does. */
function isDefaultOf({ network_acl_id: id }: Values, acl: Resource, resources: Resources): boolean {
  const named = acl.values.default_network_acl_id;
  if (!isReference(id) || !isReference(named)) return false;
  return id.address === named.address && resources.at(id.address)?.type === "aws_vpc";
}

/** One entry; `undefined` for one that no TCP packet matches, and why it can't be read. */
function entryOf(values: Values, rule: number | undefined, action: string | undefined): Entry | string | undefined {
  const protocol = text(values.protocol) ?? number(values.protocol)?.toString();
  if (rule === undefined) return "the number of a rule isn't known before apply";
  if (protocol === undefined) return `the protocol of rule ${rule} isn't known before apply`;
  if (!isTcp(protocol)) return undefined;
  const [from, to] = [number(values.from_port), number(values.to_port)];
  const any = isAnyProtocol(protocol);
  if (!any && (from === undefined || to === undefined)) return `the ports of rule ${rule} aren't known before apply`;
  const cidr = text(values.cidr_block);
  // An entry for IPv6 alone.
  if (!cidr && text(values.ipv6_cidr_block)) return undefined;
  return {
    number: rule,
    allows: action === undefined ? undefined : action.toLowerCase() === "allow",
    cidr: cidr || undefined,
    ports: any ? everyPort : { from: from!, to: to! },
  };
}

/** Entries in the state that no rule resource made: they stay, since the configuration says nothing of entries. */
function unclaimed(acl: Resource, direction: Direction, resources: Resources): readonly Values[] {
  const id = text(acl.values.id);
  const claimed = new Set(
    [...resources.all(), ...resources.destroyed].flatMap(({ type, before }) =>
      type === "aws_network_acl_rule" && before && before.network_acl_id === id
        ? [`${before.egress === true ? "egress" : "ingress"} ${number(before.rule_number)}`]
        : [],
    ),
  );
  return blocks(acl.values[direction]).filter(({ rule_no: rule }) => !claimed.has(`${direction} ${number(rule)}`));
}
