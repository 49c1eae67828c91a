#!/usr/bin/env node
// The command `elixir-cluster`: src/cli.ts, through its bundle (bin/run.mjs).
import { load } from "./load.mjs";
import { bundle } from "./run.mjs";

load(await bundle("src/cli.ts"));
