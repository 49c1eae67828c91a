import { packageSpec, testedVersions } from "./package-spec";

const main = `import { synthesizeFile } from "elixir-cluster";

// Writes one Terraform stack for each environment of environments.json to cdktf.out.
// Stacks of your own: synthesizeFile({ extend: (app) => { new MyStack(app, "mine"); } })
synthesizeFile();
`;

const ignored = ["node_modules/", "cdktf.out/", ".terraform/", "*.tfstate", "*.tfstate.backup", "review.html"];

/** Editors check main.ts with it; tsx runs main.ts without. */
const tsconfig = {
  compilerOptions: {
    target: "ES2022",
    module: "commonjs",
    strict: true,
    noEmit: true,
    types: ["node"],
  },
  files: ["main.ts"],
};

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** The files of a new project besides `environments.json`, by name. @param folder where the project will be. */
export function projectFiles(folder: string, name: string): Readonly<Record<string, string>> {
  const packageJson = {
    name: `${name}-infrastructure`,
    private: true,
    scripts: {
      synth: "elixir-cluster synth",
      review: "elixir-cluster review",
      "review:bundle": "node node_modules/elixir-cluster/bin/bundle-review.mjs",
    },
    dependencies: {
      ...testedVersions(["@cdktf/provider-aws", "@cdktf/provider-docker", "cdktf", "constructs"]),
      "elixir-cluster": packageSpec(folder),
    },
    devDependencies: testedVersions(["@types/node", "cdktf-cli", "tsx", "typescript"]),
  };
  const cdktf = {
    language: "typescript",
    app: "npx tsx main.ts",
    projectId: `${name}-infrastructure`,
    sendCrashReports: "false",
    terraformProviders: [],
    terraformModules: [],
    context: {},
  };
  return {
    "cdktf.json": json(cdktf),
    "package.json": json(packageJson),
    "main.ts": main,
    "tsconfig.json": json(tsconfig),
    ".gitignore": `${ignored.join("\n")}\n`,
  };
}
