// Stryker's jest runner, one test file at a time: a mutant runs in the files alone whose tests reach it, the quickest
// first, until one of them fails. Stryker's own runner loads every test file for every mutant.
import { readFileSync, writeFileSync } from "node:fs";
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from "@stryker-mutator/api/plugin";
import { strykerPlugins as jestPlugins } from "@stryker-mutator/jest-runner";

/** In the sandbox, which is the working directory: Stryker starts a new process after a time-out. */
const reachFile = "mutants-by-test-file.json";

const [jestPlugin] = jestPlugins;
const copy = (value) => JSON.parse(JSON.stringify(value ?? {}));

class JestByFile {
  #jest;
  #testFiles;
  #reach;
  #testFile;

  constructor(jest, testFiles) {
    this.#jest = jest;
    this.#testFiles = testFiles;
    const adapter = jest.jestTestAdapter;
    const run = adapter.run.bind(adapter);
    adapter.run = (settings) => run({ ...settings, testFiles: [this.#testFile] });
  }

  init = () => this.#jest.init();
  capabilities = () => this.#jest.capabilities();

  async dryRun(options) {
    const tests = [];
    const reach = [];
    let coverage = { static: {}, perTest: {} };
    for (const testFile of this.#testFiles) {
      this.#testFile = testFile;
      const start = performance.now();
      const result = await this.#jest.dryRun(options);
      if (result.status !== "complete") return result;
      tests.push(...result.tests);
      const before = coverage;
      coverage = { static: {}, perTest: {}, ...copy(result.mutantCoverage) };
      reach.push({
        testFile,
        milliseconds: performance.now() - start,
        whenLoaded: Object.keys(coverage.static).filter((id) => coverage.static[id] !== before.static[id]),
        perTest: Object.fromEntries(
          result.tests.flatMap(({ id }) => (coverage.perTest[id] ? [[id, Object.keys(coverage.perTest[id])]] : [])),
        ),
      });
    }
    writeFileSync(reachFile, JSON.stringify(reach));
    return { status: "complete", tests, mutantCoverage: coverage };
  }

  async mutantRun(options) {
    this.#reach ??= JSON.parse(readFileSync(reachFile, "utf8")).sort((a, b) => a.milliseconds - b.milliseconds);
    let nrOfTests = 0;
    for (const { testFile, whenLoaded, perTest } of this.#reach) {
      const { id } = options.activeMutant;
      const testFilter = Object.keys(perTest).filter((test) => perTest[test].includes(id));
      const loads = whenLoaded.includes(id);
      if (!loads && testFilter.length === 0) continue;
      this.#testFile = testFile;
      const result = await this.#jest.mutantRun({ ...options, testFilter: loads ? undefined : testFilter });
      if (result.status !== "survived") return result;
      nrOfTests += result.nrOfTests;
    }
    return { status: "survived", nrOfTests };
  }
}

function jestByFile(injector, options) {
  const testFiles = options.jest.config.testMatch.map((each) => each.replace("<rootDir>/", ""));
  return new JestByFile(injector.injectFunction(jestPlugin.factory), testFiles);
}
jestByFile.inject = tokens(commonTokens.injector, commonTokens.options);

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, "jest-by-file", jestByFile)];
