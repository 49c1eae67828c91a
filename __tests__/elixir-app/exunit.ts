// `npm run test:elixir`: formatting, warnings and ExUnit of elixir-app, and the tests of the stand-ins for libcluster and
// dns_cluster. All run with the dependencies of LIBCLUSTER_PATH and DNS_CLUSTER_PATH, or else with the stand-ins. Without Elixir this prints that it skips the tests;
// where CI is set it fails then, since set-up should have installed Elixir.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { copySampleProject, dependencyVariables, sampleApp, sampleDependencies, standIns } from "../../src/lab/local-aws/sample/sample-project";
import { projectRoot } from "../../src/project-root";

const dependencies = sampleDependencies();
const variables = dependencyVariables(dependencies);
/** Kept, with what is compiled in it, so that the next run compiles what has changed. */
const copy = path.join(projectRoot, ".cache", "elixir-app");
const contracts = ["libcluster", "dns_cluster"].map((name) => path.join(projectRoot, "__tests__/lab/local-aws", name));

if (spawnSync("mix", ["--version"], { stdio: "ignore" }).status !== 0) {
  console.error("SKIPPED: the Elixir tests, since mix is not on the path (https://elixir-lang.org/install.html)");
  process.exit(process.env["CI"] ? 1 : 0);
}
for (const [name, folder] of Object.entries(variables)) console.log(`${name}=${folder}`);

for (const part of ["lib", "test", "config", "rel"]) rmSync(path.join(copy, part), { recursive: true, force: true });
copySampleProject(copy, dependencies);

const formatted = ["--dot-formatter", path.join(sampleApp, ".formatter.exs")];
const patterns = [...Object.values(standIns), ...contracts].map((folder) => `${folder}/**/*.{ex,exs}`);
for (const [folder, environment, ...args] of [
  [sampleApp, {}, "format", "--check-formatted"],
  [sampleApp, {}, "format", "--check-formatted", ...formatted, ...patterns],
  [copy, { MIX_ENV: "prod" }, "compile", "--warnings-as-errors"],
  [copy, {}, "test", "--warnings-as-errors"],
  ...contracts.map((contract) => [contract, {}, "test"] as const),
] as const) {
  console.log(`\n${path.relative(projectRoot, folder)}: mix ${args.slice(0, 2).join(" ")}`);
  const { status } = spawnSync("mix", args, {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...variables, ...environment },
  });
  if (status !== 0) process.exit(1);
}
