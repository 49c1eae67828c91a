import type { DeployedEnvironment } from "../../deployed-environment";
import type { NodeView } from "../ask-nodes";
import { error, type Finding, unchecked } from "./finding";

/** How a node is called in what is shown: by its name, or while it is silent by its address. */
export const nodeName = ({ node, service, address }: NodeView): string => node ?? `${service} ${address}`;

/** Whether a node says that it is connected to another. */
export const sees = (from: NodeView, to: NodeView): boolean =>
  from.sees?.some((name) => name === to.node || name.endsWith(`@${to.address}`)) ?? false;

/** Who is to see whom: nodes of one service, and of services that cluster. */
export function areToCluster({ services }: DeployedEnvironment, one: NodeView, other: NodeView): boolean {
  const lists = (from: string, to: string) =>
    services.some(({ name, options }) => name === from && options.clustersWith.includes(to));
  return one.service === other.service || lists(one.service, other.service) || lists(other.service, one.service);
}

/** Silent nodes, partitions by name, links that are missing within a partition, and nodes that nobody knows. */
export function nodeFindings(environment: DeployedEnvironment, views: readonly NodeView[]): Finding[] {
  const answering = views.filter((view) => view.sees);
  const parts = partitions(environment, answering);
  const partOf = new Map(parts.flatMap((part, at) => part.map((view) => [view, at] as const)));
  const missing = answering.flatMap((from) =>
    answering
      .filter((to) => to !== from && areToCluster(environment, from, to) && !sees(from, to))
      .filter((to) => partOf.get(from) === partOf.get(to))
      .map((to) => error(from.service, `${nodeName(from)} doesn't see ${nodeName(to)}`)),
  );
  return [
    ...views
      .filter(({ silent }) => silent !== undefined)
      .map((view) => unchecked(view.service, `${nodeName(view)} doesn't answer: ${view.silent}`)),
    ...partitionFindings(environment, parts),
    ...missing,
    ...strangers(views),
  ];
}

/** Nodes that are connected in either direction, directly or through others, of those that are to cluster. */
export function partitions(environment: DeployedEnvironment, views: readonly NodeView[]): NodeView[][] {
  const linked = (a: NodeView, b: NodeView) => areToCluster(environment, a, b) && (sees(a, b) || sees(b, a));
  return components(views, linked);
}

function components(views: readonly NodeView[], linked: (a: NodeView, b: NodeView) => boolean): NodeView[][] {
  const left = new Set(views);
  const parts: NodeView[][] = [];
  for (const first of views) {
    if (!left.delete(first)) continue;
    const part = [first];
    // The part grows while it is walked.
    for (const member of part) {
      for (const other of [...left].filter((view) => linked(member, view))) {
        left.delete(other);
        part.push(other);
      }
    }
    parts.push(part);
  }
  return parts;
}

/** Parts that ought to be one: nodes that are to cluster, directly or through others. */
function partitionFindings(environment: DeployedEnvironment, parts: readonly NodeView[][]): Finding[] {
  const all = parts.flat();
  return components(all, (a, b) => areToCluster(environment, a, b)).flatMap((whole) => {
    const own = parts.filter((part) => part.some((view) => whole.includes(view)));
    if (own.length <= 1) return [];
    const names = own.map((part) => `{ ${part.map(nodeName).join(", ")} }`).join(" | ");
    const about = [...new Set(whole.map(({ service }) => service))].join(", ");
    return [error(about, `the cluster is in ${own.length} partitions: ${names}`)];
  });
}

function strangers(views: readonly NodeView[]): Finding[] {
  const seen = new Set(views.flatMap(({ sees = [] }) => sees));
  const unknown = [...seen].filter(
    (name) => !views.some(({ node, address }) => name === node || name.endsWith(`@${address}`)),
  );
  return unknown.sort().map((name) => {
    const by = views.filter((view) => view.sees?.includes(name));
    return error(
      by[0]!.service,
      `${name} is connected to ${by.map(nodeName).join(", ")}, and no task of this environment`,
    );
  });
}
