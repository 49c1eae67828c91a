import tseslint from "typescript-eslint";
import { noEarlyReturn } from "./bin/lint/early-return.mjs";
import { noExpectationOverNothing } from "./bin/lint/loops.mjs";

/** The index of a provider loads every resource: seconds and a gigabyte. */
const providersByPath = {
  regex: "^@cdktf/provider-[a-z]+(/lib)?$",
  message: "Import a provider's resource by its path, such as @cdktf/provider-aws/lib/ecs-service.",
};

/** Text from a plan, a node or AWS is printed, coloured and put into a page by src/foreign-text alone: only it makes markup. */
const foreignText = [
  { regex: "foreign-text/.+", message: "Import from foreign-text itself: what makes markup of any text stays inside." },
  { regex: "^picocolors$", message: "Colour with coloursOf of src/foreign-text, which makes foreign text visible." },
];

/** The rooms of src, and the rooms that each may import. Arrows run one way; every room may import the leaves. */
const rooms = {
  environment: [],
  constructs: [],
  stacks: ["constructs", "environment"],
  review: [],
  // AWS's documentation as an evaluator. It checks the lab and the review, so it shares nothing with them.
  conformance: [],
  // A scenario holds what it measures against the review of the same layout.
  lab: ["conformance", "environment", "review"],
  operations: ["environment"],
  adopt: [],
  init: ["adopt", "environment"],
  demo: ["environment", "lab", "review"],
  cli: ["adopt", "demo", "environment", "init", "lab", "operations", "review", "stacks"],
};

/** Keeps `files` from importing any room but `allowed`, on top of the `patterns` that hold there anyway. */
const arrow = (files, allowed, patterns = [providersByPath, ...foreignText]) => ({
  files,
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          ...patterns,
          ...Object.keys(rooms)
            .filter((room) => !allowed.includes(room))
            .map((room) => ({
              group: [`**/${room}/**`, `**/${room}`],
              message: `Arrows run one way: this room must not know ${room}.`,
            })),
        ],
      },
    ],
  },
});

export default tseslint.config(
  { ignores: ["node_modules", "cdktf.out", ".cache", "dist", "elixir-app", "__tests__/fixtures", "coverage"] },
  ...tseslint.configs.recommended,
  {
    rules: {
      "no-restricted-imports": ["error", { patterns: [providersByPath, ...foreignText] }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "max-lines": ["error", { max: 300 }],
    },
  },
  {
    files: ["src/**/*.ts", "main.ts"],
    rules: {
      "no-console": "error",
      "no-restricted-syntax": [
        "error",
        ...["callee.object.property.name=/^std(out|err)$/", "callee.object.name=/^(out|err|output)$/"].map(
          (stream) => ({
            selector: `CallExpression[callee.property.name='write'][${stream}]`,
            message: "Print with src/foreign-text, which makes control characters visible.",
          }),
        ),
      ],
    },
  },
  {
    files: ["src/foreign-text/*.ts", "__tests__/**/*.ts"],
    rules: {
      "no-console": "off",
      "no-restricted-syntax": "off",
      "no-restricted-imports": ["error", { patterns: [providersByPath] }],
    },
  },
  ...Object.entries(rooms).map(([room, allowed]) =>
    arrow([`src/${room}.ts`, `src/${room}/**/*.ts`], [room, ...allowed]),
  ),
  arrow(
    ["src/conformance/*.ts"],
    ["conformance"],
    [{ group: ["../*", "../**"], message: "The evaluator shares no code, not even a leaf." }],
  ),
  // Reading a project knows no step.
  arrow(
    ["src/adopt/source/*.ts"],
    ["adopt"],
    [providersByPath, ...foreignText, { group: ["**/steps/**"], message: "Arrows run one way: steps import source." }],
  ),
  // The leaves: files and folders that import no room.
  { ...arrow(["src/*.ts"], []), ignores: ["src/{cli,environment,index,review-alone}.ts"] },
  arrow(["src/{aws,certificates,containers,mesh,monitoring,processes}/**/*.ts"], []),
  arrow(["src/foreign-text/*.ts"], [], [providersByPath]),
  { files: ["__tests__/**/*.ts", "bench/**/*.ts"], rules: { "max-lines": "off" } },
  {
    files: ["__tests__/**/*.ts"],
    plugins: {
      tests: {
        rules: { "no-early-return": noEarlyReturn, "no-expectation-over-nothing": noExpectationOverNothing },
      },
    },
    rules: {
      "tests/no-early-return": "error",
      "tests/no-expectation-over-nothing": "error",
      "no-restricted-syntax": [
        "error",
        ...[
          'CallExpression[callee.object.name="jest"][callee.property.name="setTimeout"]',
          "CallExpression[callee.name=/^((it|test)(With.*)?|(before|after)(All|Each))$/] > Literal.arguments:last-child[raw=/^\\d/]",
          "CallExpression[callee.type='CallExpression'] > Literal.arguments:last-child[raw=/^\\d[\\d_]{3}/]",
        ].map((selector) => ({
          selector,
          message:
            "No test is decided by wall time: wait for a condition (src/lab/waiting). jest.config.mjs ends what hangs.",
        })),
      ],
    },
  },
);
