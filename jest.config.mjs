/** Large packages that ship CommonJS. Others may be ES modules alone, as execa and all it needs: they are compiled like our own sources. */
const commonJs = ["@aws-sdk", "@cdktf", "@smithy", "ajv", "cdktf", "constructs", "fast-check", "typescript", "zod"];

/**
 * Tests that run real processes against the clock: BEAM nodes, packets, Terraform. They get the machine to themselves,
 * one file after another; in parallel on two cores they would measure each other.
 */
const real = [
  "__tests__/demo/(demo|interrupt)",
  "__tests__/state/",
  "__tests__/lab/(scenarios|prompt)/",
  "__tests__/lab/(lab-packets|sandbox-cleanup|security-group-packets)",
  // Its neighbours whose names go on are quick.
  "__tests__/lab/database/postgres(?=\\.test)",
  "__tests__/lab/(data-plane/(runtime|network/load-balancer|vpc/destinations)|local-aws/terraform/terraform)",
  "__tests__/(adopt|elixir-app)/release",
  "__tests__/operations/doctor-in-lab",
  "__tests__/(review|stacks)/terraform",
  "__tests__/review/layouts-in-lab",
];

const common = {
  testEnvironment: "<rootDir>/__tests__/test-environment.ts",
  cacheDirectory: "<rootDir>/.cache/jest",
  setupFiles: ["<rootDir>/__tests__/set-up.ts"],
  setupFilesAfterEnv: ["<rootDir>/__tests__/set-up-each.ts"],
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out", "<rootDir>/.cache", "<rootDir>/dist", "<rootDir>/elixir-app"],
  transform: {
    "\\.[mc]?[jt]s$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(${commonJs.join("|")})/`],
  // execa's; its package.json offers `import` alone.
  moduleNameMapper: { "^unicorn-magic$": "<rootDir>/node_modules/unicorn-magic/node.js" },
};

export default {
  projects: [
    {
      ...common,
      displayName: "quick",
      testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "/fixtures/", ...real],
    },
    {
      ...common,
      displayName: "real",
      testRegex: real.map((part) => `${part}.*\\.test\\.ts$`),
      testPathIgnorePatterns: ["/node_modules/", "/fixtures/"],
    },
    // Too long for `npm test`: each has a script of its own in package.json.
    { ...common, displayName: "long", testMatch: ["<rootDir>/__tests__/**/*.long.ts"] },
  ],
  maxWorkers: 2,
  // No test is decided by this: each waits for its condition as long as that may take. It ends a run that hangs.
  testTimeout: 15 * 60_000,
};
