import type { DeployedEnvironment } from "../../deployed-environment";
import type { NodeView } from "../ask-nodes";
import { error, type Finding, unchecked } from "./finding";

/** A node's name for the report; the service and address of a node that didn't answer. */
export const nodeName = ({ node, service, address }: NodeView): string => node ?? `${service} ${address}`;

/** Whether a node reports a connection to another. */
export const sees = (from: NodeView, to: NodeView): boolean =>
  from.sees?.some((name) => name === to.node || name.endsWith(`@${to.address}`)) ?? false;

/** Whether two nodes should see each other: nodes of one service, and of services that cluster. */
export function shouldCluster({ services }: DeployedEnvironment, one: NodeView, other: NodeView): boolean {
  const lists = (from: string, to: string) =>
    services.some(({ name, options }) => name === from && options.clustersWith.includes(to));
  return one.service === other.service || lists(one.service, other.service) || lists(other.service, one.service);
}

/** Nodes without an answer, partitions by name, missing connections within a partition, and unknown nodes. */
export function nodeFindings(environment: DeployedEnvironment, views: readonly NodeView[]): Finding[] {
  const answering = views.filter((view) => view.sees);
  const parts = partitions(environment, answering);
  const partOf = new Map(parts.flatMap((part, at) => part.map((view) => [view, at] as const)));
  const missing = answering.flatMap((from) =>
    answering
      .filter((to) => to !== from && shouldCluster(environment, from, to) && !sees(from, to))
      .filter((to) => partOf.get(from) === partOf.get(to))
      .map((to) => error(from.service, `${nodeName(from)} doesn't see ${nodeName(to)}`)),
  );
  return [
    ...views
      .filter(({ silent }) => silent !== undefined)
      .map((view) => unchecked(view.service, `${nodeName(view)} doesn't answer: ${view.silent}`)),
    ...partitionFindings(environment, parts),
    ...missing,
    ...unknownNodes(views),
  ];
}

/** Groups of nodes that should cluster and are connected in either direction, directly or through others. */
export function partitions(environment: DeployedEnvironment, views: readonly NodeView[]): NodeView[][] {
  const linked = (a: NodeView, b: NodeView) => shouldCluster(environment, a, b) && (sees(a, b) || sees(b, a));
  return components(views, linked);
}

function components(views: readonly NodeView[], linked: (a: NodeView, b: NodeView) => boolean): NodeView[][] {
  const left = new Set(views);
  const parts: NodeView[][] = [];
  for (const first of views) {
    if (!left.delete(first)) continue;
    const part = [first];
    // The loop adds to the part while it iterates.
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

/** Partitions of nodes that should be one cluster, directly or through others. */
function partitionFindings(environment: DeployedEnvironment, parts: readonly NodeView[][]): Finding[] {
  const all = parts.flat();
  return components(all, (a, b) => shouldCluster(environment, a, b)).flatMap((whole) => {
    const own = parts.filter((part) => part.some((view) => whole.includes(view)));
    if (own.length <= 1) return [];
    const names = own.map((part) => `{ ${part.map(nodeName).join(", ")} }`).join(" | ");
    const about = [...new Set(whole.map(({ service }) => service))].join(", ");
    return [error(about, `the cluster has ${own.length} partitions: ${names}`)];
  });
}

function unknownNodes(views: readonly NodeView[]): Finding[] {
  const seen = new Set(views.flatMap(({ sees = [] }) => sees));
  const unknown = [...seen].filter(
    (name) => !views.some(({ node, address }) => name === node || name.endsWith(`@${address}`)),
  );
  return unknown.sort().map((name) => {
    const by = views.filter((view) => view.sees?.includes(name));
    return error(
      by[0]!.service,
      `${name} is connected to ${by.map(nodeName).join(", ")}, but isn't a task of this environment`,
    );
  });
}
