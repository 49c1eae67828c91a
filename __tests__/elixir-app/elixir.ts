import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { resolve } from "node:path";

/** The mix project under test. */
export const elixirApp = resolve(__dirname, "../../elixir-app");

/** What takes libcluster's place where hex.pm is out of reach. */
export const standIn = resolve(elixirApp, "offline/libcluster");

/** The libcluster that the release is built with: the one given, or the stand-in. */
export const libcluster = resolve(elixirApp, process.env["LIBCLUSTER_PATH"] || standIn);

/** `describe` where all tools are installed; otherwise a visible skip, or in CI, where set-up installs them, an error. */
export function describeWith(...tools: string[]): jest.Describe {
  const missing = tools.filter((tool) => spawnSync("sh", ["-c", `command -v ${tool}`]).status !== 0);
  if (missing.length === 0) return describe;
  if (process.env["CI"]) throw new Error(`Not installed: ${missing.join(", ")}`);
  console.warn(`Skipped, not installed: ${missing.join(", ")}`);
  return describe.skip;
}

/** A TCP port that nobody listens on, below those that the kernel hands out to whoever dials. */
export async function freePort(): Promise<number> {
  const port = randomInt(12_000, 32_000);
  const server = createServer();
  const free = await new Promise<boolean>((resolve) =>
    server.once("error", () => resolve(false)).listen(port, () => resolve(true)),
  );
  if (!free) return freePort();
  await new Promise((closed) => server.close(closed));
  return port;
}

/** What `probe` gives, as soon as it gives something; an error with what it threw last after `seconds`. */
export async function eventually<T>(probe: () => Promise<T | undefined | false>, seconds = 15): Promise<T> {
  const end = Date.now() + seconds * 1000;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const result = await probe();
      if (result !== undefined && result !== false) return result;
      last = result;
    } catch (error) {
      last = error;
    }
    await new Promise((elapsed) => setTimeout(elapsed, 50));
  }
  throw new Error(`Not within ${seconds} s`, { cause: last });
}
