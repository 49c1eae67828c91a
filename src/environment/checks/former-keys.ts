import { quote } from "../problems";
import { isObject } from "../values";
import { type Finding, findingIf, missing } from "./finding";

type Json = Readonly<Record<string, unknown>>;

const objectsOf = (value: unknown): [string, Json][] =>
  Object.entries(isObject(value) ? value : {}).filter((entry): entry is [string, Json] => isObject(entry[1]));

/** Options of a service in earlier versions that have another form now, with that form. */
const renamed: Readonly<Record<string, (options: Json) => string>> = {
  loadBalancer: ({ loadBalancer }) => inPlaceOfLoadBalancer(loadBalancer),
  resolver: ({ resolver }) => inPlaceOfResolver(resolver),
  maximumPercent: ({ maximumPercent }) =>
    `"deployment": ${JSON.stringify({ strategy: { rolling: { maximumPercent } } })} instead`,
  logDriver: inPlaceOfLogs,
  logRetentionDays: inPlaceOfLogs,
};

/** Keys of earlier versions: each error has this file's new form. */
export function formerKeys(file: unknown): Finding[] {
  return objectsOf(file).flatMap(([name, environment]) => {
    const path = ["environments", name];
    const services = objectsOf(environment.services);
    const peers = objectsOf(environment.peers);
    const components = componentsOf(services, peers);
    const clusterOf = (service: string) => components.get(service)![0]!;
    const listing = services.filter(([, options]) => "clustersWith" in options);
    return [
      ...listing.map(([service], at) => ({
        path: [...path, "services", service, "clustersWith"],
        allowed: inPlaceOfList(service, components.get(service)!, listing.slice(0, at)),
      })),
      ...services.flatMap(([service, options]) =>
        Object.entries(renamed)
          .filter(([key]) => key in options)
          .map(([key, form]) => ({ path: [...path, "services", service, key], allowed: form(options) })),
      ),
      ...peers
        .filter(([peer, { cluster }]) => cluster === undefined && components.get(peer)!.length > 1)
        .map(([peer]) => ({
          path: [...path, "peers", peer, "cluster"],
          found: missing,
          allowed: `${quote(clusterOf(peer))}, the cluster of ${components.get(peer)!.join(", ")}`,
        })),
      ...findingIf(
        "sharedSecurityGroup" in environment,
        [...path, "sharedSecurityGroup"],
        inPlaceOfGroup(environment.sharedSecurityGroup, new Set(services.map(([service]) => clusterOf(service)))),
      ),
    ];
  });
}

/** @param before the services whose lists were reported before: the first of a cluster names all its members */
function inPlaceOfList(
  service: string,
  members: readonly string[],
  before: readonly (readonly [service: string, ...rest: unknown[]])[],
): string {
  if (members.length === 1) return `no clustersWith: ${service} is a cluster of its own without the key cluster`;
  const said = before.find(([other]) => members.includes(other));
  if (said) return `"cluster": ${quote(members[0])} instead, as for ${said[0]}`;
  return `"cluster": ${quote(members[0])} instead, in each of ${members.join(", ")}: all members of a cluster reach each other`;
}

function inPlaceOfLoadBalancer(balancer: unknown): string {
  const { targetGroupArn: arn, securityGroupId, ...rest } = isObject(balancer) ? balancer : {};
  const web = JSON.stringify({ targetGroup: { arn, securityGroupId }, ...rest });
  return `"web": ${web} instead; or "web": { "domain": "…" } with the environment's loadBalancer`;
}

function inPlaceOfResolver(resolver: unknown): string {
  return resolver === "stock" ? '"discovery": "dnspoll" instead' : '"discovery": "dns" instead, which is the default';
}

/** One option has what two had. */
function inPlaceOfLogs({ logDriver, logRetentionDays }: Json): string {
  const logs = {
    ...(logDriver === undefined ? {} : { driver: { awslogs: logDriver } }),
    ...(logRetentionDays === undefined ? {} : { retentionDays: logRetentionDays }),
  };
  return `"logs": ${JSON.stringify(logs)} instead`;
}

function inPlaceOfGroup(group: unknown, clusters: ReadonlySet<string>): string {
  const { create, id } = isObject(group) ? group : {};
  if (create === "all-traffic") return '"distributionRules": "all-traffic" instead';
  if (typeof id !== "string") return "no sharedSecurityGroup: each cluster has one security group by default";
  const groups = [...clusters].map((cluster) => `${quote(cluster)}: ${quote(id)}`).join(", ");
  return `"distributionRules": { "groups": { ${groups} } } instead`;
}

/** Services and peers by name, each with all that its lists connect it with, directly or through others: services first. */
function componentsOf(services: readonly [string, Json][], peers: readonly [string, Json][]) {
  const names = [...services, ...peers].map(([name]) => name);
  const components = new Map(names.map((name) => [name, [name]]));
  for (const [service, { clustersWith }] of services) {
    for (const other of Array.isArray(clustersWith) ? clustersWith : []) {
      const [one, two] = [components.get(service)!, components.get(other as string)];
      if (two === undefined || one === two) continue;
      const both = names.filter((name) => one.includes(name) || two.includes(name));
      both.forEach((name) => components.set(name, both));
    }
  }
  return components;
}
