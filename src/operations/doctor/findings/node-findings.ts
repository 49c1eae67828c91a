import { connected, type Member, missingLinks, nameOf, partitions, unknownNodes } from "../../../mesh/mesh";
import { versionIn, versionVariable } from "../../../containers/variables";
import { versionsOf } from "../../../environment";
import type { DeployedEnvironment } from "../../deployed-environment";
import type { NodeView } from "../ask-nodes";
import { error, type Finding, unchecked } from "./finding";

/** Whether two nodes should see each other: nodes of services in one cluster, of one version where versions are apart. */
function shouldCluster(environment: DeployedEnvironment, one: Member, other: Member): boolean {
  const [cluster, others] = [one, other].map((member) => clusterOf(environment, member));
  return cluster === others && (!isApart(environment, one) || versionOf(one) === versionOf(other));
}

const clusterOf = ({ services }: DeployedEnvironment, member: Member) =>
  services.find(({ name }) => name === member.service)!.cluster;

const isApart = (environment: DeployedEnvironment, member: Member) =>
  versionsOf(environment.options, clusterOf(environment, member)) === "apart";

const versionOf = ({ node }: Member) => (node === undefined ? undefined : versionIn(node));

/** Nodes without an answer, partitions by name, missing connections within a partition, and unknown nodes. */
export function nodeFindings(environment: DeployedEnvironment, views: readonly NodeView[]): Finding[] {
  const answering = views.filter((view) => view.sees);
  const cluster = (one: Member, other: Member) => shouldCluster(environment, one, other);
  const parts = partitions(answering, (one, other) => cluster(one, other) && connected(one, other));
  const partOf = new Map(parts.flatMap((part, at) => part.map((view) => [view, at] as const)));
  const missing = missingLinks(answering)
    .filter(({ from, to }) => cluster(from, to) && partOf.get(from) === partOf.get(to))
    .map(({ from, to }) => error(from.service, `${nameOf(from)} doesn't see ${nameOf(to)}`));
  return [
    ...views
      .filter(({ silent }) => silent !== undefined)
      .map((view) => unchecked(view.service, `${nameOf(view)} doesn't answer: ${view.silent}`)),
    ...partitionFindings(environment, parts),
    ...missing,
    ...answering
      .filter((view) => isApart(environment, view) && versionOf(view) === undefined)
      .map((view) => withoutVersion(view)),
    ...unknown(views),
  ];
}

const withoutVersion = (view: NodeView): Finding =>
  error(
    view.service,
    `${nameOf(view)} has no version in its name, although versions are apart`,
    `its task started before that was applied, or its rel/env.sh.eex doesn't read ${versionVariable}`,
  );

/** Partitions of nodes that should be one cluster, directly or through others. */
function partitionFindings(environment: DeployedEnvironment, parts: readonly NodeView[][]): Finding[] {
  const all = parts.flat();
  return partitions(all, (one, other) => shouldCluster(environment, one, other)).flatMap((whole) => {
    const own = parts.filter((part) => part.some((view) => whole.includes(view)));
    if (own.length <= 1) return [];
    const names = own.map((part) => `{ ${part.map(nameOf).join(", ")} }`).join(" | ");
    const about = [...new Set(whole.map(({ service }) => service))].join(", ");
    return [error(about, `the cluster has ${own.length} partitions: ${names}`)];
  });
}

function unknown(views: readonly NodeView[]): Finding[] {
  return unknownNodes(views).map((name) => {
    const by = views.filter((view) => view.sees?.includes(name));
    return error(
      by[0]!.service,
      `${name} is connected to ${by.map(nameOf).join(", ")}, but isn't a task of this environment`,
    );
  });
}
