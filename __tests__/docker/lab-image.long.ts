import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { scratchFolder } from "../scratch";
import { toolsAreHere } from "../tool-here";
import { Container } from "./container";
import { instructions } from "./lab-image";
import { giveMoto } from "./moto-in-container";

const hours = (count: number) => count * 3_600_000;
const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn("SKIPPED the lab's container: debootstrap and pivot_root need root");

// `npm run test:container`: half an hour, most of which `npm test` takes. Each test goes on where the one before it ended, so that the first
// one that fails says which step did.
(isRoot && toolsAreHere("debootstrap") ? describe : describe.skip)("the lab's container", () => {
  const root = path.join(scratchFolder("container"), "root");
  const container = new Container(root);
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it("is a Debian", async () => {
    await container.start();
    expect(existsSync(path.join(root, "etc", "debian_version"))).toBe(true);
  });

  it.each(instructions)("is built by its Dockerfile's steps: $keyword $text", async (instruction) => {
    if (instruction.text.includes("setup.mjs")) await giveMoto(container);
    await expect(container.carryOut(instruction)).resolves.toBeUndefined();
  });

  it("has all that the tests need", async () => expect(await container.run("node bin/setup.mjs test")).toBe(""));

  it("runs the demo", async () => {
    const out = await container.run("npm run demo");
    expect(out).toContain("Start the tasks: the cluster forms");
    expect(out).not.toContain("Not proved");
  });

  it(
    "passes all tests, none left out for want of a program",
    async () => {
      const out = await container.run("CI=true npm test 2>&1", { shown: true });
      expect(out.match(/^Tests: .*$/gm)).toEqual([
        expect.stringMatching(/^Tests: +\d+ passed, \d+ total$/),
        expect.stringMatching(/^Tests: +\d+ passed, \d+ total$/),
      ]);
      expect(out.match(/, 0 failures/g)!.length).toBeGreaterThanOrEqual(3);
    },
    hours(3),
  );
});
