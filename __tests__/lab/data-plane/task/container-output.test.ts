import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ContainerOutput } from "../../../../src/lab/data-plane/task/container-output";
import { scratchFolder } from "../../../scratch";

describe("what a container writes", () => {
  const folder = scratchFolder("output");

  it("is in the file once it has ended, and reaches the reader line by line, the last one also without an end", async () => {
    const lines: string[] = [];
    const file = path.join(folder, "app.log");
    const output = new ContainerOutput((line, stream) => lines.push(`${stream}: ${line}`), file);
    output.write("listening\nter", "stdout");
    output.write("oops", "stderr");
    output.write("minating\n", "stdout");
    await output.end();
    expect(readFileSync(file, "utf8")).toBe("listening\nteroopsminating\n");
    expect(output.log).toBe("listening\nteroopsminating\n");
    expect(lines).toEqual(["stdout: listening", "stdout: terminating", "stderr: oops"]);
  });

  it("ends even where the file can't be written", async () => {
    const file = path.join(folder, "folder.log");
    mkdirSync(file);
    const output = new ContainerOutput(undefined, file);
    output.write("listening\n", "stdout");
    await output.end();
    expect(output.log).toBe("listening\n");
  });
});
