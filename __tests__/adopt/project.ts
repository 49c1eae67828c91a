import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { planAdoption, readMixProject, writeAll, type AdoptionPlan } from "../../src/adopt";
import type { ProjectOptions } from "../../src/adopt/source/mix-project";
import { scratchFolder } from "../scratch";

export const fixtures = ["phoenix-1.6", "phoenix-1.7", "phoenix-1.8", "umbrella", "plain-sup", "existing-rel"];

const made: string[] = [];

afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A project in a folder of its own, removed when the tests of the file are over. */
export class Project {
  constructor(
    files: Readonly<Record<string, string>> = {},
    readonly root = realpathSync(scratchFolder("adopt")),
  ) {
    made.push(this.root);
    for (const [file, text] of Object.entries(files)) this.write(file, text);
  }

  /** @param root where it goes; default: a new temporary folder. */
  static fixture(name: string, root?: string): Project {
    const project = new Project({}, root);
    cpSync(path.join(__dirname, "../fixtures/adopt", name), project.root, { recursive: true });
    return project;
  }

  read(file: string): string {
    return readFileSync(path.join(this.root, file), "utf8");
  }

  bytes(file: string): Buffer {
    return readFileSync(path.join(this.root, file));
  }

  write(file: string, text: string | Buffer): void {
    mkdirSync(path.dirname(path.join(this.root, file)), { recursive: true });
    writeFileSync(path.join(this.root, file), text);
  }

  replace(file: string, from: string | RegExp, to: string): void {
    this.write(file, this.read(file).replace(from, to));
  }

  plan(options: ProjectOptions = {}): AdoptionPlan {
    return planAdoption(readMixProject(this.root, options));
  }

  adopt(options: ProjectOptions = {}): AdoptionPlan {
    const plan = this.plan(options);
    writeAll(this.root, plan.changes);
    return plan;
  }

  /** What the plan found for a file, as `kind: what`. */
  findings(file: string, plan = this.plan()): string[] {
    return plan.findings.filter(({ step }) => step.file === file).map(({ step, edit }) => `${edit.kind}: ${step.what}`);
  }

  git(...args: string[]): string {
    const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "core.autocrlf=false"];
    return execFileSync("git", [...identity, ...args], { cwd: this.root, encoding: "utf8" });
  }

  commit(): this {
    this.git("init", "--quiet");
    this.git("add", "--all", "--force");
    this.git("commit", "--quiet", "--message", "as it was");
    return this;
  }
}
