import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import type { Container } from "../../data-plane/data-plane";

/** Debian's package with it, and the one file in a container that sets its clock. */
export const fakeTimePackage = "libfaketime";
const clockFile = "/tmp/chaos-clock";

/**
 * libfaketime for programs with threads, where this machine has it. Time namespaces can't do it: they know CLOCK_MONOTONIC
 * alone, and only before a process starts. Source: time_namespaces(7)
 */
export function fakeTimeLibrary(root = "/usr/lib"): string | undefined {
  const folders = existsSync(root) ? readdirSync(root).map((name) => path.join(root, name, "faketime")) : [];
  return [...folders, path.join(root, "faketime")]
    .map((folder) => path.join(folder, "libfaketimeMT.so.1"))
    .find((file) => existsSync(file));
}

/** Variables of a container whose wall clock can be stepped while it runs. The monotonic clock stays, as in a step by NTP. */
export const fakeTimeVariables = (library: string): Readonly<Record<string, string>> => ({
  LD_PRELOAD: library,
  FAKETIME_TIMESTAMP_FILE: clockFile,
  FAKETIME_DONT_FAKE_MONOTONIC: "1",
  FAKETIME_CACHE_DURATION: "1",
});

/** Steps a container's clock away from this machine's, by so many seconds. @throws Error with what the container says */
export async function stepClock(container: Container, stepSeconds: number): Promise<void> {
  const offset = `${stepSeconds < 0 ? "" : "+"}${stepSeconds}`;
  const { code, stderr } = await container.exec(["sh", "-c", `printf %s "$1" > ${clockFile}`, "sh", offset]);
  if (code !== 0 && code !== 137) throw new Error(`The clock can't be stepped: ${stderr.trim()}`);
}
