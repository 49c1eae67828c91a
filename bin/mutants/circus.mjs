// Stryker's test runner for this project: jest's own test framework (jest-circus) in one process that keeps the test files
// loaded. A mutant is switched on at run time, so that it costs milliseconds; Stryker's jest runner starts jest again for
// each, which is a hundred times as long. Each test file has its own modules of the project, as in jest.
import { readFileSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import path from "node:path";
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from "@stryker-mutator/api/plugin";
import { determineHitLimitReached } from "@stryker-mutator/api/test-runner";
import { jestExpect } from "@jest/expect";
import { transformSync } from "@swc/core";
import * as circus from "jest-circus";
import { ModuleMocker } from "jest-mock";

/** In the sandbox, which is the working directory: Stryker starts a new process after a time-out. */
const coverageFile = "mutants-by-test-file.json";

/** Tests that take longer are run after the others, of all files: most mutants are killed before. */
const slowMs = 50;

const require = createRequire(import.meta.url);
const isOurs = (file) => file.startsWith(process.cwd()) && !file.includes(`${path.sep}node_modules${path.sep}`);

/** Compiles TypeScript as jest.config.mjs does, each file once. */
function compileTypeScript(options) {
  const compiled = new Map();
  Module._extensions[".ts"] = (module, filename) => {
    if (!compiled.has(filename))
      compiled.set(filename, transformSync(readFileSync(filename, "utf8"), { ...options, filename }).code);
    module._compile(compiled.get(filename), filename);
  };
}

/** Stryker's instrumented sources read and write this. */
const context = (globalThis.__stryker__ = { mutantCoverage: { static: {}, perTest: {} } });

function setUpGlobals() {
  const { describe, it, test, beforeAll, beforeEach, afterAll, afterEach } = circus;
  Object.assign(globalThis, { describe, it, test, beforeAll, beforeEach, afterAll, afterEach, expect: jestExpect });
  const mocker = new ModuleMocker(globalThis);
  globalThis.jest = {
    fn: mocker.fn.bind(mocker),
    spyOn: mocker.spyOn.bind(mocker),
    restoreAllMocks: mocker.restoreAllMocks.bind(mocker),
  };
  circus.addEventHandler(({ name, test }) => {
    if (name === "test_start") context.currentTestId = idOf(test);
    if (name === "test_done") context.currentTestId = undefined;
  });
  // A snapshot is a second net: it would kill each mutant that changes the output at all.
  const passes = () => ({ pass: true, message: () => "" });
  jestExpect.extend({ toMatchSnapshot: passes, toMatchInlineSnapshot: passes });
}

function idOf(test) {
  const names = [test.name];
  for (let block = test.parent; block?.parent; block = block.parent) names.unshift(block.name);
  return names.join(" ");
}

function* testsBelow(block) {
  for (const child of block.children) {
    if (child.type === "test") yield child;
    else yield* testsBelow(child);
  }
}

/** A test file, loaded: the tests that it defines, and the modules that it has. */
class TestFile {
  #modes = new Map();

  constructor(file) {
    this.file = file;
    for (const name of Object.keys(require.cache).filter(isOurs)) delete require.cache[name];
    circus.resetState();
    const state = circus.getState();
    state.parentProcess = process;
    require(path.resolve(file));
    this.state = state;
    this.tests = [...testsBelow(state.rootDescribeBlock)];
    for (const test of this.tests) this.#modes.set(test, test.mode);
  }

  /** Runs the tests of these ids, or all, up to the first that fails. */
  async run({ ids, bail, testTimeout }) {
    const environment = { ...process.env };
    const chosen = this.tests.filter((test) => ids === undefined || ids.has(idOf(test)));
    for (const test of this.tests)
      Object.assign(test, { mode: "skip", errors: [], status: null, numPassingAsserts: 0 });
    for (const test of chosen) test.mode = this.#modes.get(test);
    const stop = ({ name, test }) => {
      if (bail && name === "test_done" && test.errors.length > 0) for (const each of this.tests) each.mode = "skip";
    };
    this.state.unhandledErrors = [];
    this.state.testTimeout = testTimeout;
    circus.setState(this.state);
    circus.addEventHandler(stop);
    const { unhandledErrors } = await circus.run();
    circus.removeEventHandler(stop);
    for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
    Object.assign(process.env, environment);
    const done = chosen.filter(({ status }) => status === "done");
    return { done, failed: done.filter(({ errors }) => errors.length > 0), unhandledErrors };
  }
}

const message = (error) => String(Array.isArray(error) ? (error[0]?.message ?? error[0]) : (error?.message ?? error));

class CircusRunner {
  #files;
  #testTimeout;
  #budgetMs;
  #loaded = new Map();
  #coverage;

  constructor({ testFiles, swc, testTimeout, budgetMs }) {
    this.#budgetMs = budgetMs;
    this.#files = testFiles;
    this.#testTimeout = testTimeout;
    compileTypeScript(swc);
    setUpGlobals();
  }

  capabilities = () => ({ reloadEnvironment: true });

  #file(file) {
    if (!this.#loaded.has(file)) this.#loaded.set(file, new TestFile(file));
    return this.#loaded.get(file);
  }

  async dryRun() {
    const tests = [];
    const coverage = [];
    for (const file of this.#files) {
      const start = performance.now();
      context.mutantCoverage = { static: {}, perTest: {} };
      const { done, unhandledErrors } = await this.#file(file).run({ testTimeout: 600_000 });
      if (unhandledErrors.length > 0)
        return { status: "error", errorMessage: `${file}: ${message(unhandledErrors[0])}` };
      tests.push(
        ...done.map((test) => ({
          id: idOf(test),
          name: idOf(test),
          fileName: path.resolve(file),
          timeSpentMs: test.duration ?? 0,
          ...(test.errors.length > 0 ? { status: 1, failureMessage: message(test.errors[0]) } : { status: 0 }),
        })),
      );
      const ran = { milliseconds: performance.now() - start, coverage: context.mutantCoverage };
      const durations = Object.fromEntries(done.map((test) => [idOf(test), test.duration ?? 0]));
      coverage.push({ file, milliseconds: ran.milliseconds, durations, ...ran.coverage });
      const error = done.every(({ errors }) => errors.length === 0) && (await this.#failureOfSecondRun(file));
      if (error) return { status: "error", errorMessage: error };
    }
    writeFileSync(coverageFile, JSON.stringify(coverage));
    return { status: "complete", tests, mutantCoverage: merged(coverage) };
  }

  /**
   * A test file that changes what the next run of it finds, such as a list that a test uses up, would fail at every mutant
   * and count as its killer.
   */
  async #failureOfSecondRun(file) {
    const { failed, unhandledErrors } = await this.#file(file).run({ testTimeout: 600_000 });
    const error = failed[0]?.errors[0] ?? unhandledErrors[0];
    return error && `${file} passes once only in one process, so it says nothing about mutants: ${message(error)}`;
  }

  /** Runs the tests that reach the mutant until one fails, or until the time for one mutant is spent. */
  async mutantRun({ activeMutant, hitLimit }) {
    const { id } = activeMutant;
    this.#coverage ??= JSON.parse(readFileSync(coverageFile, "utf8")).sort((a, b) => a.milliseconds - b.milliseconds);
    Object.assign(context, { hitLimit, hitCount: hitLimit === undefined ? undefined : 0 });
    let nrOfTests = 0;
    for (const { file, ids, isStatic } of this.#plan(activeMutant)) {
      const result = await this.#runWith(id, file, ids, isStatic);
      const limit = determineHitLimitReached(context.hitCount, context.hitLimit);
      if (limit) return limit;
      nrOfTests += result.nrOfTests;
      if (result.status === "killed") return { ...result, nrOfTests };
    }
    return { status: "survived", nrOfTests };
  }

  /**
   * The tests that reach a mutant, by file: all of the file at the mirrored path, then the quick ones of the others, then
   * the slow ones, as long as there is time.
   */
  *#plan({ id, fileName }) {
    const mirrored = fileName.replace(/^.*\bsrc\/(.*)\.ts$/, "__tests__/$1.test.ts");
    const turns = [
      (file) => file === mirrored,
      (file, duration) => file !== mirrored && duration <= slowMs,
      (file, duration) => file !== mirrored && duration > slowMs,
    ];
    let left = this.#budgetMs;
    for (const isNow of turns) {
      for (const { file, static: whenLoaded, perTest, durations } of this.#coverage) {
        const isStatic = whenLoaded[id] !== undefined;
        const ids = new Set();
        for (const test of Object.keys(durations).sort((a, b) => durations[a] - durations[b])) {
          if (!isNow(file, durations[test]) || !(isStatic || perTest[test]?.[id])) continue;
          if (left < 0 && file !== mirrored) continue;
          ids.add(test);
          left -= durations[test];
        }
        if (ids.size > 0) yield { file, ids, isStatic };
      }
    }
  }

  /** A mutant of code that runs when a module is loaded, or before the first test, needs the file loaded again. */
  async #runWith(id, file, ids, isStatic) {
    try {
      // The file as it is without a mutant.
      const original = this.#file(file);
      context.activeMutant = id;
      const testFile = isStatic ? new TestFile(file) : original;
      const { done, failed, unhandledErrors } = await testFile.run({ ids, bail: true, testTimeout: this.#testTimeout });
      const error = failed[0]?.errors[0] ?? unhandledErrors[0];
      if (error === undefined) return { status: "survived", nrOfTests: done.length };
      return {
        status: "killed",
        killedBy: failed[0] ? [idOf(failed[0])] : [],
        failureMessage: message(error),
        nrOfTests: done.length,
      };
    } catch (error) {
      // The file can't even be loaded.
      return { status: "killed", killedBy: [], failureMessage: message(error), nrOfTests: 0 };
    } finally {
      context.activeMutant = undefined;
    }
  }
}

function merged(coverage) {
  const all = { static: {}, perTest: {} };
  for (const { static: whenLoaded, perTest } of coverage) {
    for (const [id, hits] of Object.entries(whenLoaded)) all.static[id] = (all.static[id] ?? 0) + hits;
    for (const [test, ids] of Object.entries(perTest)) {
      const known = (all.perTest[test] ??= {});
      for (const [id, hits] of Object.entries(ids)) known[id] = (known[id] ?? 0) + hits;
    }
  }
  return all;
}

export const strykerValidationSchema = { properties: { circus: { type: "object" } } };

const circusRunner = (options) => new CircusRunner(options.circus);
circusRunner.inject = tokens(commonTokens.options);

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, "circus", circusRunner)];
