#!/usr/bin/env node
// The command `elixir-cluster`: src/cli.ts, through the bundle that bin/run.mjs keeps.
import { load } from "./load.mjs";
import { bundle } from "./run.mjs";

load(await bundle("src/cli.ts"));
