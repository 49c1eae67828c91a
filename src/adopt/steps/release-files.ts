import { type Edit, type Step, byHand, edited, present } from "./edit";
import { append, lineNumber } from "../source/elixir-source";
import { sampleFile, samplePath } from "../source/sample";

/**
 * The templates of `mix release` that name the node after its task and set the distribution's flags.
 *
 * @param folder where the project keeps them, usually `rel`.
 * @see https://hexdocs.pm/mix/Mix.Tasks.Release.html#module-customization
 */
export function releaseFiles(folder: string): Step[] {
  return [
    {
      what: "the node's name and the distribution's ports, from the task",
      file: `${folder}/env.sh.eex`,
      edit: (text) => mergeEnvironment(text, "rel/env.sh.eex"),
    },
    {
      what: "flags of the node",
      file: `${folder}/vm.args.eex`,
      edit: (text) => mergeFlags(text, "rel/vm.args.eex"),
    },
    {
      what: "flags of remote shells",
      file: `${folder}/remote.vm.args.eex`,
      edit: (text) => mergeFlags(text, "rel/remote.vm.args.eex"),
    },
  ];
}

/** Without its comments, which is all that `mix release.init` writes; line numbers stay. */
function effective(text: string): string {
  return text.replace(/^[^\S\n]*#.*$/gm, "");
}

function mergeEnvironment(text: string | undefined, sample: string): Edit {
  const ours = sampleFile(sample);
  const theirs = effective(text ?? "");
  if (text === undefined || theirs.trim() === "") return edited(ours);
  if (theirs.includes("RELEASE_NODE") && theirs.includes("DISTRIBUTION_PORT_MIN")) {
    const unread = ofAdopt.test(theirs) ? variables(ours).filter((name) => !theirs.includes(name)) : [];
    return unread.length === 0 ? present : earlier(unread, sample);
  }

  const own = /RELEASE_NODE|RELEASE_DISTRIBUTION|inet_dist_listen|start_epmd|erl_epmd_port/.exec(theirs);
  if (own) {
    return byHand(
      `line ${lineNumber(theirs, own.index)} sets ${own[0]} in its own way`,
      `Put the content of ${samplePath(sample)} in place of the lines that name the node; keep the others`,
    );
  }
  return edited(append(text, ours.replace(/^#!.*\n/, "")));
}

/** Two functions that every version of the sample's `env.sh` has. */
const ofAdopt = /^listen_flags \(\)[^]*^dial_flags \(\)/m;

/** The variables that the sample's `env.sh` reads, from the list at its beginning. */
function variables(sample: string): string[] {
  return [...sample.matchAll(/^# {3}([A-Z_]+) {2}/gm)].map(([, name]) => name!);
}

/** Not edited: its owner may have changed it since. */
function earlier(unread: readonly string[], sample: string): Edit {
  return byHand(
    `it is from an earlier version of adopt and doesn't read ${unread.join(", ")}`,
    `Put the content of ${samplePath(sample)} in its place; keep lines of your own`,
  );
}

function mergeFlags(text: string | undefined, sample: string): Edit {
  const ours = sampleFile(sample);
  const theirs = effective(text ?? "");
  if (text === undefined || theirs.trim() === "") return text === ours ? present : edited(ours);

  const set = new Set(flags(theirs).map(flagName));
  const missing = ours.split(/\n\n+/).flatMap((paragraph) => {
    const absent = flags(paragraph).filter((flag) => !set.has(flagName(flag)));
    const comment = paragraph.split("\n").filter((line) => line.startsWith("#"));
    return absent.length === 0 ? [] : [[...comment, ...absent].join("\n")];
  });
  return missing.length === 0 ? present : edited(append(text, `${missing.join("\n\n")}\n`));
}

function flags(text: string): string[] {
  return effective(text)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** `+sbwt`, or `-kernel net_ticktime`: what one flag sets, without the value. */
function flagName(flag: string): string {
  return flag.split(/\s+/, /^-(kernel|env)\b/.test(flag) ? 2 : 1).join(" ");
}
