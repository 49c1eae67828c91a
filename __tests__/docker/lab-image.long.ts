import { rmSync } from "node:fs";
import path from "node:path";
import { scratchFolder } from "../scratch";
import { toolsAreHere } from "../tool-here";
import { Container } from "./container";
import { instructions } from "./lab-image";

const isRoot = process.getuid?.() === 0;

// `npm run test:container`: ten minutes, most of which apt and npm take.
(isRoot && toolsAreHere("debootstrap") ? describe : describe.skip)("the lab's container", () => {
  it("is built by its Dockerfile's steps, has all that the tests need, and runs the demo", async () => {
    const root = path.join(scratchFolder("container"), "root");
    const container = new Container(root);
    try {
      await container.start();
      for (const instruction of instructions) await container.carryOut(instruction);
      expect(await container.run("node bin/setup.mjs test")).toBe("");
      const out = await container.run("npm run demo");
      expect(out).toContain("Start the tasks: the cluster forms");
      expect(out).not.toContain("Not proved");
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
