import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { projectRoot } from "../../src/project-root";
import { recordingSvg } from "./recording-svg";
import { Screen } from "./screen";

/**
 * Runs `npm run demo`, and draws what its user sees in a terminal, over time.
 *
 * @param file gets the picture, an SVG that plays by itself.
 */
export async function drawDemo(file: string): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "demo-"));
  try {
    const demo = execa("npm", ["run", "--silent", "demo"], {
      cwd: projectRoot,
      env: { FORCE_COLOR: "1", INIT_CWD: folder },
      stdin: "ignore",
      buffer: false,
    });
    const screen = new Screen();
    const started = Date.now();
    screen.write("$ npm run demo", 0);
    for await (const line of createInterface({ input: demo.stdout })) {
      screen.write(line, (Date.now() - started) / 1000);
    }
    await demo;
    writeFileSync(file, recordingSvg(screen.rows, screen.ended));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
