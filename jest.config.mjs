/** Large packages that ship CommonJS. Others may be ES modules alone, as execa and all it needs: they are compiled like our own sources. */
const commonJs = ["@aws-sdk", "@cdktf", "@smithy", "ajv", "cdktf", "constructs", "fast-check", "typescript", "zod"];

export default {
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "/fixtures/"],
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out", "<rootDir>/.cache", "<rootDir>/elixir-app"],
  transform: {
    "\\.[mc]?[jt]s$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(${commonJs.join("|")})/`],
  // execa's; its package.json offers `import` alone.
  moduleNameMapper: { "^unicorn-magic$": "<rootDir>/node_modules/unicorn-magic/node.js" },
  // Two cores are what a small CI machine has; Terraform, moto and the BEAM want the second one.
  maxWorkers: 2,
  testTimeout: 30_000,
};
