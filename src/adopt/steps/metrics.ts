import path from "node:path";
import { copiedModule, definedIn } from "./discovery/cluster-modules";
import { type Edit, type Step, byHand, edited, present } from "./edit";
import { codeOnly, insertAt, lineEnd, onlyMatch } from "../source/elixir-source";
import type { MixProject } from "../source/mix-project";

/** The child that finds the nodes, in a line of its own. */
const discoveryChild = /^[^\S\n]*\{(?:Cluster\.Supervisor|DNSCluster),.*\}(,?)[^\S\n]*$/m;

/** The option --metrics: the module that reports whether the cluster is whole, and its child after discovery. */
export function metricsSteps(project: MixProject): Step[] {
  const { namespace, folder, callbackFile, clusterSupervisor, dnsClusterFile } = project.application;
  const started = project.discovery === "dns_cluster" ? dnsClusterFile : clusterSupervisor?.file;
  const child = `${namespace}.Cluster.Metrics`;
  return [
    copiedModule(project, "Missing", "the peers that metrics report as missing", definedIn(project, "Metrics")),
    copiedModule(project, "Metrics", "metrics of the cluster, which alarms need"),
    {
      what: `the supervisor child ${child}`,
      file: started ?? callbackFile ?? path.posix.join(folder, "mix.exs"),
      edit: (text) => addMetricsChild(text ?? "", child),
    },
  ];
}

/** Adds `child` after the child that finds the nodes. @param text of the file that starts it */
export function addMetricsChild(text: string, child: string): Edit {
  const code = codeOnly(text);
  if (code.includes(child)) return present;
  const discovery = onlyMatch(code, discoveryChild);
  if (!discovery) {
    return byHand(
      "it has no line of its own with Cluster.Supervisor or DNSCluster",
      "Add this to the children that start/2 starts, after discovery",
      `${child},`,
    );
  }
  const indent = /^[^\S\n]*/.exec(discovery[0])![0];
  const isLast = discovery[1] === "";
  const end = lineEnd(text, discovery.index);
  const line = `\n${indent}${child}${isLast ? "" : ","}`;
  const withLine = insertAt(text, end, line);
  // A comma behind the last bracket of the line, which may have a comment after it in the text.
  return edited(isLast ? insertAt(withLine, discovery.index + discovery[0].trimEnd().length, ",") : withLine);
}
