// Stryker's configuration for `npm run mutants` (docs/CONTRIBUTING.md).
import jestConfig from "./jest.config.mjs";

/**
 * Folders whose tests must kill mutants: the least share of killed mutants in percent, and the tests to run, as paths
 * below __tests__. Stryker itself has one threshold for everything; bin/mutants.mjs checks these.
 */
export const folders = {
  "src/constructs": { threshold: 80, tests: ["constructs", "stacks"] },
  "src/environment": { threshold: 80, tests: ["environment", "environment.test.ts"] },
  "src/review/read": { threshold: 80, tests: ["review"] },
  "src/review/network": { threshold: 80, tests: ["review"] },
  "src/review/iam": { threshold: 80, tests: ["review"] },
  "src/review/cluster": { threshold: 80, tests: ["review"] },
  "src/lab/control-plane": { threshold: 70, tests: ["lab/control-plane", "lab/lab.test.ts"] },
};

const { displayName: _, testMatch: __, ...quick } = jestConfig.projects[0];

/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  testRunner: "jest-by-file",
  plugins: ["@stryker-mutator/jest-runner", "./bin/mutants/jest-by-file.mjs"],
  coverageAnalysis: "perTest",
  incremental: true,
  concurrency: 1,
  tempDirName: ".cache/mutants/sandbox",
  ignorePatterns: [".cache", "cdktf.out", "coverage", "elixir-app/**/_build", "elixir-app/**/deps"],
  reporters: ["clear-text", "progress-append-only"],
  clearTextReporter: { logTests: false, reportTests: false, reportMutants: true, reportScoreTable: false },
  // A mutant in an endless loop is found by its number of hits; on a busy machine slow tests must not count as killed.
  timeoutMS: 120_000,
  jest: {
    projectType: "custom",
    // package.json has no jest section, so that the configuration below is the whole one.
    configFile: "package.json",
    enableFindRelatedTests: false,
    // The project's own environment fails a test file that leaves something behind: a mutant may.
    config: { ...quick, testEnvironment: "jest-environment-node", testTimeout: jestConfig.testTimeout },
  },
};
