import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";
import { schemaCommand } from "../../src/cli/schema";
import { environmentsJsonSchema } from "../../src/environment";
import { projectRoot } from "../../src/project-root";
import { scratchFolder } from "../scratch";

describe("schema", () => {
  let folder: string;
  let file: string;
  let said: string[];

  beforeEach(() => {
    folder = scratchFolder("schema");
    file = path.join(folder, "environments.schema.json");
    said = [];
    for (const stream of [process.stdout, process.stderr])
      jest.spyOn(stream, "write").mockImplementation((text) => said.push(String(text).trimEnd()) > 0);
  });

  afterEach(() => {
    jest.restoreAllMocks();
    process.exitCode = undefined;
    rmSync(folder, { recursive: true });
  });

  const run = (...args: string[]) => schemaCommand().parseAsync([file, ...args], { from: "user" });

  it("writes the schema, and then has nothing to do", async () => {
    await run();
    await run();
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(environmentsJsonSchema());
    expect(said).toEqual([`wrote ${file}`, `${file} is current`]);
  });

  it("finds a current file current", async () => {
    await run();
    await run("--check");
    expect(said.at(-1)).toBe(`${file} is current`);
    expect(process.exitCode).toBe(0);
  });

  it("finds a file out of date, leaves it so, and exits with 1", async () => {
    writeFileSync(file, "{}\n");
    await run("--check");
    expect(said).toEqual([`error: ${file} is out of date: run npm run schema`]);
    expect(process.exitCode).toBe(1);
    expect(readFileSync(file, "utf8")).toBe("{}\n");
  });

  it("replaces an older schema, and no other file without --yes where it can't ask", async () => {
    // GIVEN an older schema, and the environments themselves
    const { title } = environmentsJsonSchema() as { title: string };
    writeFileSync(file, JSON.stringify({ title, old: true }));
    const environments = path.join(folder, "environments.json");
    writeFileSync(environments, '{ "prod": {} }');
    const npmRun = (...args: string[]) =>
      execa("npm", ["run", "schema", "--", ...args], { cwd: projectRoot, reject: false, stdin: "ignore" });
    // WHEN, THEN
    expect((await npmRun(file)).stdout).toContain(`wrote ${file}`);
    const { exitCode, stderr } = await npmRun(environments);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("Nothing was written: there is no terminal to ask on. Add --yes");
    expect(readFileSync(environments, "utf8")).toBe('{ "prod": {} }');
    // AND with --yes
    expect((await npmRun(environments, "--yes")).exitCode).toBe(0);
    expect(JSON.parse(readFileSync(environments, "utf8"))).toEqual(environmentsJsonSchema());
  });

  it("finds a file that isn't there out of date", async () => {
    await run("--check");
    expect(process.exitCode).toBe(1);
  });
});
