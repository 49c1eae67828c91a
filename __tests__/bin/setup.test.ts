import { spawnSync } from "node:child_process";
import path from "node:path";
import { advice } from "../../src/advice";
import { projectRoot } from "../../src/project-root";

/** The set-up on a machine with another system, which ends before it installs anything: its Node is too old. */
function setUpOn(platform: string, purpose: "demo" | "test") {
  const faked =
    `Object.defineProperty(process, "platform", { value: "${platform}" });` +
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.0.0" } });';
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      "--import",
      `data:text/javascript,${encodeURIComponent(faked)}`,
      path.join(projectRoot, "bin", "setup.mjs"),
      purpose,
    ],
    { encoding: "utf8" },
  );
  return { status, out: stdout, err: stderr };
}

describe("the set-up", () => {
  it.each(["demo", "test"] as const)("says on Windows at once to use WSL, before %s", (purpose) => {
    const { status, out, err } = setUpOn("win32", purpose);
    expect([status, out]).toEqual([1, ""]);
    expect(err).toContain("Windows isn't supported. Use WSL 2: run `wsl --install -d Debian` once");
    expect(err).toContain("docker run --rm -it --privileged elixir-cluster-lab npm");
    expect(err).not.toContain("too old");
  });

  it("says on macOS what the demo leaves out, with the line that runs everything, and goes on", () => {
    const { out, err } = setUpOn("darwin", "demo");
    expect(out).toContain("the lab needs Linux, and this is darwin. The demo synthesizes, plans, applies to local AWS");
    expect(out).toContain(advice.demoInContainer());
    expect(err).toContain("Node 18.0.0 is too old");
  });

  it("says on macOS how to run the tests", () => {
    expect(setUpOn("darwin", "test").out).toContain("--privileged elixir-cluster-lab npm test");
  });

  it("says nothing of it on Linux", () => {
    expect(setUpOn("linux", "demo").out).toBe("");
  });
});
