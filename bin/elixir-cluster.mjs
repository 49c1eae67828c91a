#!/usr/bin/env node
// The command `elixir-cluster`: src/cli.ts, through the bundle that bin/run.mjs keeps.
import { createRequire } from "node:module";
import { bundle } from "./run.mjs";

createRequire(import.meta.url)(await bundle("src/cli.ts"));
