import { chmodSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildContextDigest } from "../../src/stacks/build-context";
import { scratchFolder } from "../scratch";
import { UserError } from "../../src/user-error";

let folder: string;
const write = (file: string, text: string) => {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), text);
};
const digest = () => buildContextDigest(folder, "Dockerfile");

beforeEach(() => {
  folder = scratchFolder("build-context");
  write("Dockerfile", "FROM scratch\n");
  write("lib/app.ex", "defmodule App do\nend\n");
});

describe("buildContextDigest", () => {
  it("is the same for the same content, wherever and whenever it was checked out", () => {
    const before = digest();
    expect(before).toMatch(/^[0-9a-f]{64}$/);
    utimesSync(path.join(folder, "lib/app.ex"), 1, 1);
    expect(digest()).toBe(before);
    const other = folder;
    folder = scratchFolder("build-context");
    write("lib/app.ex", "defmodule App do\nend\n");
    write("Dockerfile", "FROM scratch\n");
    expect(digest()).toBe(before);
    rmSync(other, { recursive: true });
  });

  it.each<[string, () => void]>([
    ["a file's content", () => write("lib/app.ex", "defmodule Other do\nend\n")],
    ["a new file", () => write("lib/new.ex", "")],
    ["a file's executable bit", () => chmodSync(path.join(folder, "lib/app.ex"), 0o755)],
    ["a link", () => symlinkSync("app.ex", path.join(folder, "lib/link.ex"))],
    ["the Dockerfile", () => write("Dockerfile", "FROM debian\n")],
    [
      "a file that moves",
      () => {
        rmSync(path.join(folder, "lib/app.ex"));
        write("lib/app2.ex", "defmodule App do\nend\n");
      },
    ],
  ])("changes with %s", (_, change) => {
    const before = digest();
    change();
    expect(digest()).not.toBe(before);
  });

  it("leaves out what .dockerignore does, but never the Dockerfile", () => {
    write(".dockerignore", "_build\n*.log\n!keep.log\nDockerfile\n");
    const before = digest();
    write("_build/prod/app.beam", "compiled");
    write("erl.log", "crash");
    expect(digest()).toBe(before);
    write("keep.log", "kept");
    const kept = digest();
    expect(kept).not.toBe(before);
    write("Dockerfile", "FROM debian\n");
    expect(digest()).not.toBe(kept);
  });

  it("says what is missing", () => {
    rmSync(path.join(folder, "Dockerfile"));
    expect(digest).toThrow(
      new UserError(`${folder}/Dockerfile does not exist: image.build names a folder with a Dockerfile`),
    );
  });
});
