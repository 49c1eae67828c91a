import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { byFolder, figureLine, figuresOf, runsOf } from "../../bin/mutants/thresholds.mjs";
import { projectRoot } from "../../src/project-root";
import { folders as configured } from "../../stryker.config.mjs";

const folders = {
  "src/constructs": { threshold: 80, tests: ["constructs", "stacks"] },
  "src/review/read": { threshold: 80, tests: ["review"] },
  "src/review/network": { threshold: 70, tests: ["review"] },
};

const mutants = (fileName: string, statuses: Record<string, number>) =>
  Object.entries(statuses).flatMap(([status, count]) => Array.from({ length: count }, () => ({ fileName, status })));

describe("files are sorted into folders with a threshold", () => {
  const files = ["src/review/network/rules.ts", "src/constructs/literal.ts", "src/review/networks.ts", "src/cli.ts"];
  const { inFolders, others } = byFolder(files, folders);

  it("names those without one", () => {
    expect(inFolders).toEqual([
      { folder: "src/constructs", files: ["src/constructs/literal.ts"] },
      { folder: "src/review/network", files: ["src/review/network/rules.ts"] },
    ]);
    expect(others).toEqual(["src/review/networks.ts", "src/cli.ts"]);
  });

  it("runs folders with the same tests together", () => {
    const some = byFolder(["src/review/read/plan.ts", "src/review/network/rules.ts", "src/constructs/a.ts"], folders);
    expect(runsOf(some.inFolders, folders)).toEqual([
      { tests: ["constructs", "stacks"], files: ["src/constructs/a.ts"] },
      { tests: ["review"], files: ["src/review/read/plan.ts", "src/review/network/rules.ts"] },
    ]);
  });
});

describe("figures", () => {
  const figures = (statuses: Record<string, number>, file = "src/constructs/a.ts") =>
    figuresOf(mutants(file, statuses), byFolder([file], folders).inFolders, folders);

  it("count a time-out as killed, a mutant that no test reaches as alive, and refused ones not at all", () => {
    expect(
      figures({ Killed: 7, Timeout: 1, Survived: 1, NoCoverage: 1, RuntimeError: 5, CompileError: 5, Ignored: 5 }),
    ).toEqual([
      {
        folder: "src/constructs",
        mutants: 10,
        killed: 7,
        timeouts: 1,
        survived: 1,
        notCovered: 1,
        score: 80,
        threshold: 80,
        enough: true,
      },
    ]);
  });

  it("are held against the folder's own threshold", () => {
    const [network] = figures({ Killed: 7, Survived: 3 }, "src/review/network/a.ts");
    const [constructs] = figures({ Killed: 7, Survived: 3 });
    expect([network!.enough, constructs!.enough]).toEqual([true, false]);
  });

  it("don't round up to the threshold", () => {
    const [just] = figures({ Killed: 7999, Survived: 2001 });
    expect(figureLine(just!)).toBe(
      "TOO FEW  src/constructs: 79.9 % of 10000 mutants killed (at least 80 %): " +
        "7999 killed, 0 timed out, 2001 survived, 0 not covered by a test",
    );
  });
});

describe("npm run mutants", () => {
  const mutate = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["bin/mutants.mjs", ...args], {
      cwd: projectRoot,
      encoding: "utf8",
    });
    return { status, said: stdout + stderr };
  };

  it.each([
    [["src/cli.ts"], "mutants: no threshold for src/cli.ts: files of src/constructs, "],
    [["src/nowhere.ts"], "mutants: src/nowhere.ts does not exist"],
    [["--since", "no-such-branch"], 'mutants: git can\'t compare with "no-such-branch"'],
    [["--concurrency", "all", "src/constructs"], 'mutants: --concurrency is "all"'],
    [["--fast"], "mutants: Unknown option '--fast'"],
  ])("refuses %j", (args, message) => {
    const { status, said } = mutate(...args);
    expect(said).toContain(message);
    expect(status).toBe(2);
  });

  it("does nothing where no file of such a folder has changed", () => {
    const { status, said } = mutate("--since", "HEAD");
    expect(said).toContain("mutants: nothing to do, no source file of src/constructs, ");
    expect(status).toBe(0);
  });

  it.each(Object.entries(configured))("%s is a folder, and its tests are there", (folder, { tests }) => {
    expect(readdirSync(path.join(projectRoot, folder))).not.toEqual([]);
    expect(tests.filter((name) => !existsSync(path.join(projectRoot, "__tests__", name.replace("!", ""))))).toEqual([]);
  });
});
