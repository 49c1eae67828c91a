import { cookieVariable, isSetByLayout, reservedBecause } from "../../containers/variables";
import { dnsClusterVariable } from "../../discovery";
import { epmdPort } from "../../distribution";
import { holdsErlangFlags, overridingFlags } from "../../containers/erlang-flags";
import { imageInstructions } from "../source/dockerfile-source";
import { type Step, byHand } from "./edit";
import { lineNumber, withoutComments } from "../source/elixir-source";
import type { MixProject } from "../source/mix-project";
import { sampleFile } from "../source/sample";

/** A setting that overrides what env.sh and the task definition set. */
interface Override {
  readonly line: number;
  /** What it is and what it does. */
  readonly text: string;
}

/** A file with what finds such settings in it. */
type Search = readonly [file: string, find: (text: string) => Override[]];

/** One step for each file that has such settings. They are the owner's to remove: each was written for a reason. */
export function overrides(project: MixProject): Step[] {
  const { tree, releaseFolder, dockerfile, applications } = project;
  const query =
    project.discovery === "dns_cluster"
      ? otherQuery
      : { shell: secondDiscovery, image: secondDiscovery, config: secondDiscovery };
  const files: Search[] = [
    [`${releaseFolder}/env.sh.eex`, (text) => inShell(text, query.shell)],
    [`${releaseFolder}/vm.args.eex`, inFlags],
    [`${releaseFolder}/remote.vm.args.eex`, inFlags],
    ...(dockerfile === undefined ? [] : [[dockerfile, (text) => inDockerfile(text, query.image)] as Search]),
    ...["config", "prod", "runtime", "releases"].map((name): Search => [
      `config/${name}.exs`,
      matching(configured(query.config)),
    ]),
    ...applications.flatMap(({ sources }) => sources).map((file): Search => [file, matching(whenRunning)]),
  ];
  return files.flatMap(([file, find]): Step[] => {
    const found = find(tree.read(file) ?? "");
    if (found.length === 0) return [];
    const lines = found.map(({ line, text }) => `line ${line}: ${text}`).join("\n");
    const count = found.length === 1 ? "one of its settings wins" : `${found.length} of its settings take precedence`;
    const edit = () =>
      byHand(`${count} over what env.sh and the task definition set`, "Remove those that you don't need", lines);
    return [{ what: "settings that override the task's", file, edit }];
  });
}

/** What a query for DNSCluster does next to libcluster. */
const secondDiscovery = "DNSCluster would connect to the same nodes as libcluster";

/** What it does where DNSCluster takes its query from the task definition, which overrides the image's variables. */
const otherQuery = {
  shell: "it overrides the names of the task definition",
  image: undefined,
  config: "DNSCluster would look for this name, whatever the task definition says",
};

/** Line for line as long as before. */
function blank(text: string): string {
  return text.replace(/[^\n]/g, " ");
}

function withoutEexComments(text: string): string {
  return text.replace(/<%(#|!--)[^]*?%>/g, blank);
}

/**
 * The words of an args file as erlexec reads it: quotes, backslashes, and `#` to the end of the line. Blanks in quotes
 * become `_`, since they end no word.
 */
function flagWords(text: string): { word: string; line: number }[] {
  const pattern = /#[^\n]*|((?:\\[^]|"[^"]*"|'[^']*'|[^\s#"'\\])+)/g;
  return [...withoutEexComments(text).matchAll(pattern)].flatMap((match) =>
    match[1] === undefined
      ? []
      : [{ word: match[1].replace(/["']|\\(?=[^])/g, "").replace(/\s/g, "_"), line: lineNumber(text, match.index) }],
  );
}

/** Flags in an args file. */
function inFlags(text: string): Override[] {
  const words = flagWords(text);
  const starts = words.flatMap(({ word }, index) => (/^[-+]/.test(word) ? [index] : []));
  return starts.flatMap((start, index) => {
    const group = words.slice(start, starts[index + 1] ?? words.length);
    return overridingFlags(group.map(({ word }) => word).join(" ")).map(({ flag, because }) => {
      const parameter = /^-kernel (\S+)/.exec(flag)?.[1];
      const line = (group.find(({ word }) => word === parameter) ?? group[0]!).line;
      return { line, text: `${flag}: ${because}` };
    });
  });
}

const assignment = /(?<=^|[\s;&])([A-Z_][A-Z0-9_]*)=("(?:[^"\\]|\\[^])*"|'[^']*'|[^\s;&|]*)/gm;

/** Variables that env.sh sets over the task's. Its own lines, as the sample has them, are right. */
function inShell(text: string, query: string): Override[] {
  const ours = sampleFile("rel/env.sh.eex");
  const sample = new Set(ours.split("\n"));
  const setByOurs = [...ours.matchAll(assignment)].map(([, name, value]) => ({ name, value }));
  const theirs = withoutEexComments(text)
    .split("\n")
    .map((line) => (sample.has(line) || /^\s*#/.test(line) ? "" : line))
    .join("\n");
  const isSample = theirs !== text && text.includes("DISTRIBUTION_PORT_MIN") && text.includes("RELEASE_NODE");
  return [...theirs.matchAll(assignment)].flatMap((match) => {
    const [, name = "", quoted = ""] = match;
    const value = quoted.replace(/^(["'])([^]*)\1$/, "$2");
    const byTask = name === cookieVariable || isSetByLayout(name);
    const isDefault = byTask && new RegExp(`^\\$\\{${name}:?[-=]`).test(value);
    // Another version of the sample computes its values in another way; a fixed one is an edit.
    const isFixed = /^[\w.,@-]*$/.test(value);
    const isOurs =
      isSample &&
      (isSetByLayout(name) || name === "RELEASE_DISTRIBUTION") &&
      setByOurs.some((our) => our.name === name && (!isFixed || our.value === value));
    if (isDefault || isOurs) return [];
    const line = lineNumber(theirs, match.index);
    const reasons = { cookie: "it overrides the secret of the task definition", query };
    return inVariable(name, value, reasons).map((found) => ({ line, text: found }));
  });
}

/** Variables of the image. Those that the task definition sets itself override them. */
function inDockerfile(text: string, query: string | undefined): Override[] {
  return imageInstructions(text)
    .filter(({ keyword }) => keyword === "ENV")
    .flatMap(({ start, end }) => {
      const source = text.slice(start, end).replace(/^[^\S\n]*#.*$/gm, blank);
      // The older form sets one variable to the rest of the line: ENV ECTO_IPV6 true
      const old = /^\s*ENV\s+([A-Za-z_]\w*)[^\S\n]+([^]*)$/i.exec(source);
      return (old ? [old] : [...source.matchAll(assignment)]).flatMap((match) => {
        const [, name = "", quoted = ""] = match;
        if (isSetByLayout(name) && !["RELEASE_NODE", dnsClusterVariable].includes(name)) return [];
        const value = quoted.trim().replace(/^(["'])([^]*)\1$/, "$2");
        const line = lineNumber(text, start + match.index);
        const reasons = { cookie: "anyone who has the image has the cookie", query };
        return inVariable(name, value, reasons).map((found) => ({ line, text: found }));
      });
    });
}

/** @param reasons what a cookie and a query for DNSCluster do at this place; `undefined` for nothing. */
function inVariable(name: string, value: string, reasons: { cookie: string; query: string | undefined }): string[] {
  if (holdsErlangFlags(name)) {
    // A flag whose value comes from the environment isn't fixed.
    const fixed = value.replace(/\S+\s+\$\S+/g, " ");
    return overridingFlags(fixed).map(({ flag, because }) => `${name} has ${flag}: ${because}`);
  }
  if (value === "" || (name === "ERL_EPMD_PORT" && value === String(epmdPort))) return [];
  if (name === cookieVariable) return [`${name}: ${reasons.cookie}`];
  if (name === dnsClusterVariable) return reasons.query === undefined ? [] : [`${name}: ${reasons.query}`];
  if (name === "ECTO_IPV6" && !/^(false|0)$/.test(value))
    return [`${name}: the database would be looked up by IPv6, which an IPv4 VPC doesn't have`];
  if (/^RELEASE_(REMOTE_)?VM_ARGS$/.test(name)) return [`${name}: the node would take other flags than those of rel/`];
  const because = reservedBecause(name);
  return because === undefined ? [] : [`${name}: ${because}`];
}

type Pattern = readonly [RegExp, string];

const whenRunning: readonly Pattern[] = [
  // With the name of another node first, it is the cookie for that one alone.
  [
    /(?:\bNode|:erlang)\.set_cookie\((?:(?:node\(\)|Node\.self\(\)),|[^(),]*(?:\([^()]*\))?\))/g,
    "it overrides RELEASE_COOKIE",
  ],
  [
    /\bNode\.start\b|:net_kernel\.start\b/g,
    "env.sh names the node, and its distribution runs when the application starts",
  ],
];

const configured = (query: string): readonly Pattern[] => [
  ...whenRunning,
  [/\binet_dist_use_interface\b/g, "a node must listen on the task's address, where peers connect to it"],
  [/\bdns_cluster_query(?::|,)\s*"[^"]*"/g, query],
  [/\bsocket_options: \[:inet6\]/g, "the database would be looked up by IPv6, which an IPv4 VPC doesn't have"],
  [/\bSystem\.fetch_env!\(\s*"FLY_\w+"/g, "Fly.io sets it, and ECS doesn't: the boot would stop there"],
];

function matching(patterns: readonly Pattern[]) {
  return (text: string): Override[] => {
    const code = withoutComments(text);
    return patterns.flatMap(([pattern, because]) =>
      [...code.matchAll(pattern)].map(({ index, 0: found }) => ({
        line: lineNumber(code, index),
        text: `${found}: ${because}`,
      })),
    );
  };
}
