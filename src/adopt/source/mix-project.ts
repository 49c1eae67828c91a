import path from "node:path";
import { codeOnly, lineNumber, withoutComments } from "./elixir-source";
import { ProjectTree } from "./project-tree";
import { UserError } from "../../user-error";

/** One mix application: the project itself, or one of an umbrella's. */
export interface MixApplication {
  /** The name, as in `app: :shop_web`. */
  readonly name: string;
  /** Its folder relative to the project: `.`, or `apps/shop_web`. */
  readonly folder: string;
  /** The `.ex` files in its `lib`, relative to the project. */
  readonly sources: readonly string[];
  /** The text of its `mix.exs`, without comments. */
  readonly mixFile: string;
  /** `ShopWeb` where `mod: {ShopWeb.Application, []}`. */
  readonly namespace: string;
  /** The module whose `start/2` starts the children; `undefined` when `mix.exs` names none. */
  readonly callbackModule: string | undefined;
  /** The file that defines it, relative to the project; `undefined` when no file does. */
  readonly callbackFile: string | undefined;
  /** Where one of its modules names libcluster's supervisor; `undefined` when none does. */
  readonly clusterSupervisor: { readonly file: string; readonly line: number } | undefined;
  /** One of its modules reads the topologies that `config/runtime.exs` sets. */
  readonly readsTopologies: boolean;
  /** The file in which DNSCluster is a child; `undefined` when it is in none. */
  readonly dnsClusterFile: string | undefined;
  /** One of its modules has Phoenix.PubSub as a child. */
  readonly startsPubSub: boolean;
}

/** A mix project as it lies on the disk. */
export interface MixProject {
  readonly tree: ProjectTree;
  readonly umbrella: boolean;
  /** All of them: one, or those of the umbrella. */
  readonly applications: readonly MixApplication[];
  /** The application that starts discovery. */
  readonly application: MixApplication;
  /** What finds the nodes: libcluster, or the DNSCluster that Phoenix generates from 1.7.8 on. */
  readonly discovery: "libcluster" | "dns_cluster";
  /** Whether its nodes report metrics of the cluster. */
  readonly metrics: boolean;
  /** Whether its nodes use distribution over TLS. */
  readonly tls: boolean;
  /** Phoenix is a dependency of one of its applications. */
  readonly phoenix: boolean;
  /** The Dockerfile, relative to the project; `undefined` when there is none. */
  readonly dockerfile: string | undefined;
  /** Where `mix release` reads its templates from, `rel` unless `mix.exs` says otherwise. */
  readonly releaseFolder: string;
}

/** What only the project's owner knows of it. */
export interface ProjectOptions {
  /**
   * Which application of an umbrella starts discovery. Default: the one that does so already, or else the one that has
   * PubSub, or else the one that no other one depends on.
   */
  readonly app?: string | undefined;
  /** Path of the Dockerfile inside the project. Default: `Dockerfile`, where there is one. */
  readonly dockerfile?: string | undefined;
  /** Discover by libcluster, even if the project has DNSCluster. Default: by what it has, or else by libcluster. */
  readonly libcluster?: boolean | undefined;
  /** Report metrics of the cluster, which alarms need. Default: no. */
  readonly metrics?: boolean | undefined;
  /** Add what distribution over TLS needs. Default: no. */
  readonly tls?: boolean | undefined;
}

/**
 * Reads the mix project in `root`.
 *
 * @throws UserError when there is no mix project, no such Dockerfile, or no way to tell which application is meant.
 */
export function readMixProject(root: string, options: ProjectOptions = {}): MixProject {
  const tree = new ProjectTree(root);
  const mixText = tree.read("mix.exs");
  if (mixText === undefined) throw new UserError(`${root} has no mix.exs. Give the folder of a mix project.`);
  const mixFile = withoutComments(mixText);
  if (/build_path: "\.\.\/\.\.\//.test(mixFile)) {
    const app = /app: :(\w+)/.exec(mixFile)?.[1] ?? path.basename(root);
    throw new UserError(
      `${root} is an application of an umbrella; its releases and config/ are the umbrella's. ` +
        `Give the umbrella's folder, and name this application with --app ${app}.`,
    );
  }
  const appsPath = /apps_path: "([^"]+)"/.exec(mixFile)?.[1];
  const applications =
    appsPath === undefined ? [readApplication(tree, ".", mixFile)] : umbrellaApplications(tree, appsPath);
  const discovery = options.libcluster ? "libcluster" : discoveryOf(applications);
  return {
    tree,
    umbrella: appsPath !== undefined,
    applications,
    application: chosen(applications, options.app, discovery),
    discovery,
    metrics: options.metrics ?? false,
    tls: options.tls ?? false,
    phoenix: applications.some(({ mixFile }) => /\{:phoenix,/.test(codeOnly(mixFile))),
    dockerfile: existingDockerfile(tree, options.dockerfile),
    releaseFolder: /rel_templates_path: "([^"]+)"/.exec(mixFile)?.[1] ?? "rel",
  };
}

function existingDockerfile(tree: ProjectTree, named: string | undefined): string | undefined {
  const file = path.posix.normalize(named ?? "Dockerfile");
  if (tree.read(file) !== undefined) return file;
  if (named === undefined) return undefined;
  throw new UserError(
    `There is no ${named} in ${tree.root}. --dockerfile takes a path inside the project: ops/Dockerfile.`,
  );
}

function umbrellaApplications(tree: ProjectTree, appsPath: string): MixApplication[] {
  const applications = tree.folders(appsPath).flatMap((folder) => {
    const mixFile = tree.read(`${folder}/mix.exs`);
    return mixFile === undefined ? [] : [readApplication(tree, folder, withoutComments(mixFile))];
  });
  if (applications.length === 0)
    throw new UserError(
      `This umbrella has no applications: mix.exs has apps_path: "${appsPath}", and no folder of the project there has a mix.exs.`,
    );
  return applications;
}

function readApplication(tree: ProjectTree, folder: string, mixFile: string): MixApplication {
  const name = /app: :(\w+)/.exec(mixFile)?.[1];
  const file = path.posix.join(folder, "mix.exs");
  if (name === undefined) throw new UserError(`${file} names no application: expected a line such as app: :my_app.`);

  const callbackModule = /\bmod: \{([A-Z][\w.]*),/.exec(codeOnly(mixFile))?.[1];
  const projectModule = /defmodule ([A-Z][\w.]*?)(\.MixProject|\.Mixfile)? do/.exec(mixFile)?.[1];
  const namespace = (callbackModule ?? projectModule)?.replace(/\.Application$/, "");
  if (namespace === undefined)
    throw new UserError(`${file} defines no module: expected defmodule MyApp.MixProject do.`);

  const files = tree.elixirFiles(path.posix.join(folder, "lib"));
  const sources = files
    .map((source) => ({ source, text: tree.read(source) ?? "" }))
    .map(({ source, text }) => ({ source, text, code: codeOnly(text) }));
  const definition = new RegExp(`defmodule ${callbackModule?.replaceAll(".", "\\.")} do`);
  return {
    name,
    folder,
    sources: files,
    mixFile,
    namespace,
    callbackModule,
    callbackFile: callbackModule && sources.find(({ code }) => definition.test(code))?.source,
    clusterSupervisor: sources
      .filter(({ code }) => clusterSupervisorAt(code) >= 0)
      .map(({ source, code }) => ({ file: source, line: lineNumber(code, clusterSupervisorAt(code)) }))[0],
    readsTopologies: sources.some(({ text, code }) => !definesTopologies(code) && readsTopologies(text)),
    dnsClusterFile: sources.find(({ code }) => /\{DNSCluster,/.test(code))?.source,
    startsPubSub: sources.some(({ code }) => /\{Phoenix\.PubSub,/.test(code)),
  };
}

/** A project that has libcluster has chosen it, and DNSCluster is idle there. */
function discoveryOf(applications: readonly MixApplication[]): MixProject["discovery"] {
  const libcluster = applications.some(
    ({ clusterSupervisor, mixFile }) => clusterSupervisor !== undefined || /\{:libcluster\b/.test(codeOnly(mixFile)),
  );
  return !libcluster && applications.some(({ dnsClusterFile }) => dnsClusterFile !== undefined)
    ? "dns_cluster"
    : "libcluster";
}

/** Where code names libcluster's supervisor, and not one of theirs that ends in the same words; -1 when nowhere. */
function clusterSupervisorAt(code: string): number {
  return code.search(/(?<![\w.])Cluster\.Supervisor\b/);
}

/** Whether a source is the module that adopt adds: it reads CLUSTER_NODES if another one calls it. */
function definesTopologies(code: string): boolean {
  return /\bdefmodule [A-Z][\w.]*\.Cluster\.Topologies do\b/.test(code);
}

/**
 * Whether a source reads the topologies that `config/runtime.exs` sets, when it runs. A module attribute keeps what was
 * configured when the image was built.
 */
function readsTopologies(source: string): boolean {
  const lines = codeOnly(source).replace(/^\s*@.*$/gm, "");
  const configured =
    /\b(?:Application\.(?:get_env|fetch_env!?)|:application\.get_env)[(\s]\s*:libcluster\s*,\s*:topologies\b/;
  const all = /\bApplication\.get_all_env[(\s]\s*:libcluster\b/;
  const itself = /\bTopologies\.from_env!|"CLUSTER_NODES"/;
  return configured.test(lines) || all.test(lines) || itself.test(withoutComments(source));
}

function chosen(
  applications: readonly MixApplication[],
  appName: string | undefined,
  discovery: MixProject["discovery"],
): MixApplication {
  const names = applications.map(({ name }) => name).join(", ");
  if (appName !== undefined) {
    const named = applications.find(({ name }) => name === appName);
    if (!named) throw new UserError(`There is no application ${appName} here. There are: ${names}.`);
    if (discovery === "libcluster" || named.dnsClusterFile !== undefined) return named;
    throw new UserError(
      `${appName} doesn't start discovery: DNSCluster is a child of another application. Leave --app out, or add --libcluster.`,
    );
  }
  const starting = applications.filter(({ clusterSupervisor, dnsClusterFile }) =>
    discovery === "libcluster" ? clusterSupervisor !== undefined : dnsClusterFile !== undefined,
  );
  if (starting.length === 1 && starting[0]) return starting[0];
  // Discovery starts before PubSub, so in the same application.
  const withPubSub = applications.filter(({ startsPubSub }) => startsPubSub);
  if (withPubSub.length === 1 && withPubSub[0]) return withPubSub[0];
  const top = topApplications(applications);
  const [only, ...others] = top;
  if (only !== undefined && others.length === 0) return only;
  throw new UserError(
    `This umbrella has ${top.length === 0 ? "no application" : `${top.length} applications`} that might start the cluster. ` +
      `Name the one that starts it with --app <name>: ${names}.`,
  );
}

/** Those that start processes and that no other one depends on: with all that they depend on, the whole umbrella. */
export function topApplications(applications: readonly MixApplication[]): MixApplication[] {
  return applications.filter(
    ({ name, callbackModule }) =>
      (callbackModule !== undefined || applications.length === 1) &&
      !applications.some((other) => new RegExp(`\\{:${name}, [^}]*in_umbrella: true`).test(codeOnly(other.mixFile))),
  );
}
