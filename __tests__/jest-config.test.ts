import { readdirSync } from "node:fs";
import path from "node:path";
import jestConfig from "../jest.config.mjs";
import { projectRoot } from "../src/project-root";

const [quick, real] = jestConfig.projects as unknown as [{ testPathIgnorePatterns: string[] }, { testRegex: string[] }];
const testFiles = readdirSync(path.join(projectRoot, "__tests__"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts") && !file.startsWith("fixtures"))
  .map((file) => path.join(projectRoot, "__tests__", file));
const realPatterns = real.testRegex.map((pattern) => new RegExp(pattern));

it.each(realPatterns)("%s, tests that run for real, matches a file", (pattern) => {
  expect(testFiles.filter((file) => pattern.test(file))).not.toEqual([]);
});

it("runs each test file in one project", () => {
  const ignored = quick.testPathIgnorePatterns.map((pattern) => new RegExp(pattern));
  const inQuick = testFiles.filter((file) => !ignored.some((pattern) => pattern.test(file)));
  const inReal = testFiles.filter((file) => realPatterns.some((pattern) => pattern.test(file)));
  expect([...inQuick, ...inReal].sort()).toEqual([...testFiles].sort());
});
