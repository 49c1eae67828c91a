import { everyPort, isAnyProtocol } from "../../aws/network/ports";
import { isConfigured } from "../read/configured";
import type { Resource, Resources } from "../read/resources";
import {
  blocks,
  flag,
  isReference,
  isUnknown,
  list,
  number,
  openBlocks,
  Reference,
  text,
  Unknown,
  type Value,
  type Values,
} from "../read/value";
import { traffic, unknownPeer, type Peer, type Rule } from "./rules";

const directions = ["ingress", "egress"] as const;
type Direction = (typeof directions)[number];

/** Every TCP rule of every security group: inline blocks, both generations of rule resources, and rules that only the state knows. */
export function readRules(resources: Resources): readonly Rule[] {
  return [...inlineRules(resources), ...olderRules(resources), ...newerRules(resources)];
}

/** Groups whose every rule the plan shows. */
export function seenGroups(resources: Resources): ReadonlySet<string> {
  return new Set(resources.of("aws_security_group", "aws_default_security_group").map(({ address }) => address));
}

/** `aws_vpc_security_group_ingress_rule` and `aws_vpc_security_group_egress_rule`: one peer each. */
function* newerRules(resources: Resources): Generator<Rule> {
  for (const direction of directions)
    for (const { address, values } of resources.of(`aws_vpc_security_group_${direction}_rule`)) {
      const what = traffic(known(values.ip_protocol), known(values.from_port), known(values.to_port));
      if (!what) continue;
      const group = groupOf(values.security_group_id, resources);
      for (const peer of newerPeers(values, resources))
        yield { direction, ...group, peer, ...what, address, origin: "resource" };
    }
}

function newerPeers(values: Values, resources: Resources): readonly Peer[] {
  return [
    ...peerGroups(values.referenced_security_group_id, resources),
    ...cidrs(values.cidr_ipv4),
    ...cidrs(values.cidr_ipv6),
    ...prefixLists(values.prefix_list_id),
  ];
}

/** `aws_security_group_rule`: several peers in one resource. */
function* olderRules(resources: Resources): Generator<Rule> {
  for (const { address, values, configured } of resources.of("aws_security_group_rule")) {
    const direction = directions.find((each) => each === values.type);
    const what = traffic(known(values.protocol), known(number(values.from_port)), known(number(values.to_port)));
    if (!what) continue;
    const group = groupOf(values.security_group_id, resources);
    // For a rule with `self` or CIDRs, which exclude a source, the provider fills one in by itself: that one is nothing new.
    const hasSource =
      (configured === undefined || "source_security_group_id" in configured) &&
      flag(values.self) !== true &&
      ![values.cidr_blocks, values.ipv6_cidr_blocks].some((cidrs) => list(cidrs).members.length > 0);
    const source = hasSource || !isUnknown(values.source_security_group_id) ? values.source_security_group_id : null;
    const peers = [...sharedPeers(values, group.group), ...peerGroups(source, resources)];
    for (const peer of peers)
      if (direction) yield { direction, ...group, peer, ...what, address, origin: "resource" };
      else
        for (const either of directions)
          yield {
            direction: either,
            ...group,
            peer,
            ...what,
            unsure: "its type isn't known",
            address,
            origin: "resource",
          };
  }
}

function* inlineRules(resources: Resources): Generator<Rule> {
  for (const resource of resources.of("aws_security_group", "aws_default_security_group"))
    for (const direction of directions) {
      const inline = isConfigured(resource, direction);
      const value = resource.values[direction];
      const open = openBlocks(value);
      // A new group without such blocks starts with no rule: Terraform takes AWS's open egress away.
      if (open && inline) yield openRule(direction, resource, open, resources);
      const permissions = inline ? blocks(value) : unclaimed(resource, direction, resources);
      for (const permission of permissions)
        yield* inlineRule(permission, direction, resource, inline ? "inline" : "state", resources);
    }
}

function openRule(direction: Direction, { address }: Resource, value: Unknown, resources: Resources): Rule {
  const groups = (value.candidates ?? []).flatMap((candidate) => resources.groupKey(candidate) ?? []);
  return {
    direction,
    group: address,
    peer: unknownPeer(value, groups),
    ports: everyPort,
    anyProtocol: false,
    unsure: value.because,
    address,
    origin: "inline",
  };
}

function* inlineRule(
  permission: Values,
  direction: Direction,
  group: Resource,
  origin: Rule["origin"],
  resources: Resources,
): Generator<Rule> {
  const what = traffic(
    known(permission.protocol),
    known(number(permission.from_port)),
    known(number(permission.to_port)),
  );
  if (!what) return;
  const peers = [...sharedPeers(permission, group.address), ...peerGroups(permission.security_groups, resources)];
  for (const peer of peers) yield { direction, group: group.address, peer, ...what, address: group.address, origin };
}

/** Peers that inline blocks and `aws_security_group_rule` write the same way. */
function sharedPeers(values: Values, own: string | undefined): readonly Peer[] {
  return [
    ...selfPeers(values.self, own),
    ...cidrs(values.cidr_blocks),
    ...cidrs(values.ipv6_cidr_blocks),
    ...prefixLists(values.prefix_list_ids),
  ];
}

function selfPeers(self: Value | undefined, own: string | undefined): readonly Peer[] {
  if (isUnknown(self) || isReference(self)) {
    const because = `whether it has self = true isn't known before apply${isUnknown(self) ? ` (${self.because})` : ""}`;
    return [unknownPeer(new Unknown(because), own === undefined ? undefined : [own])];
  }
  if (flag(self) !== true) return [];
  return own === undefined
    ? [{ kind: "unknown", because: "its own group isn't known" }]
    : [{ kind: "group", group: own }];
}

function peerGroups(value: Value | undefined, resources: Resources): readonly Peer[] {
  if (value === undefined || value === null) return [];
  const { members, open } = list(
    isUnknown(value) && value.all && value.candidates?.length === 1 ? value.candidates[0] : value,
  );
  const peers = members.map((member): Peer => {
    const group = resources.groupKey(member);
    return group === undefined
      ? { kind: "unknown", because: `${show(member)} isn't a security group of this plan` }
      : { kind: "group", group };
  });
  if (!open) return peers;
  const possible = (open.candidates ?? []).flatMap((candidate) => resources.groupKey(candidate) ?? []);
  if (possible.length === 1 && peers.length === 0)
    return [{ kind: "group", group: possible[0]!, inferred: open.because }];
  const several = possible.length > 1 ? `; it may be any of ${possible.join(", ")}` : "";
  return [...peers, unknownPeer(new Unknown(`${open.because}${several}`), possible)];
}

function cidrs(value: Value | undefined): readonly Peer[] {
  const { members, open } = list(value);
  const peers = members.map((member): Peer =>
    typeof member === "string" && !member.includes("${")
      ? { kind: "cidr", cidr: member }
      : { kind: "unknown", because: `${show(member)} isn't known before apply` },
  );
  return open ? [...peers, unknownPeer(open)] : peers;
}

function prefixLists(value: Value | undefined): readonly Peer[] {
  const { members, open } = list(value);
  // Of a block written as one expression a plan tells what all of it refers to, its security groups too.
  const peers = members.map((prefixList): Peer =>
    isReference(prefixList) && /(^|\.)aws_(default_)?security_group\./.test(prefixList.address)
      ? { kind: "unknown", because: `${show(prefixList)} isn't a prefix list` }
      : { kind: "prefix-list", list: prefixList },
  );
  return open ? [...peers, unknownPeer(open)] : peers;
}

function groupOf(value: Value | undefined, resources: Resources): Pick<Rule, "group" | "groups"> {
  if (typeof value === "string" || isReference(value)) return { group: resources.groupKey(value) };
  const candidates = isUnknown(value)
    ? (value.candidates ?? []).flatMap((candidate) => resources.groupKey(candidate) ?? [])
    : [];
  return { group: undefined, ...(candidates.length > 0 && { groups: candidates }) };
}

/** A known scalar; `undefined` where it isn't known. */
function known(value: Value | undefined): string | number | undefined {
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}

function show(member: Reference | string): string {
  return typeof member === "string" ? member : `${member.address}${member.attribute && `.${member.attribute}`}`;
}

/**
 * What the state says of a group without inline blocks, less what rule resources made: rules that someone added outside
 * this configuration. They let packets through anyway.
 */
function unclaimed(group: Resource, direction: Direction, resources: Resources): readonly Values[] {
  const permissions = blocks(group.values[direction]);
  if (permissions.length === 0) return [];
  const id = text(group.values.id);
  const claimed = claims(resources).get(`${direction} ${id}`) ?? new Set<string>();
  return permissions
    .flatMap((permission) => atoms(permission, id))
    .filter(([key]) => !claimed.has(key))
    .map(([, values]) => values);
}

const claimsOf = new WeakMap<Resources, Map<string, Set<string>>>();

/** All that rule resources stand for before apply, by direction and group. */
function claims(resources: Resources): Map<string, Set<string>> {
  const cached = claimsOf.get(resources);
  if (cached) return cached;
  const found = new Map<string, Set<string>>();
  for (const { type, before } of [...resources.all(), ...resources.destroyed]) {
    const direction =
      type === "aws_security_group_rule" ? before?.type : /^aws_vpc_security_group_(\w+)_rule$/.exec(type)?.[1];
    if (!before || typeof direction !== "string") continue;
    const id = text(before.security_group_id);
    const key = `${direction} ${id}`;
    const set = found.get(key) ?? new Set<string>();
    found.set(key, set);
    for (const [atom] of atoms(asPermission(before), id)) set.add(atom);
  }
  claimsOf.set(resources, found);
  return found;
}

/** A rule resource in the shape of an inline block. */
function asPermission(values: Values): Values {
  return {
    protocol: values.protocol ?? values.ip_protocol ?? null,
    from_port: values.from_port ?? 0,
    to_port: values.to_port ?? 0,
    self: values.self ?? false,
    cidr_blocks: values.cidr_blocks ?? values.cidr_ipv4 ?? null,
    ipv6_cidr_blocks: values.ipv6_cidr_blocks ?? values.cidr_ipv6 ?? null,
    prefix_list_ids: values.prefix_list_ids ?? values.prefix_list_id ?? null,
    security_groups: values.source_security_group_id ?? values.referenced_security_group_id ?? null,
  };
}

/** A block as one permission for each peer, with a key that is the same for the same permission. */
function atoms(permission: Values, own: string | undefined): readonly (readonly [string, Values])[] {
  const what = isAnyProtocol(text(permission.protocol) ?? "")
    ? "-1"
    : `${text(permission.protocol) === "6" ? "tcp" : text(permission.protocol)} ${number(permission.from_port)} ${number(permission.to_port)}`;
  const each: [string, Values][] = [];
  for (const field of ["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups"])
    for (const member of list(permission[field]).members) {
      if (member === own) each.push([`${what} self`, { ...bare(permission), self: true }]);
      else each.push([`${what} ${show(member)}`, { ...bare(permission), [field]: [member] }]);
    }
  if (flag(permission.self)) each.push([`${what} self`, { ...bare(permission), self: true }]);
  return each;
}

function bare({ protocol, from_port, to_port }: Values): Values {
  return { protocol: protocol ?? null, from_port: from_port ?? null, to_port: to_port ?? null };
}
