import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import path from "node:path";
import { writeAll } from "../../src/adopt";
import { projectRoot } from "../../src/project-root";
import { specialFiles } from "../special-files";
import { Project } from "./project";

/** A project with a folder next to it that is not the project's. */
function siblings(): { project: Project; elsewhere: string; outer: Project } {
  const outer = new Project({ "elsewhere/.keep": "" });
  const project = Project.fixture("plain-sup", path.join(outer.root, "project"));
  return { project, elsewhere: path.join(outer.root, "elsewhere"), outer };
}

const byHand = (project: Project, file: string) =>
  project
    .plan()
    .findings.flatMap(({ step, edit }) => (step.file === file && edit.kind === "by-hand" ? [edit.why] : []));

describe("nothing is written outside the project", () => {
  it.each<[string, (project: Project, elsewhere: string) => void, string]>([
    ["a folder is a link", ({ root }) => symlinkSync("../elsewhere", path.join(root, "rel")), "rel/env.sh.eex"],
    [
      "a folder further up is a link",
      (project) => {
        project.replace("mix.exs", "deps: deps()", 'deps: deps(), rel_templates_path: "ops/rel/templates"');
        symlinkSync("../elsewhere", path.join(project.root, "ops"));
      },
      "ops/rel/templates/env.sh.eex",
    ],
    [
      "mix.exs names a folder above it",
      (project) => project.replace("mix.exs", "deps: deps()", 'deps: deps(), rel_templates_path: "../elsewhere"'),
      "../elsewhere/env.sh.eex",
    ],
    [
      "mix.exs names an absolute folder",
      (project, elsewhere) =>
        project.replace("mix.exs", "deps: deps()", `deps: deps(), rel_templates_path: "${elsewhere}"`),
      "/elsewhere/env.sh.eex",
    ],
    [
      "mix.exs is a link",
      ({ root }, elsewhere) => {
        renameSync(path.join(root, "mix.exs"), path.join(elsewhere, "mix.exs"));
        symlinkSync("../elsewhere/mix.exs", path.join(root, "mix.exs"));
      },
      "mix.exs",
    ],
    [
      "a link leads outside by another link inside",
      ({ root }) => {
        symlinkSync("../elsewhere", path.join(root, "shared"));
        symlinkSync("shared", path.join(root, "rel"));
      },
      "rel/vm.args.eex",
    ],
  ])("when %s", (_, change, named) => {
    const { project, elsewhere } = siblings();
    change(project, elsewhere);
    const before = readdirSync(elsewhere).map((file) => [file, readFileSync(path.join(elsewhere, file), "utf8")]);

    const file = named.startsWith("/") ? path.join(elsewhere, "env.sh.eex") : named;
    const [why] = byHand(project, file);
    expect(why).toMatch(/ is outside the project: .*\/elsewhere\b/);
    project.adopt();

    expect(readdirSync(elsewhere).map((one) => [one, readFileSync(path.join(elsewhere, one), "utf8")])).toEqual(before);
    // The rest is adopted, and the same remains by hand.
    expect(project.read("lib/ledger/application.ex")).toContain("Cluster.Supervisor");
    expect(byHand(project, file)).toEqual([why]);
  });

  it("shows by hand what would be written there", () => {
    const { project, elsewhere } = siblings();
    renameSync(path.join(project.root, "mix.exs"), path.join(elsewhere, "mix.exs"));
    symlinkSync("../elsewhere/mix.exs", path.join(project.root, "mix.exs"));
    expect(project.plan().findings[0]?.edit).toMatchObject({
      todo: "Make this change there, or put a file of the project in its place",
      lines: expect.stringMatching(/^\+ +\{:libcluster, /m),
    });
  });

  it("when a link leads nowhere", () => {
    const { project } = siblings();
    symlinkSync("../nowhere", path.join(project.root, "rel"));
    expect(byHand(project, "rel/env.sh.eex")).toEqual([
      `${path.join(project.root, "rel")} is a link that leads nowhere`,
    ]);
  });

  it("but through links that stay inside", () => {
    const { project } = siblings();
    mkdirSync(path.join(project.root, "ops"));
    symlinkSync("ops", path.join(project.root, "rel"));
    project.adopt();
    expect(existsSync(path.join(project.root, "ops/env.sh.eex"))).toBe(true);
  });

  it("and the project's own folder may be a link", () => {
    const { project, outer } = siblings();
    symlinkSync("project", path.join(outer.root, "link"));
    const root = path.join(outer.root, "link");
    writeAll(root, new Project({}, root).plan().changes);
    expect(project.read("mix.exs")).toContain(":libcluster");
  });

  it("when a link appears after the plan was made", () => {
    const { project, elsewhere } = siblings();
    const { changes } = project.plan();
    symlinkSync("../elsewhere", path.join(project.root, "rel"));
    expect(() => writeAll(project.root, changes)).toThrow("is outside the project");
    expect(readdirSync(elsewhere)).toEqual([".keep"]);
    expect(project.read("mix.exs")).not.toContain(":libcluster");
  });

  it.each(["lib", "lib/ledger/application.ex"])("when %s becomes a link while files are moved", (name) => {
    const { project, elsewhere } = siblings();
    const before = project.read("mix.exs");
    const { changes } = project.plan();
    let swapped = false;
    const rename: typeof renameSync = (from, to) => {
      renameSync(from, to);
      if (swapped) return;
      swapped = true;
      const place = path.join(project.root, name);
      renameSync(place, path.join(elsewhere, "moved"));
      symlinkSync(path.join(elsewhere, "moved"), place);
    };
    expect(() => writeAll(project.root, changes, rename)).toThrow(/Nothing was written.* has become a link/);
    expect(project.read("mix.exs")).toBe(before);
    const moved = path.join(elsewhere, "moved");
    const application = statSync(moved).isDirectory() ? path.join(moved, "ledger/application.ex") : moved;
    expect(readFileSync(application, "utf8")).not.toContain("Cluster.Supervisor");
  });

  it("when a link has the name of the draft", () => {
    const { project, elsewhere } = siblings();
    const { changes } = project.plan();
    const draft = path.join(project.root, `mix.exs.adopt-${process.pid}`);
    symlinkSync(path.join(elsewhere, "stolen"), draft);
    expect(() => writeAll(project.root, changes)).toThrow("Nothing was written");
    expect(existsSync(path.join(elsewhere, "stolen"))).toBe(false);
  });
});

const files = ["mix.exs", "config/runtime.exs", "config/dev.exs", "Dockerfile", "rel/env.sh.eex", "lib/shop/pipe.ex"];

describe("something else in place of a file", () => {
  // A folder may be called pipe.ex.
  const cases = specialFiles.flatMap(([kind, make]) => files.map((file) => [kind, file, make] as const));
  it.each(cases.filter(([kind, file]) => kind !== "a folder" || !file.startsWith("lib/")))(
    "is refused in one sentence: %s for %s",
    async (kind, file, make) => {
      const project = Project.fixture("phoenix-1.7");
      rmSync(path.join(project.root, file), { force: true });
      await make(path.join(project.root, file));
      expect(() => project.plan({ libcluster: true })).toThrow(
        `${path.join(project.root, file)} is ${kind}; a regular file is expected there.`,
      );
    },
  );

  it("doesn't hang the command", () => {
    const project = Project.fixture("plain-sup");
    execFileSync("mkfifo", [path.join(project.root, "config.fifo")]);
    renameSync(path.join(project.root, "config.fifo"), path.join(project.root, "Dockerfile"));
    const run = () =>
      execFileSync(process.execPath, ["bin/run.mjs", "src/cli.ts", "adopt", project.root, "--check"], {
        cwd: projectRoot,
        encoding: "utf8",
        stdio: "pipe",
        timeout: 25_000,
      });
    expect(run).toThrow(`error: ${project.root}/Dockerfile is a named pipe (FIFO); a regular file is expected there.`);
    expect(lstatSync(path.join(project.root, "Dockerfile")).isFIFO()).toBe(true);
  });
});
