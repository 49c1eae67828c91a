import { readFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "../../src/environment";
import { environmentsApp } from "../../src/stacks/environments-app";
import { synthesize } from "../../src/stacks/synthesis";
import { exampleFile, exampleNames } from "../examples";
import { scratchFolder } from "../scratch";

/** What synthesis reports, and the stacks that it writes. */
function synthesized(name: string) {
  const messages: string[] = [];
  const environments = parseEnvironments(readFileSync(exampleFile(name), "utf8"), name);
  const stacks = synthesize(environmentsApp(environments, scratchFolder("out")), (line) => messages.push(line));
  return { messages, stacks, environments: Object.keys(environments) };
}

describe.each(exampleNames)("examples/%s", (name) => {
  it("is synthesized without an error", () => {
    const { messages, stacks, environments } = synthesized(name);
    expect(messages.filter((message) => message.startsWith("error"))).toEqual([]);
    expect(stacks).toEqual(expect.arrayContaining(environments));
  });

  it("has a short README with the command that synthesizes it", () => {
    const readme = readFileSync(path.join(path.dirname(exampleFile(name)), "README.md"), "utf8");
    const lines = readme.split("\n").filter((line) => line !== "");
    expect(lines.length).toBeLessThanOrEqual(10);
    expect(lines).toContain(`ENVIRONMENTS_FILE=examples/${name}/environments.json npm run synth`);
  });
});

it("examples/README.md lists every example", () => {
  const index = readFileSync(path.join(__dirname, "..", "..", "examples", "README.md"), "utf8");
  const listed = [...index.matchAll(/\]\(([\w-]+)\/README\.md\)/g)].map(([, name]) => name);
  expect(listed.sort()).toEqual([...exampleNames].sort());
});

it("warns only where an example opens egress", () => {
  const warned = exampleNames.filter((name) => synthesized(name).messages.length > 0);
  expect(warned).toEqual(["every-option"]);
});
