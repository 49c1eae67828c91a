import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { projectRoot } from "../src/project-root";

/** Loaded into the measured process: its peak memory and its CPU time when it ends. */
const sayUsage = `process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  process.stderr.write("\\nusage " + maxRSS + " " + (userCPUTime + systemCPUTime) + "\\n");
});`;

const runs = 7;

/** Seconds that a synth of so many services may take. */
const limits: Readonly<Record<number, number>> = { 10: 0.22, 50: 0.45, 200: 0.9 };

/** The least of several runs: whatever else the machine does only adds to it. */
interface Usage {
  readonly seconds: number;
  /** Of all threads, user and system. */
  readonly cpuSeconds: number;
  readonly mebibytes: number;
}

/**
 * Synth of environments of many services, in clusters of five: wall time, CPU time and peak memory. Where aws-cdk-lib is
 * installed, also the AWS CDK's synth of the same layout, and the ratio of the two: in the folder that AWS_CDK names.
 */
export async function benchSynth(): Promise<void> {
  const scratch = mkdtempSync(path.join(tmpdir(), "bench-synth-"));
  const cdk = process.env.AWS_CDK ? path.resolve(process.env.AWS_CDK) : undefined;
  if (cdk !== undefined && !existsSync(path.join(cdk, "node_modules", "aws-cdk-lib")))
    throw new Error(`AWS_CDK names ${cdk}, which has no node_modules/aws-cdk-lib.`);
  try {
    const hook = path.join(scratch, "usage.cjs");
    writeFileSync(hook, sayUsage);
    const outdir = path.join(scratch, "out");
    const least = (...command: string[]) => leastOf(["--require", hook, ...command]);
    console.log(`synth, least of ${runs}      wall      CPU       peak   limit${cdk ? "   AWS CDK   ratio" : ""}`);
    for (const services of [1, 10, 50, 200]) {
      const file = path.join(scratch, `${services}.json`);
      writeFileSync(file, JSON.stringify({ bench: environment(services) }));
      process.env.ENVIRONMENTS_FILE = file;
      process.env.CDKTF_OUTDIR = outdir;
      const ours = await least(path.join("bin", "run.mjs"), "main.ts");
      const theirs = cdk && (await least(path.join("bench", "aws-cdk-app.mjs"), cdk, file, path.join(scratch, "cdk")));
      const ratio = theirs ? `   ${inSeconds(theirs.seconds)}   ${(ours.seconds / theirs.seconds).toFixed(2)}` : "";
      const limit = limits[services] === undefined ? "      " : `${limits[services].toFixed(2)} s`;
      console.log(
        `  ${String(services).padStart(4)} services  ${inSeconds(ours.seconds)}  ${inSeconds(ours.cpuSeconds)}   ${ours.mebibytes.toFixed(0).padStart(4)} MiB  ${limit}${ratio}`,
      );
    }
    await benchCli(scratch);
  } finally {
    delete process.env.ENVIRONMENTS_FILE;
    delete process.env.CDKTF_OUTDIR;
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function benchCli(scratch: string): Promise<void> {
  const started = performance.now();
  await execa("npx", ["cdktf", "synth", "-o", path.join(scratch, "cli")], {
    cwd: projectRoot,
    env: { CI: "1", CHECKPOINT_DISABLE: "1", ENVIRONMENTS_FILE: path.join(scratch, "10.json") },
    stdin: "ignore",
  });
  console.log(`  cdktf synth, 10 services ${((performance.now() - started) / 1000).toFixed(2)} s`);
}

/** Runs a command of Node several times, after once to fill caches. */
async function leastOf(command: readonly string[]): Promise<Usage> {
  await usageOf(command);
  const measured: Usage[] = [];
  for (let run = 0; run < runs; run++) measured.push(await usageOf(command));
  const least = (part: keyof Usage) => Math.min(...measured.map((usage) => usage[part]));
  return { seconds: least("seconds"), cpuSeconds: least("cpuSeconds"), mebibytes: least("mebibytes") };
}

async function usageOf(command: readonly string[]): Promise<Usage> {
  const started = performance.now();
  const { stderr } = await execa(process.execPath, command, { cwd: projectRoot });
  const seconds = (performance.now() - started) / 1000;
  const [, kibibytes, microseconds] = /usage (\d+) (\d+)/.exec(stderr)!;
  return { seconds, cpuSeconds: Number(microseconds) / 1e6, mebibytes: Number(kibibytes) / 1024 };
}

const inSeconds = (seconds: number): string => `${seconds.toFixed(2).padStart(5)} s`;

function environment(count: number): unknown {
  const names = Array.from({ length: count }, (_, index) => `service-${index}`);
  const clusterSize = 5;
  return {
    region: "eu-west-1",
    state: { s3: { bucket: "bench-state", key: "bench.tfstate" } },
    vpc: { tags: { Name: "bench" } },
    ecsCluster: { name: "bench" },
    namespace: { create: "bench.local" },
    releaseCookie: { ssmParameter: "/bench/release-cookie" },
    services: Object.fromEntries(
      names.map((name, index) => [
        name,
        {
          image: { uri: `registry.example/${name}:1` },
          tasks: 2,
          cluster: `cluster-${Math.floor(index / clusterSize)}`,
        },
      ]),
    ),
  };
}
