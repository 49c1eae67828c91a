import path from "node:path";
import { defaultDistributionPorts, epmdPort } from "../../../distribution";
import { copiedPaths, imageInstructions, readStages } from "../../source/dockerfile-source";
import { type Edit, type Step, byHand, edited, present } from "../edit";
import { append, insertAt } from "../../source/elixir-source";
import { requireExec } from "./image-command";
import { addTools } from "./image-tools";
import type { MixProject } from "../../source/mix-project";

/** For a project with a Dockerfile: what the image needs beyond what `mix phx.gen.release --docker` writes. */
export function dockerfileSteps({ dockerfile, releaseFolder, tree }: MixProject): Step[] {
  if (dockerfile === undefined) return [];
  const step = (what: string, edit: (text: string) => Edit): Step => ({
    what,
    file: dockerfile,
    edit: (text) => edit(text ?? ""),
  });
  return [
    step("curl and jq, which env.sh uses to get the task's address", addTools),
    step(`${releaseFolder}/ in the build`, (text) => addReleaseFolder(text, releaseFolder)),
    step("the ports, as documentation of the image", addPorts),
    step("a volume for /tmp", addVolume),
    step("a command that gets SIGTERM", (text) => requireExec(text, tree, `${releaseFolder}/overlays`)),
  ];
}

function addReleaseFolder(text: string, folder: string): Edit {
  const instructions = readStages(text).flatMap((stage) => stage.instructions);
  const release = instructions.find(({ keyword, text }) => keyword === "RUN" && /\bmix (do .*)?release\b/s.test(text));
  const isCopied = copiedPaths(instructions).some((source) => source === "." || `${folder}/`.startsWith(`${source}/`));
  if (isCopied || !release) return present;
  if (path.posix.isAbsolute(folder) || path.posix.normalize(folder).startsWith(".."))
    return byHand(
      `rel_templates_path is ${folder}, and docker build copies nothing from outside the project`,
      "Move that folder into the project and set rel_templates_path to it",
    );
  return edited(insertAt(text, release.start, `COPY ${folder} ${folder}\n`));
}

const { from: first, to: last } = defaultDistributionPorts;

function addPorts(text: string): Edit {
  const exposed = imageInstructions(text)
    .filter(({ keyword }) => keyword === "EXPOSE")
    .flatMap(({ text }) => text.trim().split(/\s+/).slice(1))
    .map((port) => port.replace(/\/.*/, ""));
  const isExposed = (port: number) =>
    exposed.some((range) => {
      const [from, to] = range.split("-").map(Number);
      return from !== undefined && from <= port && port <= (to ?? from);
    });
  const range = Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
  const servesHttp = exposed.some((port) => !isDistribution(port));
  const missing = [
    ...(servesHttp ? [] : [{ port: "4000", purpose: "HTTP" }]),
    ...(isExposed(epmdPort) ? [] : [{ port: `${epmdPort}`, purpose: "epmd" }]),
    ...(range.every(isExposed) ? [] : [{ port: `${first}-${last}`, purpose: "the range that a node listens on" }]),
  ];
  if (missing.length === 0) return present;

  const comment = missing.map(({ purpose }) => purpose).join(", ");
  return edited(beforeCommand(text, `# ${comment}\nEXPOSE ${missing.map(({ port }) => port).join(" ")}\n`));
}

function isDistribution(port: string): boolean {
  const [from] = port.split("-").map(Number);
  return from === epmdPort || (from !== undefined && from >= first && from <= last);
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html */
const volume = `# for readonlyRootFilesystem: the volume over /tmp belongs to root alone without this line
VOLUME /tmp
`;

function addVolume(text: string): Edit {
  const isThere = imageInstructions(text).some(
    ({ keyword, text }) => keyword === "VOLUME" && /[\s"]\/tmp\/?(?=["\s]|$)/.test(text),
  );
  return isThere ? present : edited(beforeCommand(text, volume));
}

/** Above what the image starts and the comment on it, or at the end of the last stage. */
function beforeCommand(text: string, block: string): string {
  const stage = readStages(text).at(-1)?.instructions ?? [];
  const command = stage.find(({ keyword }) => ["CMD", "ENTRYPOINT"].includes(keyword));
  if (!command) return append(text, block);
  const comment = /(?:(?<=^|\n)[^\S\n]*#.*\n)+$/.exec(text.slice(0, command.start));
  const at = comment?.index ?? command.start;
  return insertAt(text, at, `${/(^|\n)\n$/.test(text.slice(0, at)) ? "" : "\n"}${block}\n`);
}
