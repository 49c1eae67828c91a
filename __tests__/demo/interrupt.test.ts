import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { hasTerraform } from "../../src/lab/terraform";
import { projectRoot } from "../../src/project-root";

/** Every process whose environment names `folder` as its own for temporary files: the demo's, and all that it started. */
function processesIn(folder: string): string[] {
  const found = execFileSync("sh", ["-c", `grep -lzsF "TMPDIR=${folder}" /proc/[0-9]*/environ || true`], {
    encoding: "utf8",
  });
  return found.split("\n").filter(Boolean);
}

const linux = process.platform === "linux";
let terraform = false;
beforeAll(async () => {
  terraform = await hasTerraform();
  if (!linux || !terraform) console.warn("SKIPPED: interrupting the demo needs Linux and Terraform");
});

describe("the demo, interrupted", () => {
  it.each(["Make what exists already", "terraform init", "terraform plan", "terraform apply", "Start the tasks"])(
    "leaves no process and no file when Ctrl-C comes at «%s»",
    async (step) => {
      if (!linux || !terraform) return;
      // GIVEN a demo that has reached a step, with a folder of its own for temporary files
      const folder = mkdtempSync(path.join(tmpdir(), "interrupt-"));
      const demo = execa(
        process.execPath,
        [
          "bin/run.mjs",
          "src/cli.ts",
          "demo",
          "--html",
          path.join(folder, "r.html"),
          "--timeline",
          path.join(folder, "t.html"),
        ],
        {
          cwd: projectRoot,
          env: { TMPDIR: folder },
          reject: false,
          stdin: "ignore",
          all: true,
        },
      );
      await new Promise<void>((resolve) => {
        let said = "";
        demo.all.on("data", (chunk: Buffer) => (said += chunk.toString()).includes(step) && resolve());
        void demo.then(() => resolve());
      });

      // WHEN it is interrupted
      demo.kill("SIGINT");
      const { exitCode, all } = await demo;

      // THEN it says so, and nothing remains
      expect(all).toContain("Interrupted: everything that was started has ended.");
      expect(exitCode).toBe(130);
      expect(processesIn(folder)).toEqual([]);
      expect(readdirSync(folder).filter((name) => !["r.html", "t.html"].includes(name))).toEqual([]);
      rmSync(folder, { recursive: true });
    },
  );
});
