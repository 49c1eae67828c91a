#!/usr/bin/env node
// What `npm test` runs of the Elixir side: formatting, warnings, ExUnit, and libcluster's contract. Without Elixir it is
// left out with a line that says so; where CI is set it fails then, since set-up should have installed it.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

const app = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "elixir-app");
const libcluster = process.env.LIBCLUSTER_PATH ?? "offline/libcluster";

if (spawnSync("mix", ["--version"], { stdio: "ignore" }).status !== 0) {
  console.error("SKIPPED: the Elixir tests, for there is no mix on the path (https://elixir-lang.org/install.html)");
  process.exit(process.env.CI ? 1 : 0);
}
if (!process.env.LIBCLUSTER_PATH)
  console.log("libcluster is the stand-in of elixir-app/offline; LIBCLUSTER_PATH names another");

for (const [folder, environment, ...args] of [
  [".", {}, "format", "--check-formatted"],
  [".", { MIX_ENV: "prod" }, "compile", "--warnings-as-errors"],
  [".", {}, "test", "--warnings-as-errors"],
  ["contract", {}, "test"],
]) {
  console.log(`\nelixir-app/${folder === "." ? "" : folder}: mix ${args.join(" ")}`);
  const { status } = spawnSync("mix", args, {
    cwd: path.join(app, folder),
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, LIBCLUSTER_PATH: libcluster, ...environment },
  });
  if (status !== 0) process.exit(1);
}
