import { discoveryOf, discoveryVariable, dnsClusterVariable, nodesVariable } from "../../../discovery";
import type { Container, Containers } from "../node/containers";

/** A name that a node asks DNS for, and the basename it puts before each address of the answer. */
export interface Poll {
  readonly basename: string | undefined;
  readonly host: string;
}

/** What a service's nodes poll, or why that is unknown. */
export type Polls = { readonly known: readonly Poll[] } | { readonly unknown: string };

/** What a service is to those that look for it, and what it looks for. */
interface Poller {
  readonly dnsName: string | undefined;
  readonly basename: string | undefined;
  readonly polls: Polls;
}

/**
 * Reads `CLUSTER_NODES` of this project's application, or `DNS_CLUSTER_QUERY` as Phoenix sets it up. What an application
 * polls without either is in its own configuration, which no plan shows.
 * Source: https://hexdocs.pm/dns_cluster/DNSCluster.html
 */
export function pollsOf(containers: Containers, node: Container | undefined, basename: string | undefined): Polls {
  if (!("known" in containers)) return { unknown: containers.unknown };
  const variable = (name: string) => node?.environment.get(name);
  const [nodes, query] = [variable(nodesVariable), variable(dnsClusterVariable)];
  // An empty value activates neither.
  if (nodes !== undefined && (nodes !== "" || !query)) return { known: namesIn(nodes, undefined) };
  if (query !== undefined) return { known: namesIn(query, basename) };
  return {
    unknown:
      discoveryOf(variable) === "none"
        ? `it finds its peers by itself (${discoveryVariable} is none)`
        : `what it polls is not in its environment (${nodesVariable}, ${dnsClusterVariable})`,
  };
}

/** The names in a variable. @param basename that of entries without one */
export function namesIn(variable: string | undefined, basename: string | undefined): Poll[] {
  const entries = (variable ?? "").split(",").map((entry) => entry.trim());
  return entries.filter(Boolean).map((entry) => {
    const at = entry.indexOf("@");
    const host = entry.slice(at + 1).toLowerCase();
    // Erlang's resolver asks for a name with a dot at its end as for one without. This project's application takes no such name.
    return at < 0 ? { basename, host: host.replace(/\.$/, "") } : { basename: entry.slice(0, at), host };
  });
}

/** Whether a service's nodes look for those of another, by its DNS name and with its basename. */
export function looksFor(from: Poller, to: Poller): boolean {
  const { polls } = from;
  if (!("known" in polls) || to.dnsName === undefined) return false;
  return polls.known.some(({ host, basename }) => host === to.dnsName && sameBasename(basename, to.basename) !== false);
}

/** Whether two basenames are the same; `undefined` where one isn't known, or contains an expression that the other doesn't. */
export function sameBasename(one: string | undefined, other: string | undefined): boolean | undefined {
  if (one === undefined || other === undefined) return undefined;
  if (one === other) return true;
  return one.includes("${") || other.includes("${") ? undefined : false;
}
