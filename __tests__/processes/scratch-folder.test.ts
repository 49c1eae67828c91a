import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { execaSync } from "execa";
import { makeScratchFolder } from "../../src/processes/scratch-folder";
import { startTimeOf } from "../../src/processes/start-time";
import { scratchFolder } from "../scratch";

let parent: string;
beforeEach(() => (parent = scratchFolder("scratch")));

/** A folder with a file in it, named as if another process had made it. */
function folderOf(pid: number, start: string, namespace?: string): string {
  const [own] = /\.[a-z0-9]*-[^.]+$/.exec(makeScratchFolder(path.join(parent, "run")))!;
  const folder = path.join(parent, `run-${pid}.${start}${namespace === undefined ? own : `.${namespace}-a1B2c3`}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "terraform.tfstate"), "{}");
  return folder;
}

const makeAnother = () => makeScratchFolder(path.join(parent, "run"));

/** The id of a process that has ended. */
const ended = () => execaSync("sh", ["-c", "echo $$"]).stdout;

describe("a folder of a run", () => {
  it("is removed by a later run when its owner has ended", () => {
    const folder = folderOf(Number(ended()), "abc");
    makeAnother();
    expect(existsSync(folder)).toBe(false);
  });

  it("is removed when another process has its owner's id by now", () => {
    const folder = folderOf(process.pid, "1");
    makeAnother();
    expect(existsSync(folder)).toBe(false);
  });

  it("stays while its owner runs", () => {
    const own = makeAnother();
    const parents = folderOf(process.ppid, startTimeOf(process.ppid)!);
    makeAnother();
    expect([own, parents].filter((folder) => !existsSync(folder))).toEqual([]);
  });

  it("stays when its owner can't be seen from here, or nobody knows it", () => {
    const elsewhere = folderOf(Number(ended()), "abc", "elsewhere");
    const unknown = folderOf(Number(ended()), "unknown");
    const others = ["run-notes", "run-12.abc", "runner-1.a.b-c", "run-1.a.b-c.d"].map((name) =>
      path.join(parent, name),
    );
    others.forEach((folder) => mkdirSync(folder));
    makeAnother();
    expect([elsewhere, unknown, ...others].filter((folder) => !existsSync(folder))).toEqual([]);
  });

  it("is followed through no link", () => {
    const target = mkdtempSync(path.join(parent, "target-"));
    const name = path.basename(folderOf(Number(ended()), "abc"));
    rmSync(path.join(parent, name), { recursive: true });
    symlinkSync(target, path.join(parent, name));
    makeAnother();
    expect(existsSync(target)).toBe(true);
  });
});

describe("the start time of a process", () => {
  it("is the same at each look, and none of one that has ended", () => {
    expect(startTimeOf(process.pid)).toMatch(/^[0-9a-z]+$/);
    expect(startTimeOf(process.pid)).toBe(startTimeOf(process.pid));
    expect(startTimeOf(Number(ended()))).toBeUndefined();
  });
});
