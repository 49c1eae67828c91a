import { rmSync } from "node:fs";
import path from "node:path";
import { scratchFolder } from "../scratch";
import { toolsAreHere } from "../tool-here";
import { Container } from "./container";
import { instructions } from "./lab-image";
import { giveMoto } from "./moto-in-container";

const isRoot = process.getuid?.() === 0;

/** Tests of programs that another Debian has in another version: nftables, HAProxy, PostgreSQL, busybox, ShellCheck, Chromium. */
const programTests = [
  ["quick", "__tests__/(elixir-app/env-sh|pipeline|lab/timeline/timeline)\\.test"],
  ["real", "__tests__/lab/(data-plane/(runtime|network/load-balancer)|database/postgres)\\.test"],
] as const;

// `npm run test:container`: fifteen minutes, most of which apt, npm and the Elixir tests take.
(isRoot && toolsAreHere("debootstrap") ? describe : describe.skip)("the lab's container", () => {
  it("is built by its Dockerfile's steps, has all that the tests need, runs the demo, and passes tests", async () => {
    const root = path.join(scratchFolder("container"), "root");
    const container = new Container(root);
    try {
      await container.start();
      for (const instruction of instructions) {
        if (instruction.text.includes("setup.mjs")) await giveMoto(container);
        await container.carryOut(instruction);
      }
      expect(await container.run("node bin/setup.mjs test")).toBe("");
      const out = await container.run("npm run demo");
      expect(out).toContain("Start the tasks: the cluster forms");
      expect(out).not.toContain("Not proved");
      await container.run("npm run test:elixir");
      for (const [project, pattern] of programTests)
        await container.run(`npx jest --selectProjects=${project} --runInBand --testPathPatterns '${pattern}'`);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
