import { mkdirSync, openSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { systemErrorText, systemReason } from "../src/system-error";
import { scratchFolder } from "./scratch";

const thrownBy = (action: () => unknown): unknown => {
  try {
    return action();
  } catch (error) {
    return error;
  }
};

describe("an error of the operating system", () => {
  const folder = scratchFolder("system-error");
  const at = (name: string) => path.join(folder, name);
  writeFileSync(at("file"), "");

  it.each([
    [
      "a folder in place of a file",
      () => mkdirSync(at("file"), { recursive: true }),
      "file can't be created: a file with this name exists.",
    ],
    [
      "a file in the middle",
      () => openSync(at("file/below"), "w"),
      "file/below can't be opened: a part of this path is a file, not a folder.",
    ],
    [
      "no folder",
      () => openSync(at("no/file"), "w"),
      "no/file can't be opened: it doesn't exist, or its folder doesn't.",
    ],
    ["a folder to write", () => writeFileSync(folder, ""), "can't be opened: it is a folder."],
    ["nothing to remove", () => rmdirSync(at("no")), "no can't be removed: it doesn't exist, or its folder doesn't."],
  ])("is a sentence: %s", (_name, action, text) => {
    expect(systemErrorText(thrownBy(action))).toMatch(text);
    expect(systemErrorText(thrownBy(action))).not.toContain("ENO");
  });

  it("is none without a file, or where it isn't known", () => {
    expect(systemErrorText(new Error("no"))).toBeUndefined();
    expect(systemErrorText("EACCES")).toBeUndefined();
    const closed = thrownBy(() => readFileSync(1_000_000));
    expect(systemErrorText(closed)).toBeUndefined();
    expect(systemReason(closed as Error)).toContain("EBADF");
  });
});
