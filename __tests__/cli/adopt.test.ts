import { adoptCommand } from "../../src/cli/adopt";
import { Project } from "../adopt/project";

/** Runs the command as a terminal would, without one to ask on. */
async function adopt(...args: string[]): Promise<{ code: unknown; output: string }> {
  let output = "";
  const write = jest.spyOn(process.stdout, "write").mockImplementation((text) => {
    output += String(text);
    return true;
  });
  const command = adoptCommand()
    .exitOverride()
    .configureOutput({ writeErr: (text) => (output += text) });
  try {
    await command.parseAsync(args, { from: "user" });
    return { code: process.exitCode, output };
  } catch (error) {
    return { code: (error as { exitCode?: number }).exitCode, output };
  } finally {
    process.exitCode = undefined;
    write.mockRestore();
  }
}

describe("adopt", () => {
  it("only reports with --check, and says by its exit code that something is missing", async () => {
    const project = Project.fixture("phoenix-1.7").commit();
    const { code, output } = await adopt("--check", project.root);
    expect(code).toBe(1);
    expect(output).toContain("ok       mix.exs: the dependency dns_cluster\n");
    expect(output).toContain("missing  rel/env.sh.eex: ");
    expect(await adopt("--check", "--libcluster", project.root)).toMatchObject({
      code: 1,
      output: expect.stringContaining("missing  mix.exs: the dependency libcluster\n"),
    });
    expect(project.git("status", "--porcelain")).toBe("");
  });

  it.each([
    ["", "lib/shop_web/endpoint.ex", 5],
    ["--libcluster", "mix.exs", 11],
  ])("shows a diff and writes with --yes %s; the second run has nothing to do", async (option, changed, count) => {
    const project = Project.fixture("phoenix-1.7").commit();
    const options = ["--yes", ...(option ? [option] : [])];

    const first = await adopt(...options, project.root);
    const diff = `--- a/${changed}\n+++ b/${changed}\n@@ `;
    expect(first).toMatchObject({ code: 0, output: expect.stringContaining(diff) });
    expect(first.output).toContain(`Wrote ${count} files.`);
    const files = project.git("status", "--porcelain", "--untracked-files=all").trimEnd().split("\n");
    expect(files).toHaveLength(count);

    const second = await adopt(...options, project.root);
    expect(second).toMatchObject({ code: 0, output: expect.stringMatching(/\nNothing to do\.\n$/) });
    expect((await adopt("--check", project.root)).code).toBe(0);
  });

  it("refuses a tree with changes that aren't committed, unless forced", async () => {
    const project = Project.fixture("plain-sup").commit();
    project.write("notes.txt", "mine\n");

    const refused = await adopt("--yes", project.root);
    expect(refused).toMatchObject({ code: 2, output: expect.stringContaining("  ?? notes.txt\nCommit or stash them") });
    expect(project.read("mix.exs")).not.toContain("libcluster");

    expect((await adopt("--yes", "--force", project.root)).code).toBe(0);
    expect(project.read("mix.exs")).toContain("libcluster");
  });

  it("adopts the Dockerfile that --dockerfile names", async () => {
    const project = Project.fixture("phoenix-1.7");
    project.write("ops/Dockerfile", project.read("Dockerfile"));
    project.commit();

    await adopt("--yes", "--dockerfile", "ops/Dockerfile", project.root);
    expect(project.read("ops/Dockerfile")).toContain("VOLUME /tmp");
    expect(project.read("Dockerfile")).not.toContain("VOLUME /tmp");
  });

  it("says so when the project isn't under git, and goes on", async () => {
    const project = Project.fixture("plain-sup");
    const { code, output } = await adopt("--yes", project.root);
    expect(code).toBe(0);
    expect(output).toContain("This project isn't under git");
  });

  it("writes nothing where it can't ask", async () => {
    const project = Project.fixture("plain-sup").commit();
    const { code, output } = await adopt(project.root);
    expect(code).toBe(2);
    expect(output).toContain(
      "error: Nothing was written: there is no terminal to ask on. Add --yes to write what is listed above; --check only reports.",
    );
    expect(project.git("status", "--porcelain")).toBe("");
  });

  it("prints the lines that it doesn't write, and where they go", async () => {
    const { output } = await adopt("--check", Project.fixture("existing-rel").root);
    expect(output).toContain(
      "Dockerfile: a command that gets SIGTERM\n" +
        "Not edited, since CMD is in shell form, so SIGTERM reaches a shell that doesn't forward it. Put this in its place:\n\n" +
        '    CMD ["/app/bin/bank", "start"]\n',
    );
  });

  it("refuses a folder without a mix project, without a stack trace", async () => {
    const { root } = new Project();
    expect(await adopt(root)).toEqual({
      code: 2,
      output: `error: ${root} has no mix.exs. Give the folder of a mix project.\n`,
    });
  });
});
