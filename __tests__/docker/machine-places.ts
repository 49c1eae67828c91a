import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const filesIn = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).map((file) => path.join(folder, file)) : [];

/** The mirror that this machine's apt uses. */
export function debianMirror(): string {
  const files = ["/etc/apt/sources.list", ...filesIn("/etc/apt/sources.list.d")];
  const text = files.filter((file) => existsSync(file)).map((file) => readFileSync(file, "utf8"));
  const [, mirror] = /^(?:URIs:|deb(?: \[[^\]]*\])?)\s+(\S+\/debian)\/?\s*/m.exec(text.join("\n")) ?? [];
  if (mirror === undefined) throw new Error("apt has no mirror of Debian here");
  return mirror;
}

/** What an engine gives to a container, and settings of apt and npm. They are copied: packages write some of them. */
export const copiedPlaces = (): string[] =>
  [
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/ssl/certs/ca-certificates.crt",
    path.join(homedir(), ".npmrc"),
    // Other settings of apt call programs of this machine.
    ...filesIn("/etc/apt/apt.conf.d").filter((file) => readFileSync(file, "utf8").includes("Acquire")),
  ].filter((file) => existsSync(file));

/** Variables that name certificates, proxies and places of packages. */
const ofMachine = /_proxy$|^npm_config_|^PIP_|^SSL_|^NODE_EXTRA_CA_CERTS$|^REQUESTS_CA_BUNDLE$/i;

export const machineVariables = (): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => ofMachine.test(name)));

/**
 * Settings files of pip, and the files and folders that its settings name.
 *
 * @param list output of `pip config list`
 * @param debug output of `pip config debug`
 * @returns paths that pip reads; none where pip only has its defaults
 */
export function placesOfPip(list: string, debug: string): string[] {
  const settingsFiles = [...debug.matchAll(/^\s*(\/.+), exists: True$/gm)].map(([, file]) => file!);
  const values = [...list.matchAll(/^[^=\n]+='(.*)'$/gm)].flatMap(([, value]) => value!.split(/\s+|\\n/));
  const named = values
    .filter((value) => /^(\/|file:)/.test(value))
    .map((value) => (value.startsWith("file:") ? fileURLToPath(value) : value));
  return [...new Set([...settingsFiles, ...named])];
}

const pip = (...args: string[]) =>
  spawnSync("python3", ["-m", "pip", "config", ...args], { encoding: "utf8" }).stdout ?? "";

/** What this machine's pip reads, and the folder with Terraform's provider. They are mounted: they can have gigabytes. */
export const mountedPlaces = (providers: readonly string[]): string[] =>
  [...placesOfPip(pip("list"), pip("debug")), ...providers].filter(
    // Copied for apt and npm too.
    (place) => existsSync(place) && !copiedPlaces().includes(place),
  );
