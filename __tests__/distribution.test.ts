import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { defaultDistributionPorts, epmdPort } from "../src/distribution";

const sources = path.join(__dirname, "../src");

function typescriptFiles(): string[] {
  return readdirSync(sources, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => path.join(sources, file));
}

/** Every number that is written in a file, outside text and comments. */
function numbersIn(file: string): number[] {
  const found: number[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNumericLiteral(node)) found.push(Number(node.text));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest));
  return found;
}

// The security group, the container, the image's EXPOSE and the review must not drift apart.
it("writes epmd's port and the default range in one module alone", () => {
  const ports: number[] = [epmdPort, defaultDistributionPorts.from, defaultDistributionPorts.to];
  const files = typescriptFiles().filter((file) => numbersIn(file).some((number) => ports.includes(number)));
  expect(files.map((file) => path.relative(sources, file))).toEqual(["distribution.ts"]);
});
