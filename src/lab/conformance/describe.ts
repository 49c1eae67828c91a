import type { AclEntry, GroupRule, Layout, RulePeer } from "../../conformance/layout";
import type { Disagreement } from "./compare";

/** A layout in lines that one can read. */
export function describeLayout(layout: Layout): string[] {
  return [
    ...layout.vpcs.map(({ id, cidr }) => `${id}: ${cidr}`),
    ...layout.subnets.map(({ id, vpc, cidr, acl, routeTable }) =>
      [`${id}: ${cidr} in ${vpc}`, acl, routeTable].filter(Boolean).join(", "),
    ),
    ...layout.services.flatMap(({ name, groups, tasks }) => [
      `service ${name}: ${groups.join(" and ")}`,
      ...tasks.map(({ id, address, subnet }) => `  task ${id}: ${address} in ${subnet}`),
    ]),
    ...layout.groups.flatMap(({ id, rules }) => [
      `${id}: ${rules.length === 0 ? "no rules" : ""}`.trimEnd(),
      ...rules.map((rule) => `  ${describeRule(rule)}`),
    ]),
    ...layout.prefixLists.map(({ id, cidrs }) => `${id}: ${cidrs.join(", ") || "empty"}`),
    ...layout.acls.flatMap(({ id, form, entries }) => [
      `${id} (${form}):`,
      ...entries.map((entry) => `  ${describeEntry(entry)}`),
    ]),
    ...layout.routeTables.flatMap(({ id, routes }) =>
      routes.map(({ destination, target }) => `${id}: ${destination} to ${Object.values(target).join("")}`),
    ),
    ...layout.peerings.map(({ id, requester, accepter, state }) => `${id}: ${requester} and ${accepter}, ${state}`),
  ];
}

const ports = ({ protocol, from, to }: Pick<GroupRule, "protocol" | "from" | "to">) =>
  from === undefined ? `protocol ${protocol}` : `${protocol} ${from === to ? from : `${from}-${to}`}`;

function describeRule({ direction, form, peers, ...match }: GroupRule): string {
  const way = direction === "ingress" ? "from" : "to";
  return `${direction} ${ports(match)} ${way} ${peers.map(describePeer).join(", ")} (${form})`;
}

const describePeer = (peer: RulePeer) => ("self" in peer ? "self" : Object.values(peer).join(""));

function describeEntry({ direction, number, action, cidr, ...match }: AclEntry): string {
  return `${direction} ${number} ${action} ${ports(match)} ${direction === "ingress" ? "from" : "to"} ${cidr}`;
}

/** Who says what of one connection. */
export function describeDisagreement({ attempt: { from, to, port, sourcePort }, verdicts }: Disagreement): string {
  const said = Object.entries(verdicts).map(
    ([evaluator, verdict]) => `${evaluator}: ${verdict === "unknown" ? verdict : verdict ? "passes" : "is dropped"}`,
  );
  return `${from.id} to ${to.id} port ${port} (from port ${sourcePort}): ${said.join(", ")}`;
}
