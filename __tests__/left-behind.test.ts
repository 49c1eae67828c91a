import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { leftBehind, openHandles } from "./left-behind";
import { scratchFolder } from "./scratch";

describe("what a test file leaves behind", () => {
  const folder = scratchFolder("left");
  const left = () => leftBehind(folder, before, 0);
  let before: ReturnType<typeof openHandles>;
  beforeEach(() => (before = openHandles()));

  it("is nothing at first", async () => expect(await left()).toEqual([]));

  it("is a folder and a file", async () => {
    mkdirSync(path.join(folder, "a-folder"));
    writeFileSync(path.join(folder, "a-file"), "");
    expect(await left()).toEqual(["file or folder: a-file", "file or folder: a-folder"]);
    for (const name of ["a-folder", "a-file"]) rmSync(path.join(folder, name), { recursive: true });
  });

  it("is not what Mix keeps for its next run", async () => {
    const own = ["mix_lock_ZGVmYXVsdA", "mix_pubsub_ZGVmYXVsdA"];
    for (const name of own) mkdirSync(path.join(folder, name));
    expect(await left()).toEqual([]);
    for (const name of own) rmSync(path.join(folder, name), { recursive: true });
  });

  (process.platform === "linux" ? it : it.skip)("is a process, also one that its parent has left", async () => {
    const TMPDIR = path.join(folder, "below");
    const parent = spawn("sh", ["-c", "sleep 987 >&- 2>&- & echo $!"], { env: { ...process.env, TMPDIR } });
    const [output] = (await once(parent.stdout, "data")) as [Buffer];
    if (parent.exitCode === null) await once(parent, "close");
    const pid = Number(output.toString());
    expect(await left()).toContain(`process ${pid}: sleep 987`);
    process.kill(pid, "SIGKILL");
    expect(await leftBehind(folder, openHandles())).toEqual([]);
  });

  it("is a server that listens", async () => {
    const server = createServer().listen(0);
    await once(server, "listening");
    expect(await left()).toEqual(["open handles: 1 × TCPServerWrap"]);
    server.close();
    await once(server, "close");
    expect(await leftBehind(folder, before)).toEqual([]);
  });

  it("is a timer that nobody clears", async () => {
    const timer = setTimeout(() => undefined, 3_600_000);
    expect(await left()).toEqual(["open handles: 1 × Timeout"]);
    clearTimeout(timer);
    expect(await left()).toEqual([]);
  });

  it("is looked for in a folder of each test file", () => {
    expect(path.dirname(tmpdir())).toBe(path.dirname(process.env.SCRATCH_OF_TEST!));
    expect(path.basename(path.dirname(tmpdir()))).toMatch(/^elixir-test-/);
  });
});
