import { nearest } from "../nearest";
import { quote } from "../problems";
import type { EnvironmentParts } from "../schema/schema";
import { type Finding, missing, present } from "./finding";

/**
 * Every cluster that a peer, an existing group or an option names has a service, and a service that states no cluster has no
 * other members: it is a cluster of its own.
 */
export function clusters(path: readonly string[], environment: EnvironmentParts): Finding[] {
  const { services = {}, peers = {}, distributionRules, versions } = environment;
  const stated = present(services).flatMap(([service, { cluster }]) => (cluster ? [[service, cluster] as const] : []));
  const joined = [
    ...stated,
    ...present(peers).flatMap(([peer, { cluster }]) => (cluster ? [[peer, cluster] as const] : [])),
  ];
  const known = [...new Set(Object.entries(services).map(([service, options]) => options?.cluster ?? service))];
  const groups = typeof distributionRules === "object" ? Object.keys(distributionRules.groups ?? {}) : [];
  const named = [
    ...groups.map((name) => ({ name, place: ["distributionRules", "groups", name] })),
    ...Object.keys(typeof versions === "object" ? versions : {}).map((name) => ({ name, place: ["versions", name] })),
  ];
  const unknown = (name: string) => ({
    allowed: `${known.join(", ")} (clusters of this environment's services)`,
    suggestion: nearest(name, known),
  });
  return [
    ...present(services).flatMap(([service, { cluster }]) => {
      const others = joined.filter(([, name]) => name === service).map(([member]) => member);
      if (cluster !== undefined || others.length === 0) return [];
      const allowed = `${quote(service)}, the cluster of ${others.join(", ")}; or another name there, since a service that states no cluster is one of its own`;
      return [{ path: [...path, "services", service, "cluster"], found: missing, allowed }];
    }),
    ...present(peers).flatMap(([peer, { cluster }]): Finding[] =>
      cluster === undefined || known.includes(cluster)
        ? []
        : [{ path: [...path, "peers", peer, "cluster"], ...unknown(cluster) }],
    ),
    ...named
      .filter(({ name }) => !known.includes(name))
      .map(({ name, place }) => ({
        path: [...path, ...place],
        found: `${quote(name)} as a cluster`,
        ...unknown(name),
      })),
  ];
}
