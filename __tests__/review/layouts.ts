import { goodLayout, type ContainerJson, type Layout, type Name } from "./good-layout";

/** A layout made by one change to the good one. */
export interface Mutation {
  readonly name: string;
  mutate(layout: Layout): void;
  /** Ordered pairs `from→to` in which a node of `from` finds, dials and is accepted by a node of `to`. */
  readonly connects: readonly string[];
  /** Pairs that are unknown before apply, or of which some tasks connect and others don't. */
  readonly unknown?: readonly string[];
  /** Whether the real network can decide it in a short lab run: one in each `npm test`, or of those of `npm run test:layouts`. */
  readonly lab?: "always" | "in full";
}

const all = ["shop→shop", "shop→stock", "stock→shop", "stock→stock", "mail→mail"] as const;
type Pair = (typeof all)[number];
const without = (...pairs: readonly Pair[]) => all.filter((pair) => !pairs.includes(pair));

type Block = Record<string, unknown>;
const ingress = "aws_vpc_security_group_ingress_rule";
const egress = "aws_vpc_security_group_egress_rule";

const block = (layout: Layout, type: string, name: string): Block => {
  const found = layout.resource[type]?.[name];
  if (!found) throw new Error(`the good layout has no ${type}.${name}`);
  return found;
};
const add = (layout: Layout, type: string, name: string, values: Block) =>
  ((layout.resource[type] ??= {})[name] = values);
const remove = (layout: Layout, type: string, name: string) => {
  block(layout, type, name);
  delete layout.resource[type]![name];
};
const change = (layout: Layout, type: string, name: string, values: Block) =>
  Object.assign(block(layout, type, name), values);
const group = (name: string) => `\${aws_security_group.${name}.id}`;

/** Changes the container of a service. */
export function changeContainer(layout: Layout, name: Name, edit: (container: ContainerJson) => void): void {
  const definition = block(layout, "aws_ecs_task_definition", name);
  const containers = JSON.parse(definition.container_definitions as string) as ContainerJson[];
  edit(containers[0]!);
  definition.container_definitions = JSON.stringify(containers);
}

/** Puts versions into the basenames of shop and stock. Each looks for nodes of its own version. */
export const versions = (shop: string, stock: string) => (layout: Layout) => {
  for (const [service, version] of [
    ["shop", shop],
    ["stock", stock],
  ] as const) {
    setVariable(layout, service, "CLUSTER_VERSION", version);
    const nodes = ["shop", "stock"].map((name) => `${name}-${version}@${name}.organization.local`);
    setVariable(layout, service, "CLUSTER_NODES", nodes.join(","));
  }
};

/** Sets or, with `undefined`, removes a variable of a service's container. */
export function setVariable(layout: Layout, service: Name, name: string, value: string | undefined): void {
  changeContainer(layout, service, (container) => {
    container.environment = container.environment.filter((entry) => entry.name !== name);
    if (value !== undefined) container.environment.push({ name, value });
  });
}

const removed = (type: string, rule: string, ...broken: Pair[]): Mutation => ({
  name: `${type === ingress ? "ingress" : "egress"} rule ${rule} removed`,
  mutate: (layout) => remove(layout, type, rule),
  connects: without(...broken),
});

const inLab = (mutation: Mutation, lab: Mutation["lab"] = "in full"): Mutation => ({ ...mutation, lab });

const changedRule = (name: string, type: string, rule: string, values: Block, ...broken: Pair[]): Mutation => ({
  name,
  mutate: (layout) => change(layout, type, rule, values),
  connects: without(...broken),
});

/** Replaces the rule that lets shop in to stock's distribution range by a CIDR. */
const fromCidr = (cidr: Block, ...broken: Pair[]): Mutation => ({
  name: `stock lets in ${Object.values(cidr).join()} in place of shop's group`,
  mutate(layout) {
    const rule = block(layout, ingress, "stock_from_shop_range");
    delete rule.referenced_security_group_id;
    Object.assign(rule, cidr);
  },
  connects: without(...broken),
});

/** Replaces stock's rules for shop by one of the older kind. */
const olderRule = (name: string, values: Block, ...broken: Pair[]): Mutation => ({
  name: `aws_security_group_rule: ${name}`,
  mutate(layout) {
    for (const what of ["epmd", "range"]) remove(layout, ingress, `stock_from_shop_${what}`);
    add(layout, "aws_security_group_rule", "stock", { type: "ingress", security_group_id: group("stock"), ...values });
  },
  connects: without(...broken),
});

/** Replaces all of stock's ingress rules by inline blocks. */
const inline = (name: string, blocks: Block[], ...broken: Pair[]): Mutation => ({
  name: `inline rules: ${name}`,
  mutate(layout) {
    for (const peer of ["shop", "stock"])
      for (const what of ["epmd", "range"]) remove(layout, ingress, `stock_from_${peer}_${what}`);
    block(layout, "aws_security_group", "stock").ingress = blocks.map((values) => ({ ...emptyBlock, ...values }));
  },
  connects: without(...broken),
});

/** Terraform JSON takes inline blocks as attributes, and then wants each of them. */
const emptyBlock = {
  description: "",
  cidr_blocks: [],
  ipv6_cidr_blocks: [],
  prefix_list_ids: [],
  security_groups: [],
  self: false,
};
const epmd = { protocol: "tcp", from_port: 4369, to_port: 4369 };
const range = { protocol: "tcp", from_port: 9000, to_port: 9010 };

/** Replaces shop's way in to stock by a prefix list. */
const prefixList = (name: string, cidrs: string[], separate: boolean, ...broken: Pair[]): Mutation => ({
  name: `prefix list ${name}`,
  mutate(layout) {
    const entries = cidrs.map((cidr) => ({ cidr, description: "" }));
    add(layout, "aws_ec2_managed_prefix_list", "peers", {
      name: "peers",
      address_family: "IPv4",
      max_entries: 5,
      ...(separate ? {} : { entry: entries }),
    });
    if (separate)
      cidrs.forEach((cidr, at) =>
        add(layout, "aws_ec2_managed_prefix_list_entry", `peers_${at}`, {
          cidr,
          prefix_list_id: "${aws_ec2_managed_prefix_list.peers.id}",
        }),
      );
    const rule = block(layout, ingress, "stock_from_shop_range");
    delete rule.referenced_security_group_id;
    rule.prefix_list_id = "${aws_ec2_managed_prefix_list.peers.id}";
  },
  connects: without(...broken),
});

const variable = (service: Name, name: string, value: string | undefined, ...broken: Pair[]): Mutation => ({
  name: `${service}: ${name} ${value === undefined ? "not set" : `= ${value}`}`,
  mutate: (layout) => setVariable(layout, service, name, value),
  connects: without(...broken),
});

const both: readonly Pair[] = ["shop→stock", "stock→shop"];

const rules: readonly Mutation[] = [
  { name: "nothing changed", mutate: () => undefined, connects: all, lab: "always" },
  inLab(removed(ingress, "shop_from_shop_epmd", "shop→shop")),
  removed(ingress, "shop_from_shop_range", "shop→shop"),
  removed(ingress, "stock_from_stock_epmd", "stock→stock"),
  inLab(removed(ingress, "stock_from_shop_epmd", "shop→stock")),
  inLab(removed(ingress, "stock_from_shop_range", "shop→stock"), "always"),
  removed(ingress, "shop_from_stock_epmd", "stock→shop"),
  removed(ingress, "shop_from_stock_range", "stock→shop"),
  inLab(removed(egress, "shop_to_shop_epmd", "shop→shop")),
  inLab(removed(egress, "shop_to_stock_epmd", "shop→stock"), "always"),
  removed(egress, "shop_to_stock_range", "shop→stock"),
  removed(egress, "stock_to_shop_range", "stock→shop"),
  removed(ingress, "mail_from_mail_range", "mail→mail"),
  changedRule("the range begins one port late", ingress, "stock_from_shop_range", { from_port: 9001 }, "shop→stock"),
  changedRule("the range begins one port early", ingress, "stock_from_shop_range", { from_port: 8999 }),
  changedRule("only the first port of the range", ingress, "stock_from_shop_range", { to_port: 9000 }),
  changedRule("only the last port of the range", ingress, "stock_from_shop_range", { from_port: 9010 }, "shop→stock"),
  changedRule("epmd's port flipped", ingress, "stock_from_shop_epmd", { from_port: 4396, to_port: 4396 }, "shop→stock"),
  changedRule(
    "9090 in place of the range",
    ingress,
    "stock_from_shop_range",
    { from_port: 9090, to_port: 9090 },
    "shop→stock",
  ),
  changedRule("UDP", ingress, "stock_from_shop_range", { ip_protocol: "udp" }, "shop→stock"),
  changedRule("protocol 6 is TCP", ingress, "stock_from_shop_range", { ip_protocol: "6" }),
  changedRule("egress range too short", egress, "shop_to_stock_range", { from_port: 9005 }, "shop→stock"),
  changedRule("every TCP port", ingress, "stock_from_shop_range", { from_port: 0, to_port: 65535 }),
  changedRule(
    "the wrong group is let in",
    ingress,
    "stock_from_shop_range",
    { referenced_security_group_id: group("mail") },
    "shop→stock",
  ),
  changedRule(
    "the rule is in the wrong group",
    ingress,
    "stock_from_shop_range",
    { security_group_id: group("mail") },
    "shop→stock",
  ),
  changedRule(
    "its own group is let in instead",
    ingress,
    "stock_from_shop_range",
    { referenced_security_group_id: group("stock") },
    "shop→stock",
  ),
  changedRule(
    "egress to the wrong group",
    egress,
    "shop_to_stock_epmd",
    { referenced_security_group_id: group("mail") },
    "shop→stock",
  ),
  {
    name: "any protocol in, without ports",
    mutate(layout) {
      for (const what of ["epmd", "range"]) remove(layout, ingress, `stock_from_shop_${what}`);
      add(layout, ingress, "stock_from_shop_anything", {
        security_group_id: group("stock"),
        referenced_security_group_id: group("shop"),
        ip_protocol: "-1",
      });
    },
    connects: all,
    lab: "in full",
  },
  fromCidr({ cidr_ipv4: "10.0.0.0/16" }),
  fromCidr({ cidr_ipv4: "0.0.0.0/0" }),
  fromCidr({ cidr_ipv4: "10.9.0.0/16" }, "shop→stock"),
  fromCidr({ cidr_ipv4: "10.0.0.0/24" }, "shop→stock"),
  fromCidr({ cidr_ipv4: "10.0.0.0/22" }),
  fromCidr({ cidr_ipv6: "::/0" }, "shop→stock"),
  { ...fromCidr({ cidr_ipv4: "10.0.1.0/24" }, "shop→stock"), unknown: ["shop→stock"] },
  {
    name: "two CIDRs, one for each subnet",
    mutate(layout) {
      const rule = block(layout, ingress, "stock_from_shop_range");
      delete rule.referenced_security_group_id;
      rule.cidr_ipv4 = "10.0.1.0/24";
      add(layout, ingress, "stock_from_two", { ...rule, cidr_ipv4: "10.0.2.0/24" });
    },
    connects: all,
  },
  {
    name: "open egress in place of egress rules",
    mutate(layout) {
      for (const peer of ["shop", "stock"])
        for (const what of ["epmd", "range"]) remove(layout, egress, `shop_to_${peer}_${what}`);
      add(layout, egress, "shop_open", { security_group_id: group("shop"), cidr_ipv4: "0.0.0.0/0", ip_protocol: "-1" });
    },
    connects: all,
    lab: "in full",
  },
  {
    name: "egress to the world over IPv6 alone",
    mutate(layout) {
      for (const what of ["epmd", "range"]) remove(layout, egress, `shop_to_stock_${what}`);
      add(layout, egress, "shop_open", { security_group_id: group("shop"), cidr_ipv6: "::/0", ip_protocol: "-1" });
    },
    connects: without("shop→stock"),
  },
];

const otherRules: readonly Mutation[] = [
  olderRule("source group", {
    protocol: "tcp",
    from_port: 4369,
    to_port: 9010,
    source_security_group_id: group("shop"),
  }),
  olderRule("self only", { protocol: "tcp", from_port: 4369, to_port: 9010, self: true }, "shop→stock"),
  olderRule("several CIDRs", {
    protocol: "tcp",
    from_port: 4369,
    to_port: 9010,
    cidr_blocks: ["10.0.1.0/24", "10.0.2.0/24"],
  }),
  olderRule(
    "CIDR elsewhere",
    { protocol: "tcp", from_port: 4369, to_port: 9010, cidr_blocks: ["192.168.0.0/16"] },
    "shop→stock",
  ),
  olderRule("any protocol, ports 0 to 0", {
    protocol: "-1",
    from_port: 0,
    to_port: 0,
    source_security_group_id: group("shop"),
  }),
  olderRule("range alone", { ...range, source_security_group_id: group("shop") }, "shop→stock"),
  olderRule(
    "egress in place of ingress",
    { type: "egress", protocol: "tcp", from_port: 4369, to_port: 9010, source_security_group_id: group("shop") },
    "shop→stock",
  ),
  inline("by group and self", [
    { ...epmd, security_groups: [group("shop")], self: true },
    { ...range, security_groups: [group("shop")], self: true },
  ]),
  inline(
    "without self",
    [
      { ...epmd, security_groups: [group("shop")] },
      { ...range, security_groups: [group("shop")] },
    ],
    "stock→stock",
  ),
  inline(
    "self alone",
    [
      { ...epmd, self: true },
      { ...range, self: true },
    ],
    "shop→stock",
  ),
  inline("without epmd", [{ ...range, security_groups: [group("shop")], self: true }], "shop→stock", "stock→stock"),
  inline("any protocol from the VPC", [{ protocol: "-1", from_port: 0, to_port: 0, cidr_blocks: ["10.0.0.0/16"] }]),
  prefixList("that holds the subnets", ["10.0.1.0/24", "10.0.2.0/24"], false),
  prefixList("that holds other addresses", ["172.16.0.0/12"], false, "shop→stock"),
  prefixList("with entries of their own", ["10.0.0.0/16"], true),
];

const groups: readonly Mutation[] = [
  {
    name: "stock runs in mail's group",
    mutate: (layout) => change(layout, "aws_ecs_service", "stock", { network_configuration: network("mail") }),
    connects: without("shop→stock", "stock→shop"),
  },
  {
    name: "stock has its own group and another",
    mutate: (layout) => change(layout, "aws_ecs_service", "stock", { network_configuration: network("mail", "stock") }),
    connects: all,
  },
  {
    name: "shop has a second group that nobody lets in",
    mutate(layout) {
      add(layout, "aws_security_group", "extra", { name: "extra", vpc_id: "${aws_vpc.main.id}" });
      change(layout, "aws_ecs_service", "shop", { network_configuration: network("extra", "shop") });
    },
    connects: all,
  },
  {
    name: "one shared group for shop and stock",
    mutate(layout) {
      const sharedRule = {
        security_group_id: group("shared"),
        referenced_security_group_id: group("shared"),
        ip_protocol: "tcp",
        from_port: 4369,
        to_port: 9010,
      };
      add(layout, "aws_security_group", "shared", { name: "shared", vpc_id: "${aws_vpc.main.id}" });
      add(layout, ingress, "shared", sharedRule);
      add(layout, egress, "shared", sharedRule);
      for (const name of ["shop", "stock"])
        change(layout, "aws_ecs_service", name, { network_configuration: network("shared") });
    },
    connects: all,
    lab: "in full",
  },
  {
    name: "the shared group lets out and not in",
    mutate(layout) {
      add(layout, "aws_security_group", "shared", { name: "shared", vpc_id: "${aws_vpc.main.id}" });
      add(layout, egress, "shared", {
        security_group_id: group("shared"),
        referenced_security_group_id: group("shared"),
        ip_protocol: "-1",
      });
      for (const name of ["shop", "stock"])
        change(layout, "aws_ecs_service", name, { network_configuration: network("shared") });
    },
    connects: ["mail→mail"],
  },
];

function network(...names: readonly string[]): Block {
  return { subnets: ["${aws_subnet.one.id}", "${aws_subnet.two.id}"], security_groups: names.map(group) };
}

/** Puts a service in single-port mode on a port. */
function singlePort(layout: Layout, service: Name, port: number): void {
  setVariable(layout, service, "DISTRIBUTION_MODE", "single-port");
  setVariable(layout, service, "DISTRIBUTION_PORT_MIN", String(port));
  setVariable(layout, service, "DISTRIBUTION_PORT_MAX", String(port));
}

const naming: readonly Mutation[] = [
  {
    name: "stock registers in another namespace",
    mutate(layout) {
      add(layout, "aws_service_discovery_private_dns_namespace", "other", {
        name: "other.local",
        vpc: "${aws_vpc.main.id}",
      });
      const config = block(layout, "aws_service_discovery_service", "stock").dns_config as Block;
      config.namespace_id = "${aws_service_discovery_private_dns_namespace.other.id}";
    },
    connects: without("shop→stock", "stock→stock"),
    lab: "always",
  },
  {
    name: "stock registers under another name",
    mutate: (layout) => change(layout, "aws_service_discovery_service", "stock", { name: "warehouse" }),
    connects: without("shop→stock", "stock→stock"),
  },
  {
    name: "stock registers nowhere",
    mutate: (layout) => delete block(layout, "aws_ecs_service", "stock").service_registries,
    connects: without("shop→stock", "stock→stock"),
  },
  {
    name: "stock registers SRV records",
    mutate(layout) {
      const config = block(layout, "aws_service_discovery_service", "stock").dns_config as Block;
      config.dns_records = [{ type: "SRV", ttl: 10 }];
    },
    connects: without("shop→stock", "stock→stock"),
  },
  {
    name: "stock answers with one weighted address",
    mutate(layout) {
      const config = block(layout, "aws_service_discovery_service", "stock").dns_config as Block;
      config.routing_policy = "WEIGHTED";
    },
    connects: all,
  },
  variable("stock", "RELEASE_NAME", "warehouse", "shop→stock", "stock→stock"),
  variable("shop", "RELEASE_NAME", "store", "stock→shop", "shop→shop"),
  { name: "versions apart, one version", mutate: versions("1_4_2", "1_4_2"), connects: all },
  {
    name: "versions apart, stock of another version",
    mutate: versions("1_4_2", "1_4_1"),
    connects: without("shop→stock", "stock→shop"),
  },
  {
    name: "stock's basename has a version that nothing looks for",
    mutate: (layout) => setVariable(layout, "stock", "CLUSTER_VERSION", "1_4_2"),
    connects: without("shop→stock", "stock→stock"),
  },
  variable("shop", "CLUSTER_NODES", "shop@shop.organization.local,stok@stock.organization.local", "shop→stock"),
  variable("shop", "CLUSTER_NODES", "shop@shop.organization.local,stock@stock.organisation.local", "shop→stock"),
  inLab(variable("shop", "CLUSTER_NODES", "shop@shop.organization.local", "shop→stock")),
  variable("shop", "CLUSTER_NODES", "stock@stock.organization.local", "shop→shop"),
  {
    ...variable("mail", "CLUSTER_NODES", "mail@mail.organization.local,shop@shop.organization.local"),
    name: "mail polls shop, which doesn't let it in",
    lab: "in full",
  },
];

const modes: readonly Mutation[] = [
  {
    name: "shop and stock in single-port mode",
    mutate: (layout) => (["shop", "stock"] as const).forEach((name) => singlePort(layout, name, 9000)),
    connects: all,
    lab: "always",
  },
  {
    name: "single-port mode needs no epmd",
    mutate(layout) {
      (["shop", "stock"] as const).forEach((name) => singlePort(layout, name, 9000));
      for (const rule of ["shop_from_shop", "shop_from_stock", "stock_from_shop", "stock_from_stock"])
        remove(layout, ingress, `${rule}_epmd`);
    },
    connects: all,
  },
  {
    name: "single-port mode on two ports",
    mutate(layout) {
      singlePort(layout, "shop", 9000);
      singlePort(layout, "stock", 9001);
    },
    connects: without(...both),
  },
  {
    name: "stock alone in single-port mode, on another port",
    mutate: (layout) => singlePort(layout, "stock", 9005),
    connects: without(...both),
  },
  {
    name: "stock alone in single-port mode, on shop's first port: it dials well, and is not found through epmd",
    mutate: (layout) => singlePort(layout, "stock", 9000),
    connects: without("shop→stock"),
  },
  variable("stock", "DISTRIBUTION_PORT_MIN", "9100", "shop→stock", "stock→stock"),
  variable("stock", "DISTRIBUTION_PORT_MIN", "9005"),
  {
    name: "stock's cookie is another plain value than shop's",
    mutate(layout) {
      for (const name of ["shop", "stock"] as const) {
        changeContainer(layout, name, (container) => (container.secrets = []));
        setVariable(layout, name, "RELEASE_COOKIE", `cookie of ${name}`);
      }
    },
    connects: without(...both),
  },
  {
    name: "one plain cookie for both",
    mutate(layout) {
      for (const name of ["shop", "stock"] as const) {
        changeContainer(layout, name, (container) => (container.secrets = []));
        setVariable(layout, name, "RELEASE_COOKIE", "one cookie");
      }
    },
    connects: all,
  },
  {
    name: "stock's cookie comes from another parameter",
    mutate: (layout) => changeContainer(layout, "stock", ({ secrets }) => (secrets[0]!.valueFrom += "-2")),
    connects: without(...both),
    unknown: both,
  },
  {
    name: "the cookie is named by its parameter's name in one, by its ARN in the other",
    mutate: (layout) =>
      changeContainer(layout, "stock", ({ secrets }) => (secrets[0]!.valueFrom = "/organization/release-cookie")),
    connects: all,
  },
];

/** All layouts, the good one first. */
export const mutations: readonly Mutation[] = [...rules, ...otherRules, ...groups, ...naming, ...modes];

/** The layout that a mutation makes. */
export function layoutOf(mutation: Mutation): Layout {
  const layout = goodLayout();
  mutation.mutate(layout);
  return layout;
}
