import { existsSync, rmSync } from "node:fs";
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

// `npm run test:container`: five to fifteen minutes, most of which apt, npm and the Elixir tests take. Each test goes on where the one before
// it ended, so that the first one that fails says which step did.
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

  it("passes the Elixir tests", async () => expect(await container.run("npm run test:elixir")).toContain("0 failures"));

  it.each(programTests)("passes tests of the project %s", async (project, pattern) => {
    const out = await container.run(
      `npx jest --selectProjects=${project} --runInBand --testPathPatterns '${pattern}' 2>&1`,
    );
    expect(out).toMatch(/^Tests: +\d+ passed, \d+ total$/m);
  });
});
