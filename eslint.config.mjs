import tseslint from "typescript-eslint";

/** The index of a provider loads every resource: seconds and a gigabyte. */
const providersByPath = {
  regex: "^@cdktf/provider-[a-z]+(/lib)?$",
  message: "Import a provider's resource by its path, such as @cdktf/provider-aws/lib/ecs-service.",
};

/** Rooms that a room must not import from: arrows run one way, cli → {stacks, review, lab, operations} → constructs → environment. */
const arrow = (files, ...rooms) => ({
  files: [files],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          providersByPath,
          ...rooms.map((room) => ({
            group: [`**/${room}/**`, `**/${room}`],
            message: `Arrows run one way: this room must not know ${room}.`,
          })),
        ],
      },
    ],
  },
});

export default tseslint.config(
  { ignores: ["node_modules", "cdktf.out", ".cache", "elixir-app", "__tests__/fixtures", "coverage"] },
  ...tseslint.configs.recommended,
  {
    rules: {
      "no-restricted-imports": ["error", { patterns: [providersByPath] }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "max-lines": ["error", { max: 300 }],
    },
  },
  arrow("src/environment.ts", "constructs", "stacks", "review", "lab", "operations", "cli"),
  arrow("src/constructs/**/*.ts", "stacks", "review", "lab", "operations", "cli"),
  arrow("src/stacks/**/*.ts", "review", "lab", "operations", "cli"),
  arrow("src/review/**/*.ts", "constructs", "stacks", "lab", "operations", "cli", "environment"),
  arrow("src/lab/**/*.ts", "constructs", "stacks", "operations", "cli"),
  arrow("src/operations/**/*.ts", "stacks", "review", "cli"),
  { files: ["__tests__/**/*.ts", "bench/**/*.ts"], rules: { "max-lines": "off" } },
);
