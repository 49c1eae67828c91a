/** Packages that ship ES modules alone; jest runs CommonJS, so these are compiled like our own sources. */
const esModulesOnly = ["execa", "listr2", "@hpcc-js"];

export default {
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "/fixtures/"],
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out", "<rootDir>/.cache", "<rootDir>/elixir-app"],
  transform: {
    "\\.[mc]?[jt]s$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } }],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esModulesOnly.join("|")})/)`],
  // Two cores are what a small CI machine has; Terraform, moto and the BEAM want the second one.
  maxWorkers: 2,
  testTimeout: 30_000,
};
