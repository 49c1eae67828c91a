import { mkdtempSync } from "node:fs";
import path from "node:path";

/** An empty folder of this test file's own; it is removed when the file's last test is through (test-environment.ts). */
export const scratchFolder = (name = "scratch"): string =>
  mkdtempSync(path.join(process.env.SCRATCH_OF_TEST!, `${name}-`));
