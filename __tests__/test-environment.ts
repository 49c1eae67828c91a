import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import NodeEnvironment from "jest-environment-node";
import { leftBehind, openHandles } from "./left-behind";

/**
 * Gives each test file a folder for temporary files of its own, and fails the file when it leaves something there, or a
 * process or handle that it opened. What the file makes by scratch.ts lies in another folder, which is removed for it.
 */
export default class TestEnvironment extends NodeEnvironment {
  private readonly home: string;
  private readonly before: NodeJS.ProcessEnv;
  private readonly handles = openHandles();
  private readonly file: string;

  constructor(...[config, context]: ConstructorParameters<typeof NodeEnvironment>) {
    const home = mkdtempSync(path.join(tmpdir(), "elixir-test-"));
    const folders = { TMPDIR: path.join(home, "tmp"), SCRATCH_OF_TEST: path.join(home, "own") };
    // A node that a test lets fail must not write its crash dump into the project.
    const variables = { ...folders, ERL_CRASH_DUMP_BYTES: "0" };
    const before = { TMPDIR: process.env.TMPDIR };
    for (const folder of Object.values(folders)) mkdirSync(folder);
    // Node's own modules read the real environment; a test's `process.env` is a copy that `super` makes.
    Object.assign(process.env, variables);
    super(config, context);
    this.home = home;
    this.before = before;
    this.file = path.relative(config.projectConfig.rootDir, context.testPath);
  }

  override async teardown(): Promise<void> {
    try {
      const left = await leftBehind(path.join(this.home, "tmp"), this.handles);
      if (left.length > 0) throw new Error(`${this.file} leaves behind:\n  ${left.join("\n  ")}`);
    } finally {
      if (this.before.TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = this.before.TMPDIR;
      delete process.env.SCRATCH_OF_TEST;
      delete process.env.ERL_CRASH_DUMP_BYTES;
      rmSync(this.home, { recursive: true, force: true });
      await super.teardown();
    }
  }
}
