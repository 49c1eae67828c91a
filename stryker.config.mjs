// Stryker's configuration for `npm run mutants` (docs/CONTRIBUTING.md).
import jestConfig from "./jest.config.mjs";

/** The review's tests but for its drawings, and for plans that are mutated at random. */
const review = ["review", "!review/render", "!review/read/fuzz.test.ts"];

/** The control plane's tests but for those with local AWS, which start a process, and rollouts that are made at random. */
const controlPlane = [
  "lab/control-plane",
  "!lab/control-plane/applied/applied-to-local-aws.test.ts",
  "!lab/control-plane/scheduler-at-random.test.ts",
];

/**
 * Folders whose tests must kill mutants: the least share of killed mutants in percent, and the tests to run, as paths
 * below __tests__; `!` excludes one. Stryker itself has one threshold for everything; bin/mutants.mjs checks these.
 */
export const folders = {
  "src/constructs": { threshold: 80, tests: ["constructs", "stacks"] },
  "src/environment": { threshold: 80, tests: ["environment", "environment.test.ts"] },
  "src/review/read": { threshold: 80, tests: review },
  "src/review/network": { threshold: 80, tests: review },
  "src/review/iam": { threshold: 80, tests: review },
  "src/review/cluster": { threshold: 80, tests: review },
  "src/lab/control-plane": { threshold: 70, tests: controlPlane },
};

/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  testRunner: "circus",
  plugins: ["./bin/mutants/circus.mjs"],
  circus: {
    swc: Object.values(jestConfig.projects[0].transform)[0][1],
    // A test that waits for what a mutant prevents.
    testTimeout: 20_000,
    // A mutant has survived when this much of the tests that reach it has passed, the quickest first; else each survivor
    // would run nearly all tests of its folder.
    budgetMs: 3_000,
  },
  coverageAnalysis: "perTest",
  incremental: true,
  concurrency: 1,
  tempDirName: ".cache/mutants/sandbox",
  ignorePatterns: [".cache", "cdktf.out", "coverage", "elixir-app/**/_build", "elixir-app/**/deps"],
  reporters: ["clear-text", "progress-append-only"],
  clearTextReporter: { logTests: false, reportTests: false, reportMutants: true, reportScoreTable: false },
  // A mutant in an endless loop is found by its number of hits; on a busy machine slow tests must not count as killed.
  timeoutMS: 20_000,
};
