import { isIcmp } from "./random-rules";
import type { Acl, AclEntry, GroupRule, Layout, RouteTable, RulePeer } from "../../conformance/layout";

type Block = Readonly<Record<string, unknown>>;
type Resources = Record<string, Record<string, Block>>;

/** A layout as Terraform JSON that would apply it: what the review reads. */
export function terraformJson(layout: Layout): { readonly resource: Resources } {
  const resource: Resources = {};
  const put = (type: string, name: string, block: Block) => ((resource[type] ??= {})[name] = block);
  for (const { id, cidr } of layout.vpcs) put("aws_vpc", id, { cidr_block: cidr });
  for (const { id, vpc, cidr } of layout.subnets)
    put("aws_subnet", id, { vpc_id: idOf("aws_vpc", vpc), cidr_block: cidr });
  for (const { id, cidrs } of layout.prefixLists)
    put("aws_ec2_managed_prefix_list", id, {
      name: id,
      address_family: "IPv4",
      max_entries: 5,
      entry: cidrs.map((cidr) => ({ cidr })),
    });
  putGroups(layout, put);
  for (const acl of layout.acls) putAcl(layout, acl, put);
  for (const table of layout.routeTables) putRouteTable(layout, table, put);
  for (const { id, requester, accepter, state } of layout.peerings)
    put("aws_vpc_peering_connection", id, {
      vpc_id: idOf("aws_vpc", requester),
      peer_vpc_id: idOf("aws_vpc", accepter),
      ...(state === "active" && { auto_accept: true }),
    });
  putServices(layout, put);
  return { resource };
}

type Put = (type: string, name: string, block: Block) => void;

const idOf = (type: string, name: string) => `\${${type}.${name}.id}`;

function putServices({ services }: Layout, put: Put): void {
  put("aws_ecs_task_definition", "app", {
    family: "app",
    network_mode: "awsvpc",
    requires_compatibilities: ["FARGATE"],
    container_definitions: JSON.stringify([{ name: "app", image: "app" }]),
  });
  for (const { name, groups, tasks } of services)
    put("aws_ecs_service", name, {
      name,
      desired_count: tasks.length,
      task_definition: "${aws_ecs_task_definition.app.arn}",
      network_configuration: {
        subnets: tasks.map(({ subnet }) => idOf("aws_subnet", subnet)),
        security_groups: groups.map((group) => idOf("aws_security_group", group)),
      },
    });
}

function putGroups({ groups }: Layout, put: Put): void {
  for (const { id, vpc, rules } of groups) {
    const inline = (direction: GroupRule["direction"]) =>
      rules.filter((rule) => rule.form === "inline" && rule.direction === direction).map(inlineRule);
    const blocks = { ingress: inline("ingress"), egress: inline("egress") };
    put("aws_security_group", id, {
      name: id,
      vpc_id: idOf("aws_vpc", vpc),
      ...(blocks.ingress.length > 0 && { ingress: blocks.ingress }),
      ...(blocks.egress.length > 0 && { egress: blocks.egress }),
    });
    for (const [at, rule] of rules.entries())
      if (rule.form === "aws_security_group_rule")
        put("aws_security_group_rule", `${id}-${at}`, {
          type: rule.direction,
          security_group_id: idOf("aws_security_group", id),
          ...ports(rule),
          ...sharedPeers(rule.peers),
          ...single("source_security_group_id", groupsOf(rule.peers)),
        });
      else if (rule.form === "aws_vpc_security_group_rule")
        put(`aws_vpc_security_group_${rule.direction}_rule`, `${id}-${at}`, newerRule(id, rule));
  }
}

const ports = ({ protocol, from = 0, to = 0 }: Pick<GroupRule, "protocol" | "from" | "to">) => ({
  protocol,
  from_port: from,
  to_port: to,
});

function inlineRule(rule: GroupRule): Block {
  const groups = groupsOf(rule.peers);
  return { ...ports(rule), ...sharedPeers(rule.peers), ...(groups.length > 0 && { security_groups: groups }) };
}

const groupsOf = (peers: readonly RulePeer[]) =>
  peers.flatMap((peer) => ("group" in peer ? [idOf("aws_security_group", peer.group)] : []));

const single = (name: string, values: readonly string[]) => (values.length > 0 ? { [name]: values[0] } : {});

function sharedPeers(peers: readonly RulePeer[]): Block {
  const cidrs = peers.flatMap((peer) => ("cidr" in peer ? [peer.cidr] : []));
  const cidrs6 = peers.flatMap((peer) => ("cidr6" in peer ? [peer.cidr6] : []));
  const lists = peers.flatMap((peer) =>
    "prefixList" in peer ? [idOf("aws_ec2_managed_prefix_list", peer.prefixList)] : [],
  );
  return {
    ...(peers.some((peer) => "self" in peer) && { self: true }),
    ...(cidrs.length > 0 && { cidr_blocks: cidrs }),
    ...(cidrs6.length > 0 && { ipv6_cidr_blocks: cidrs6 }),
    ...(lists.length > 0 && { prefix_list_ids: lists }),
  };
}

function newerRule(id: string, { protocol, from, to, peers: [peer] }: GroupRule): Block {
  const own = idOf("aws_security_group", id);
  return {
    security_group_id: own,
    ip_protocol: protocol,
    ...(from !== undefined && { from_port: from, to_port: to }),
    ...(peer && "cidr" in peer && { cidr_ipv4: peer.cidr }),
    ...(peer && "cidr6" in peer && { cidr_ipv6: peer.cidr6 }),
    ...(peer && "prefixList" in peer && { prefix_list_id: idOf("aws_ec2_managed_prefix_list", peer.prefixList) }),
    ...(peer && "group" in peer && { referenced_security_group_id: idOf("aws_security_group", peer.group) }),
    ...(peer && "self" in peer && { referenced_security_group_id: own }),
  };
}

/** An entry for ICMP has attributes of its own for type and code. */
const aclPorts = (entry: Pick<AclEntry, "protocol" | "from" | "to">) =>
  isIcmp(entry.protocol)
    ? { ...ports({ protocol: entry.protocol }), icmp_type: entry.from, icmp_code: entry.to }
    : ports(entry);

function putAcl({ subnets }: Layout, { id, vpc, form, entries }: Acl, put: Put): void {
  const own = subnets.filter(({ acl }) => acl === id).map((subnet) => idOf("aws_subnet", subnet.id));
  const inline = (direction: AclEntry["direction"]) =>
    entries
      .filter((entry) => entry.direction === direction)
      .map(({ number, action, cidr, ...match }) => ({ rule_no: number, action, cidr_block: cidr, ...aclPorts(match) }));
  put("aws_network_acl", id, {
    vpc_id: idOf("aws_vpc", vpc),
    ...(form === "inline" && { subnet_ids: own, ingress: inline("ingress"), egress: inline("egress") }),
  });
  if (form === "inline") return;
  for (const [at, subnet] of own.entries())
    put("aws_network_acl_association", `${id}-${at}`, {
      network_acl_id: idOf("aws_network_acl", id),
      subnet_id: subnet,
    });
  for (const [at, { direction, number, action, protocol, cidr, from, to }] of entries.entries())
    put("aws_network_acl_rule", `${id}-${at}`, {
      network_acl_id: idOf("aws_network_acl", id),
      rule_number: number,
      egress: direction === "egress",
      protocol,
      rule_action: action,
      cidr_block: cidr,
      ...(from !== undefined && aclPorts({ protocol, from, to })),
    });
}

function putRouteTable({ subnets }: Layout, { id, vpc, form, routes }: RouteTable, put: Put): void {
  const targets = routes.map(({ destination, target }) => {
    if ("peering" in target)
      return { destination, vpc_peering_connection_id: idOf("aws_vpc_peering_connection", target.peering) };
    const subnet = subnets.find((each) => each.cidr === destination)!;
    put("aws_network_interface", target.unusedInterface, { subnet_id: idOf("aws_subnet", subnet.id) });
    return { destination, network_interface_id: idOf("aws_network_interface", target.unusedInterface) };
  });
  put("aws_route_table", id, {
    vpc_id: idOf("aws_vpc", vpc),
    ...(form === "inline" &&
      targets.length > 0 && { route: targets.map(({ destination, ...to }) => ({ cidr_block: destination, ...to })) }),
  });
  for (const [at, { destination, ...to }] of targets.entries())
    if (form === "aws_route")
      put("aws_route", `${id}-${at}`, {
        route_table_id: idOf("aws_route_table", id),
        destination_cidr_block: destination,
        ...to,
      });
  for (const subnet of subnets)
    if (subnet.routeTable === id)
      put("aws_route_table_association", subnet.id, {
        subnet_id: idOf("aws_subnet", subnet.id),
        route_table_id: idOf("aws_route_table", id),
      });
}
