#!/usr/bin/env node
// Writes the review as one file, for a pipeline's job that has an identity in AWS and must not install packages:
// `node bin/bundle-review.mjs [file]`, then `node review.cjs plan.json --markdown` anywhere.
import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { bundle } from "./run.mjs";

const file = process.argv[2] ?? path.join("cdktf.out", "review.cjs");
mkdirSync(path.dirname(file), { recursive: true });
copyFileSync(await bundle("src/review-alone.ts"), file);
console.log(file);
