import { symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";
import { readEnvironment } from "../src/operations/deployed-environment";
import { projectRoot } from "../src/project-root";
import { readRegularFile, readTextFile } from "../src/regular-file";
import { buildContextDigest } from "../src/stacks/build-context";
import { specialFiles } from "./special-files";
import { scratchFolder } from "./scratch";

let folder: string;
const at = (name: string) => path.join(folder, name);

beforeEach(() => {
  folder = scratchFolder("regular-file");
});

describe("readRegularFile", () => {
  it("reads every byte, through links too", () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));
    writeFileSync(at("file"), bytes);
    symlinkSync("file", at("link"));
    expect(readRegularFile(at("file"))).toEqual(bytes);
    expect(readRegularFile(at("link"))).toEqual(bytes);
  });

  it("reads what says that it holds nothing", () => {
    expect(readTextFile("/proc/self/status")).toContain("Pid:");
  });

  it("finds no file where there is none, or where a link leads nowhere", () => {
    writeFileSync(at("file"), "");
    symlinkSync("nothing", at("link"));
    expect([at("nothing"), at("link"), at("file/below")].map((file) => readRegularFile(file))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each(specialFiles)("doesn't read %s", async (kind, make) => {
    await make(at("special"));
    expect(() => readRegularFile(at("special"))).toThrow(
      `${at("special")} is ${kind}; a regular file is expected there.`,
    );
  });

  it("doesn't read a device, of which /dev/zero never ends", () => {
    expect(() => readRegularFile("/dev/zero")).toThrow("/dev/zero is a device; a regular file is expected there.");
  });

  it("doesn't read more than the limit", () => {
    writeFileSync(at("file"), Buffer.alloc(1024 * 1024 + 1));
    expect(() => readRegularFile(at("file"), 1024 * 1024)).toThrow(`${at("file")} is larger than 1 MiB`);
    expect(readRegularFile(at("file"), 1024 * 1024 + 1)).toHaveLength(1024 * 1024 + 1);
    // Its size is given as 0.
    expect(() => readRegularFile("/proc/self/maps", 10)).toThrow("/proc/self/maps is larger than");
  });

  it("names links that lead in a circle", () => {
    symlinkSync("b", at("a"));
    symlinkSync("a", at("b"));
    expect(() => readRegularFile(at("a"))).toThrow(`${at("a")} can't be read: its links lead in a circle.`);
  });
});

describe("the environments file", () => {
  it.each(specialFiles)("is refused by every operation when it is %s", async (kind, make) => {
    await make(at("environments.json"));
    expect(() => readEnvironment(at("environments.json"), "prod")).toThrow(
      `${at("environments.json")} is ${kind}; a regular file is expected there. Name the environments file with --environments`,
    );
  });

  it.each(specialFiles)("is refused by synth, in one sentence, when it is %s", async (kind, make) => {
    await make(at("environments.json"));
    const { exitCode, stderr } = await execa(process.execPath, [path.join("bin", "run.mjs"), "main.ts"], {
      cwd: projectRoot,
      env: { ENVIRONMENTS_FILE: at("environments.json"), CDKTF_OUTDIR: at("out") },
      reject: false,
      timeout: 25_000,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toBe(`${at("environments.json")} is ${kind}; a regular file is expected there.`);
  });
});

describe("a build context", () => {
  it.each(specialFiles)("is refused when its Dockerfile is %s", async (kind, make) => {
    await make(at("Dockerfile"));
    expect(() => buildContextDigest(folder, "Dockerfile")).toThrow(
      `${at("Dockerfile")} is ${kind}; a regular file is expected there.`,
    );
  });

  it.each(specialFiles)("is refused when its .dockerignore is %s", async (kind, make) => {
    writeFileSync(at("Dockerfile"), "FROM scratch\n");
    await make(at(".dockerignore"));
    expect(() => buildContextDigest(folder, "Dockerfile")).toThrow(
      `${at(".dockerignore")} is ${kind}; a regular file is expected there.`,
    );
  });

  it.each(specialFiles.filter(([kind]) => kind !== "a folder"))(
    "says what to do about %s in it",
    async (kind, make) => {
      writeFileSync(at("Dockerfile"), "FROM scratch\n");
      await make(at("special"));
      expect(() => buildContextDigest(folder, "Dockerfile")).toThrow(
        `${at("special")} is ${kind}. Remove it from the build context, or list it in .dockerignore.`,
      );
      writeFileSync(at(".dockerignore"), "special\n");
      expect(buildContextDigest(folder, "Dockerfile")).toMatch(/^[0-9a-f]{64}$/);
    },
  );
});
