// `npm run test:elixir`: formatting, warnings and ExUnit of elixir-app, and the tests of the stand-in for libcluster. Both run
// with the libcluster of LIBCLUSTER_PATH, or else with the stand-in. Without Elixir this prints that it skips the tests;
// where CI is set it fails then, since set-up should have installed Elixir.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { copySampleProject, libclusterStandIn, sampleApp } from "../../src/lab/local-aws/sample-project";
import { projectRoot } from "../../src/project-root";

const given = process.env["LIBCLUSTER_PATH"];
const libcluster = given ? path.resolve(given) : libclusterStandIn;
/** Kept, with what is compiled in it, so that the next run compiles what has changed. */
const copy = path.join(projectRoot, ".cache", "elixir-app");
const contract = path.join(projectRoot, "__tests__/lab/local-aws/libcluster");

if (spawnSync("mix", ["--version"], { stdio: "ignore" }).status !== 0) {
  console.error("SKIPPED: the Elixir tests, since mix is not on the path (https://elixir-lang.org/install.html)");
  process.exit(process.env["CI"] ? 1 : 0);
}
console.log(`libcluster: ${given ? libcluster : "the stand-in; LIBCLUSTER_PATH names another"}`);

for (const part of ["lib", "test", "config", "rel"]) rmSync(path.join(copy, part), { recursive: true, force: true });
copySampleProject(copy, libcluster);

const formatted = ["--dot-formatter", path.join(sampleApp, ".formatter.exs")];
const patterns = [libclusterStandIn, contract].map((folder) => `${folder}/**/*.{ex,exs}`);
for (const [folder, environment, ...args] of [
  [sampleApp, {}, "format", "--check-formatted"],
  [sampleApp, {}, "format", "--check-formatted", ...formatted, ...patterns],
  [copy, { MIX_ENV: "prod" }, "compile", "--warnings-as-errors"],
  [copy, {}, "test", "--warnings-as-errors"],
  [contract, {}, "test"],
] as const) {
  console.log(`\n${path.relative(projectRoot, folder)}: mix ${args.slice(0, 2).join(" ")}`);
  const { status } = spawnSync("mix", args, {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, LIBCLUSTER_PATH: libcluster, ...environment },
  });
  if (status !== 0) process.exit(1);
}
