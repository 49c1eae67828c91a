import { prefixLength } from "../../../../aws/network/ipv4";
import type { AclEntry, DeniedCounter, SubnetNetwork, SubnetRoute } from "../../data-plane";
import { command } from "../command";
import { countIn, flowSet, readTable } from "./counted-flows";
import { protocolMatch } from "./ruleset";

/** Chains of the table by name, with their rules in nftables' language. */
export type SubnetChains = ReadonlyMap<string, readonly string[]>;

/** A route's packets go on to the egress entries where its target delivers them, and vanish otherwise. */
function routeRules({ destination, reaches }: SubnetRoute, next: string): string[] {
  const places = reaches === "internet" ? ['oifname "outside"'] : reaches.map((cidr) => to(cidr).join(" "));
  return [
    ...places.map((place) => [...to(destination), place, `goto ${next}`].filter(Boolean).join(" ")),
    [...to(destination), "drop"].join(" "),
  ];
}

const to = (cidr: string, field = "daddr"): string[] => (cidr.endsWith("/0") ? [] : [`ip ${field} ${cidr}`]);

const directions = ["ingress", "egress"] as const;

function aclRules(entries: readonly AclEntry[], direction: (typeof directions)[number]): string[] {
  const field = direction === "egress" ? "daddr" : "saddr";
  const deny = `goto denied_${direction}`;
  const rules = [...entries]
    .sort((one, other) => one.number - other.number)
    .filter(({ cidr }) => !cidr.includes(":"))
    .map((entry) =>
      [...to(entry.cidr, field), protocolMatch(entry), entry.action === "allow" ? "return" : deny]
        .filter(Boolean)
        .join(" "),
    );
  return [...rules, deny];
}

/**
 * Route tables and network ACLs as chains: each packet is looked at, replies too, when it leaves a subnet and when it
 * enters one. Packets within a subnet pass.
 */
export function subnetChains(subnets: readonly SubnetNetwork[]): SubnetChains {
  const chains = new Map<string, readonly string[]>();
  const forward = subnets.map(({ cidr }) => [...to(cidr, "saddr"), ...to(cidr), "accept"].join(" "));
  for (const [at, { cidr, acl, routes }] of subnets.entries()) {
    const ordered = [...(routes ?? [])].sort((a, b) => prefixLength(b.destination) - prefixLength(a.destination));
    chains.set(`egress_${at}`, acl ? aclRules(acl.egress, "egress") : []);
    chains.set(`ingress_${at}`, acl ? aclRules(acl.ingress, "ingress") : []);
    chains.set(
      `leave_${at}`,
      routes ? [...ordered.flatMap((route) => routeRules(route, `egress_${at}`)), "drop"] : [`goto egress_${at}`],
    );
    forward.push([...to(cidr, "saddr"), `jump leave_${at}`].join(" "));
  }
  // Once it has left one subnet, a packet enters another.
  for (const [at, { cidr }] of subnets.entries()) forward.push([...to(cidr), `jump ingress_${at}`].join(" "));
  return chains.set("forward", forward);
}

/** The chains that packets go to which an ACL denies: they count them. */
const denyingChains = directions.map(
  (direction) => [`denied_${direction}`, [countIn(`acl_${direction}`), "drop"]] as const,
);

/**
 * nftables' lines for all subnets: one table, whose rules are replaced as a whole and whose counters stay. It knows no connections, so
 * each packet counts.
 */
export function subnetTable(subnets: readonly SubnetNetwork[]): string {
  const chains = [...denyingChains, ...subnetChains(subnets)];
  return [
    "add table ip subnets",
    "flush table ip subnets",
    ...directions.map((direction) => flowSet("subnets", `acl_${direction}`)),
    ...chains.map(([name]) =>
      name === "forward"
        ? "add chain ip subnets forward { type filter hook forward priority -10; }"
        : `add chain ip subnets ${name}`,
    ),
    ...chains.flatMap(([name, rules]) => rules.map((rule) => `add rule ip subnets ${name} ${rule}`)),
    "",
  ].join("\n");
}

/** The table in the kernel. */
export class SubnetTable {
  private installed: string | undefined;

  private constructor() {}

  /** Lets everything pass until subnets are applied. */
  static async open(): Promise<SubnetTable> {
    const table = new SubnetTable();
    await table.apply([]);
    return table;
  }

  async apply(subnets: readonly SubnetNetwork[]): Promise<void> {
    const text = subnetTable(subnets);
    if (text === this.installed) return;
    await command("nft", ["-f", "-"], text);
    this.installed = text;
  }

  /** Packets that network ACLs denied so far. */
  async denied(): Promise<DeniedCounter[]> {
    const { flowsOf } = await readTable("subnets");
    return directions.flatMap((direction) =>
      flowsOf(`acl_${direction}`).map((flow): DeniedCounter => ({ ...flow, direction, byAcl: true })),
    );
  }
}
