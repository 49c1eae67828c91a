import { overlaps, type PortRange } from "../../aws/network/ports";
import { epmdPort } from "../../distribution";
import type { Service } from "../cluster/services";
import { nowhereKnown } from "../network/addresses";
import type { Endpoint, Firewall, Passage } from "../network/firewall";
import type { Rule } from "../network/rules";
import type { Resources } from "../read/resources";
import { text } from "../read/value";
import { databasesOf, names } from "./databases";

/** One side of a connection: whether packets pass, and the addresses of the rules that surely let them. */
export interface Side {
  readonly passage: Passage;
  readonly rules: readonly string[];
}

/** A connection that a service is to have to a database, or another server outside of the clusters. */
export interface ServerLink {
  readonly service: Service;
  /** Its name: that of its security group, or the database's address. */
  readonly server: string;
  /** Key of the server's security group, or the database's address. */
  readonly address: string;
  /** Whether it is a database of this configuration. */
  readonly isDatabase: boolean;
  readonly ports: PortRange;
  readonly egress: Side;
  readonly ingress: Side;
}

/**
 * The servers that services connect to, each with the rules of both sides: those that a rule between security groups names,
 * and the databases of this configuration that admit a service, or whose address a container has in its environment.
 */
export function serverLinks(services: readonly Service[], resources: Resources, firewall: Firewall): ServerLink[] {
  const links = databasesOf(resources).flatMap(({ resource, endpoint, port }) => {
    const ports = { from: port, to: port };
    return services
      .map((service) => ({ ...sides(service, endpoint, ports, firewall), service }))
      .filter(({ service, ingress }) => ingress.rules.length > 0 || namesIt(service, resource))
      .map((link) => ({ ...link, server: resource.address, address: resource.address, isDatabase: true, ports }));
  });
  const ofDatabases = new Set(databasesOf(resources).flatMap(({ endpoint }) => endpoint.groups));
  const others = namedByRules(services, firewall).filter(({ group }) => !ofDatabases.has(group));
  return [
    ...links,
    ...others.map(({ service, group, ports }) => ({
      service,
      server: nameOf(group, resources),
      address: group,
      isDatabase: false,
      ports,
      ...sides(service, { groups: [group], addresses: nowhereKnown }, ports, firewall),
    })),
  ];
}

function sides({ endpoint }: Service, server: Endpoint, ports: PortRange, firewall: Firewall) {
  const side = (direction: Rule["direction"]): Side => ({
    passage: firewall.passage(direction, endpoint, server, ports.from),
    rules: firewall.explain(direction, endpoint, server, ports).map(({ address }) => address),
  });
  return { egress: side("egress"), ingress: side("ingress") };
}

/** Groups that rules of services name, except those of nodes: these have a rule for distribution. */
function namedByRules(services: readonly Service[], { rules }: Firewall) {
  const nodes = new Set<string>();
  const found = new Map<string, { readonly service: Service; readonly group: string; readonly ports: PortRange }>();
  for (const { direction, group: own, peer, ports, unsure } of rules) {
    if (own === undefined || peer.kind !== "group" || unsure !== undefined) continue;
    const [task, group] = direction === "egress" ? [own, peer.group] : [peer.group, own];
    for (const service of services) {
      if (!service.endpoint.groups.includes(task)) continue;
      if (isDistribution(ports, service)) nodes.add(group);
      found.set(`${service.name} ${group} ${ports.from} ${ports.to}`, { service, group, ports });
    }
  }
  return [...found.values()].filter(({ group }) => !nodes.has(group));
}

const isDistribution = (ports: PortRange, { distribution }: Service): boolean =>
  overlaps(ports, { from: epmdPort, to: epmdPort }) || overlaps(ports, distribution.ports.value);

function nameOf(group: string, resources: Resources): string {
  const known = resources
    .of("aws_security_group", "data.aws_security_group")
    .find(({ address, values }) => address === group || values.id === group);
  return text(known?.values.name) ?? group;
}

function namesIt({ containers }: Service, resource: Parameters<typeof names>[1]["resource"]): boolean {
  if (!("known" in containers)) return false;
  return containers.known.some(({ environment }) =>
    [...environment.values()].some((value) => names(value, { resource })),
  );
}

/** Whether the service can connect: `no` if one side surely drops the packets. */
export function reaches({ egress, ingress }: Pick<ServerLink, "egress" | "ingress">): Passage["passes"] {
  const both = [egress.passage.passes, ingress.passage.passes];
  return both.includes("no") ? "no" : both.includes("unknown") ? "unknown" : "yes";
}
