import { chmodSync, lstatSync, readdirSync, renameSync, statSync, symlinkSync } from "node:fs";
import path from "node:path";
import { writeAll, writeTogether } from "../../src/adopt";
import { Project } from "./project";

const change = (file: string, before: string | undefined, after: string) => ({
  file,
  before: before === undefined ? undefined : Buffer.from(before),
  after: Buffer.from(after),
});
const changes = [
  change("a.txt", "old a\n", "new a\n"),
  change("new/deep/b.txt", undefined, "new b\n"),
  change("c.txt", "old c\n", "new c\n"),
];

function project(): Project {
  return new Project({ "a.txt": "old a\n", "c.txt": "old c\n" });
}

describe("writeAll", () => {
  it("writes every file and leaves nothing else", () => {
    const { root } = project();
    writeAll(root, changes);
    expect(readdirSync(root, { recursive: true }).sort()).toEqual([
      "a.txt",
      "c.txt",
      "new",
      path.join("new", "deep"),
      path.join("new", "deep", "b.txt"),
    ]);
  });

  it.each([0, 1, 2])("puts all back when move %i fails", (failing) => {
    const before = project();
    let moves = 0;
    const rename: typeof renameSync = (from, to) => {
      if (moves++ === failing) throw new Error("EIO: i/o error");
      renameSync(from, to);
    };
    expect(() => writeAll(before.root, changes, rename)).toThrow(
      "Nothing was written, all files are as they were: EIO: i/o error",
    );
    expect(readdirSync(before.root).sort()).toEqual(["a.txt", "c.txt"]);
    expect(before.read("a.txt") + before.read("c.txt")).toBe("old a\nold c\n");
  });

  it("puts back what was written in one folder when another can't be written", () => {
    const [before, other] = [project(), project()];
    other.write("new", "a file where a folder must be");
    const places = [before.root, other.root].map((root) => ({ root, changes }));
    expect(() => writeTogether(places)).toThrow(
      /^Nothing was written, all files are as they were: .*new.* can't be (created|opened): /,
    );
    expect(readdirSync(before.root).sort()).toEqual(["a.txt", "c.txt"]);
    expect(before.read("a.txt") + before.read("c.txt")).toBe("old a\nold c\n");
  });

  it("restores all files when a temporary file can't be written", () => {
    const before = project();
    before.write("new", "a file where a folder must be");
    expect(() => writeAll(before.root, changes)).toThrow("Nothing was written, all files are as they were");
    expect(readdirSync(before.root).sort()).toEqual(["a.txt", "c.txt", "new"]);
    expect(before.read("a.txt")).toBe("old a\n");
  });

  it("refuses when a file was edited since the plan was made", () => {
    const before = project();
    before.write("c.txt", "edited meanwhile\n");
    expect(() => writeAll(before.root, changes)).toThrow("c.txt was changed in the meantime; nothing was written.");
    expect(before.read("a.txt")).toBe("old a\n");
  });

  it("keeps modes, and changes the file that a link points to", () => {
    const before = project();
    chmodSync(path.join(before.root, "a.txt"), 0o755);
    before.write("real.txt", "old\n");
    symlinkSync("real.txt", path.join(before.root, "link.txt"));

    writeAll(before.root, [...changes, change("link.txt", "old\n", "new\n")]);

    expect(statSync(path.join(before.root, "a.txt")).mode & 0o777).toBe(0o755);
    expect(lstatSync(path.join(before.root, "link.txt")).isSymbolicLink()).toBe(true);
    expect(before.read("real.txt")).toBe("new\n");
  });
});
