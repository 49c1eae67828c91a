import { finalStages, readStages, type Instruction } from "./dockerfile-source";
import { type Edit, type Step, byHand, edited, present } from "./edit";
import { append, insertAt } from "./elixir-source";

/** For a project with a Dockerfile: what the image needs beyond what `mix phx.gen.release --docker` writes. */
export function dockerfileSteps(releaseFolder: string): Step[] {
  const step = (what: string, edit: (text: string) => Edit): Step => ({
    what,
    file: "Dockerfile",
    edit: (text) => edit(text ?? ""),
  });
  return [
    step("curl and jq, with which env.sh asks for the task's address", addTools),
    step(`${releaseFolder}/ in the build`, (text) => addReleaseFolder(text, releaseFolder)),
    step("the ports, for whoever reads the image", addPorts),
    step("a command that SIGTERM arrives at", requireExec),
  ];
}

/** The instructions of the image, those of the stage that it builds on last. */
function imageInstructions(text: string): Instruction[] {
  return finalStages(readStages(text)).flatMap(({ instructions }) => instructions);
}

const install = /\b(?:apt-get|apt)(?:\s+-\S+)*\s+install(?:\s+-\S+)*|\bapk(?:\s+-\S+)*\s+add(?:\s+-\S+)*/;

function addTools(text: string): Edit {
  const runs = imageInstructions(text).filter(({ keyword }) => keyword === "RUN");
  const words = new Set(runs.flatMap((run) => run.text.split(/[\s;&|]+/)).map((word) => word.split("=")[0]));
  const missing = ["curl", "jq"].filter((tool) => !words.has(tool));
  if (missing.length === 0) return present;

  const run = runs.find((instruction) => install.test(instruction.text));
  const command = run && install.exec(text.slice(run.start, run.end));
  if (!run || !command) {
    return byHand(
      "its last stage installs no packages by apt-get or apk",
      "Add this to the last stage, before USER",
      `RUN apt-get update \\\n  && apt-get install -y --no-install-recommends ${missing.join(" ")} \\\n  && rm -rf /var/lib/apt/lists/*`,
    );
  }
  return edited(insertAt(text, run.start + command.index + command[0].length, ` ${missing.join(" ")}`));
}

function addReleaseFolder(text: string, folder: string): Edit {
  const instructions = readStages(text).flatMap((stage) => stage.instructions);
  const release = instructions.find(({ keyword, text }) => keyword === "RUN" && /\bmix (do .*)?release\b/s.test(text));
  const sources = instructions
    .filter(({ keyword, text }) => ["COPY", "ADD"].includes(keyword) && !text.includes("--from="))
    .flatMap(({ text }) =>
      text
        .split(/[\s"[\],]+/)
        .filter((word) => word !== "")
        .slice(1, -1),
    );
  const isCopied = sources.some((source) => [".", folder].includes(source.replace(/^\.\/(?=.)|\/$/g, "")));
  if (isCopied || !release) return present;
  return edited(insertAt(text, release.start, `COPY ${folder} ${folder}\n`));
}

const epmd = 4369;
/** The default range of DISTRIBUTION_PORT_MIN and _MAX; single-port mode takes its first one. */
const [first, last] = [9000, 9010];

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
    ...(isExposed(epmd) ? [] : [{ port: `${epmd}`, purpose: "epmd" }]),
    ...(range.every(isExposed) ? [] : [{ port: `${first}-${last}`, purpose: "the range that a node listens on" }]),
  ];
  if (missing.length === 0) return present;

  const stage = readStages(text).at(-1)?.instructions ?? [];
  const start = stage.find(({ keyword }) => ["CMD", "ENTRYPOINT"].includes(keyword));
  const comment = missing.map(({ purpose }) => purpose).join(", ");
  const block = `# ${comment}\nEXPOSE ${missing.map(({ port }) => port).join(" ")}\n`;
  return edited(start ? insertAt(text, start.start, `${block}\n`) : append(text, block));
}

function isDistribution(port: string): boolean {
  const [from] = port.split("-").map(Number);
  return from === epmd || (from !== undefined && from >= first && from <= last);
}

/** The shell form starts `/bin/sh -c`, which doesn't pass SIGTERM on: ECS then kills the task after stopTimeout. */
function requireExec(text: string): Edit {
  const stage = readStages(text).at(-1)?.instructions ?? [];
  const shell = stage.filter(
    ({ keyword, text }) => ["CMD", "ENTRYPOINT"].includes(keyword) && !/^\s*(CMD|ENTRYPOINT)\s+(\[|exec\s)/i.test(text),
  );
  const [only] = shell;
  if (only === undefined) return present;
  const words = only.text.trim().split(/\s+/).slice(1);
  return byHand(
    `${only.keyword} is in shell form, so SIGTERM reaches a shell that doesn't pass it on`,
    "Put this in its place",
    `${only.keyword} ${JSON.stringify(words).replaceAll(",", ", ")}`,
  );
}
