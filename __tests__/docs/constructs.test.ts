import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { build, stop } from "esbuild";
import { execa } from "execa";
import { projectRoot } from "../../src/project-root";
import { scratchFolder } from "../scratch";

describe("docs/constructs.md", () => {
  it("shows an app that synthesizes unchanged", async () => {
    // GIVEN the page's code, in a file next to main.ts
    const page = readFileSync(path.join(projectRoot, "docs", "constructs.md"), "utf8");
    const code = /^```ts\n(.*?)^```/ms.exec(page)![1]!.replace(/"elixir-cluster"/, `"./src"`);
    const folder = scratchFolder("docs");
    try {
      // WHEN it is run
      const outfile = path.join(folder, "app.cjs");
      await build({
        stdin: { contents: code, resolveDir: projectRoot, loader: "ts" },
        bundle: true,
        platform: "node",
        mainFields: ["module", "main"],
        outfile,
        logLevel: "error",
      });
      await stop();
      const { stderr, exitCode } = await execa(process.execPath, [outfile], { cwd: folder, reject: false });

      // THEN nothing is wrong with it, and the stack is there
      expect(stderr).toBe("");
      expect(exitCode).toBe(0);
      expect(existsSync(path.join(folder, "cdktf.out", "stacks", "prod", "cdk.tf.json"))).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
