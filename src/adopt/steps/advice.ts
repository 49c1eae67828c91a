import path from "node:path";
import { lineNumber, withoutComments } from "../source/elixir-source";
import { earlierResolver } from "./discovery/cluster-modules";
import { takesOneQueryAlone } from "./discovery/dns-cluster";
import { servesHttp } from "./health-check";
import { startScripts } from "./image/image-command";
import { startsTooLate } from "./discovery/supervisor-child";
import type { MixProject } from "../source/mix-project";
import { samplePath } from "../source/sample";

/** What its owner should know, and need not do: nothing of it counts as missing. */
export function advice(project: MixProject): string[] {
  return [
    ...earlierModules(project),
    ...(project.discovery === "dns_cluster" ? byDnsCluster(project) : nextToDnsCluster(project)),
    ...startsLate(project),
    ...image(project),
    ...health(project),
    ...umbrella(project),
  ];
}

/** Those remarks that the environments file settles, where `init` writes it. */
export function settledByInit(project: MixProject): string[] {
  return [...(project.discovery === "dns_cluster" ? byDnsCluster(project).slice(0, 1) : []), ...health(project)];
}

function earlierModules(project: MixProject): string[] {
  const resolver = earlierResolver(project);
  if (resolver === undefined) return [];
  return [
    `${resolver} is from an earlier version of adopt and works as it is. To use the strategy in its place, which has ` +
      "telemetry and checks its options: delete this file and topologies.ex, and run adopt again.",
  ];
}

/** Phoenix generates DNSCluster from 1.7.8 on: https://hexdocs.pm/dns_cluster */
function byDnsCluster(project: MixProject): string[] {
  const kept =
    `DNSCluster (${project.application.dnsClusterFile}) stays and finds the nodes: set "discovery": "dns_cluster" in ` +
    "environments.json. adopt adds only rel/, what the Dockerfile lacks, and /health. With --libcluster it adds libcluster " +
    "instead, with a strategy that probes new addresses before connecting.";
  const several =
    "To cluster with other services as well, config/runtime.exs must split DNS_CLUSTER_QUERY, which dns_cluster 0.2 takes as a " +
    "list. docs/discovery.md shows the lines.";
  return [kept, ...(takesOneQueryAlone(project) ? [several] : [])];
}

/** Phoenix starts discovery before PubSub and the endpoint. */
function startsLate({ tree, discovery, applications }: MixProject): string[] {
  const [child, name] =
    discovery === "dns_cluster"
      ? [/\{DNSCluster,/, "DNSCluster"]
      : [/\{Cluster\.Supervisor,|\bcluster\(\)/, "Cluster.Supervisor"];
  const late = applications
    .flatMap(({ sources }) => sources)
    .find((file) => startsTooLate(tree.read(file) ?? "", child));
  if (late === undefined) return [];
  return [
    `${name} (${late}) starts after PubSub or the endpoint. Move it before them: a node that serves before it has found the ` +
      "others misses their messages, and starts singletons that already run.",
  ];
}

function nextToDnsCluster({ tree, applications }: MixProject): string[] {
  const user = applications.find(({ dnsClusterFile }) => dnsClusterFile !== undefined)?.dnsClusterFile;
  if (user === undefined) return [];

  const text = tree.read(user) ?? "";
  const fixed = /\{DNSCluster, query: "([^"]*)"/.exec(withoutComments(text));
  const both = "it would connect to the same nodes as libcluster";
  if (fixed) {
    return [
      `${user}:${lineNumber(text, fixed.index)} has DNSCluster poll "${fixed[1]}": ${both}. ` +
        `Remove that child and {:dns_cluster, …}, or let it be idle with query: :ignore.`,
    ];
  }
  return [`DNSCluster (${user}) stays. It is idle as long as DNS_CLUSTER_QUERY isn't set; leave it unset: ${both}.`];
}

function image({ tree, phoenix, umbrella, dockerfile, releaseFolder }: MixProject): string[] {
  if (dockerfile === undefined) {
    const [other] = otherDockerfiles(tree);
    if (other !== undefined)
      return [
        `There is no Dockerfile here. If the image is built from ${other}, run adopt again with --dockerfile ${other}.`,
      ];
    const source =
      phoenix && !umbrella
        ? "`mix phx.gen.release --docker` writes one; then run adopt again."
        : `${samplePath("Dockerfile")} shows one.`;
    return [`There is no Dockerfile here. The image needs curl and jq, and a command in exec form. ${source}`];
  }
  const text = tree.read(dockerfile) ?? "";
  const serves = /bin\/server\b|PHX_SERVER/.test(`${text}\n${startScripts(text, tree, `${releaseFolder}/overlays`)}`);
  return phoenix && !serves ? ["The Dockerfile starts no server: use bin/server, or set PHX_SERVER=true."] : [];
}

/** Those that have another name or place, as far as they lie at most one folder deep. */
function otherDockerfiles(tree: MixProject["tree"]): string[] {
  const folders = [".", ...tree.folders(".").filter((folder) => !["deps", "_build", "node_modules"].includes(folder))];
  return folders.flatMap((folder) =>
    tree
      .names(folder)
      .filter((name) => /^Dockerfile(\..+)?$|\.Dockerfile$/i.test(name))
      .map((name) => path.posix.join(folder, name)),
  );
}

function health(project: MixProject): string[] {
  if (servesHttp(project)) return [];
  return [
    "Nothing here serves HTTP, so nothing answers the health check of a task, GET /health, and ECS would replace each " +
      'task. Say "healthCheck": false in environments.json, or answer it.',
  ];
}

function umbrella({ umbrella, application, discovery }: MixProject): string[] {
  if (!umbrella || discovery === "dns_cluster") return [];
  return [
    `The cluster is started by :${application.name}; --app <name> chooses another. config/runtime.exs calls its module, so every release that clusters must contain it.`,
  ];
}
