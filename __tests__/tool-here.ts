import { spawnSync } from "node:child_process";

/** Whether all of these programs are on the path. Set-up installs them, so on CI it is an error when one is not. */
export function toolsAreHere(...tools: string[]): boolean {
  const missing = tools.filter((tool) => spawnSync("sh", ["-c", `command -v ${tool}`]).status !== 0);
  if (missing.length === 0) return true;
  if (process.env.CI)
    throw new Error(`Not installed: ${missing.join(", ")}. Set-up installs them: node bin/setup.mjs test`);
  console.warn(`SKIPPED: what needs ${missing.join(", ")} (not on the path)`);
  return false;
}

/** `describe` where all of these programs are on the path; otherwise the tests are skipped with the reason in view. */
export const describeWith = (...tools: string[]): jest.Describe => (toolsAreHere(...tools) ? describe : describe.skip);
