import path from "node:path";
import { clusterModules } from "./discovery/cluster-modules";
import { addDependency } from "./discovery/dependency";
import {
  addDevelopmentPort,
  addDevelopmentTopology,
  addDevelopmentTopologyToAll,
} from "./discovery/development-config";
import { dnsClusterSteps } from "./discovery/dns-cluster";
import { dockerfileSteps } from "./image/dockerfile";
import { type Edit, type Step, byHand, edited, present } from "./edit";
import { codeOnly } from "../source/elixir-source";
import { healthCheck } from "./health-check";
import { topApplications, type MixProject } from "../source/mix-project";
import { metricsSteps } from "./metrics";
import { overrides } from "./overrides";
import { releaseFiles } from "./release-files";
import { addRuntimeTopologies } from "./discovery/runtime-config";
import { addSupervisorChild } from "./discovery/supervisor-child";
import { sslApplication } from "./ssl-application";

/** All that a project needs in order to cluster on Fargate, in the order in which one would do it by hand. */
export function adoptionSteps(project: MixProject): Step[] {
  return [
    ...(project.discovery === "dns_cluster" ? dnsClusterSteps(project) : libclusterSteps(project)),
    ...(project.metrics ? metricsSteps(project) : []),
    ...(project.tls ? [sslApplication(project)] : []),
    ...healthCheck(project),
    ...releaseFiles(project.releaseFolder),
    ...(project.umbrella ? [umbrellaRelease(project)] : []),
    ...dockerfileSteps(project),
    ...overrides(project),
  ];
}

/** The dependency, the strategy and its configuration. */
function libclusterSteps(project: MixProject): Step[] {
  const { application, tree } = project;
  return [
    {
      what: "the dependency libcluster",
      file: path.posix.join(application.folder, "mix.exs"),
      edit: (text) => addDependency(text ?? "", tree.read("mix.lock")),
    },
    supervisorChild(project),
    ...clusterModules(project),
    developmentTopology(project),
    ...(project.phoenix
      ? [
          {
            what: "the port in development from PORT",
            file: "config/dev.exs",
            edit: (text: string | undefined) => addDevelopmentPort(text, tree.read("config/runtime.exs")),
          },
        ]
      : []),
    {
      what: "the topologies in production, from CLUSTER_NODES",
      file: "config/runtime.exs",
      edit: (text) => addRuntimeTopologies(text, application.namespace, tree),
    },
  ];
}

function supervisorChild({ application }: MixProject): Step {
  const { callbackModule, callbackFile, folder, name, namespace, clusterSupervisor } = application;
  const what = "the supervisor child Cluster.Supervisor";
  if (clusterSupervisor !== undefined)
    return { what, file: clusterSupervisor.file, edit: () => theirChild(application) };
  return {
    what,
    file: callbackFile ?? path.posix.join(folder, "mix.exs"),
    edit: (text) => {
      if (callbackFile !== undefined) return addSupervisorChild(text ?? "", namespace);
      if (callbackModule !== undefined) {
        return byHand(
          `no file in ${folder}/lib defines ${callbackModule}`,
          "Add this to the children of its start/2",
          child(namespace),
        );
      }
      return byHand(
        `the application :${name} starts no processes: mix.exs names no callback module`,
        `Add this to application/0, and a module ${namespace}.Application as mix new --sup writes it; then run adopt again`,
        `mod: {${namespace}.Application, []}`,
      );
    },
  };
}

/** A supervisor that is there has to take the topologies that config/runtime.exs sets. */
function theirChild({ clusterSupervisor, readsTopologies, folder }: MixProject["application"]): Edit {
  if (readsTopologies) return present;
  return byHand(
    `Cluster.Supervisor (line ${clusterSupervisor?.line}) gets other topologies: nothing in ${path.posix.join(folder, "lib")} reads those of config/runtime.exs when the node starts`,
    "Let it have these",
    "topologies = Application.get_env(:libcluster, :topologies, [])",
  );
}

function child(namespace: string): string {
  return `{Cluster.Supervisor, [Application.get_env(:libcluster, :topologies, []), [name: ${namespace}.ClusterSupervisor]]}`;
}

/** In `config/dev.exs` where `config/config.exs` imports a file for each environment, otherwise in that file itself. */
function developmentTopology({ tree }: MixProject): Step {
  const common = codeOnly(tree.read("config/config.exs") ?? "");
  const imports = /\bimport_config\b/.test(common);
  const what = "the topology in development, LocalEpmd";
  if (imports && /\bconfig :libcluster\b/.test(common)) return { what, file: "config/config.exs", edit: () => present };
  return imports
    ? { what, file: "config/dev.exs", edit: addDevelopmentTopology }
    : { what, file: "config/config.exs", edit: addDevelopmentTopologyToAll };
}

/** `mix release` refuses an umbrella that doesn't say which applications belong to the release. */
function umbrellaRelease({ application, applications }: MixProject): Step {
  const permanent = topApplications(applications).map(({ name }) => `${name}: :permanent`);
  const release = `releases: [\n  ${application.name.replace(/_web$/, "")}: [applications: [${permanent.join(", ")}]]\n]`;
  return {
    what: "a release of the umbrella",
    file: "mix.exs",
    edit: (text) => {
      if (/\breleases: /.test(codeOnly(text ?? ""))) return present;
      const anchor = /^( *)(apps_path: "[^"]+",)\n/m.exec(text ?? "");
      if (!anchor) return byHand("it has no line `apps_path: …,`", "Add this to project/0", release);
      const indented = release.replace(/^/gm, anchor[1] ?? "");
      return edited((text ?? "").replace(anchor[0], `${anchor[0]}${indented},\n`));
    },
  };
}
