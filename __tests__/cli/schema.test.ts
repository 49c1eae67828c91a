import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { schemaCommand } from "../../src/cli/schema";
import { environmentsJsonSchema } from "../../src/environment";

describe("schema", () => {
  let folder: string;
  let file: string;
  let said: string[];

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "schema-"));
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
    expect(process.exitCode).toBeUndefined();
  });

  it("finds a file out of date, leaves it so, and exits with 1", async () => {
    writeFileSync(file, "{}\n");
    await run("--check");
    expect(said).toEqual([`error: ${file} is out of date: run npm run schema`]);
    expect(process.exitCode).toBe(1);
    expect(readFileSync(file, "utf8")).toBe("{}\n");
  });

  it("finds a file that isn't there out of date", async () => {
    await run("--check");
    expect(process.exitCode).toBe(1);
  });
});
