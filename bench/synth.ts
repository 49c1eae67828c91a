import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { projectRoot } from "../src/project-root";

/** Loaded into the measured process: says its peak memory when it ends. */
const sayPeakMemory = `process.on("exit", () => process.stderr.write("\\npeak " + process.resourceUsage().maxRSS + "\\n"));`;

const runs = 5;

/** Synth of environments of many services, in clusters of five: median wall time, peak memory. */
export async function benchSynth(): Promise<void> {
  const scratch = mkdtempSync(path.join(tmpdir(), "bench-synth-"));
  try {
    const hook = path.join(scratch, "peak.cjs");
    writeFileSync(hook, sayPeakMemory);
    console.log("synth, plain node     median       peak");
    for (const services of [1, 10, 50, 200]) {
      const file = path.join(scratch, `${services}.json`);
      writeFileSync(file, JSON.stringify({ bench: environment(services) }));
      const measured = [];
      await synth(file, hook, scratch);
      for (let run = 0; run < runs; run++) measured.push(await synth(file, hook, scratch));
      const seconds = measured.map((run) => run.seconds).sort((a, b) => a - b)[Math.floor(runs / 2)]!;
      const peak = Math.max(...measured.map((run) => run.mebibytes));
      console.log(
        `  ${String(services).padStart(4)} services   ${seconds.toFixed(2).padStart(7)} s   ${peak.toFixed(0).padStart(4)} MiB`,
      );
    }
    const started = performance.now();
    await execa("npx", ["cdktf", "synth", "-o", path.join(scratch, "cli")], {
      cwd: projectRoot,
      env: { CI: "1", CHECKPOINT_DISABLE: "1", ENVIRONMENTS_FILE: path.join(scratch, "10.json") },
      stdin: "ignore",
    });
    console.log(`  cdktf synth, 10 services ${((performance.now() - started) / 1000).toFixed(2)} s`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function synth(file: string, hook: string, scratch: string): Promise<{ seconds: number; mebibytes: number }> {
  const started = performance.now();
  const { stderr } = await execa(process.execPath, ["--require", hook, path.join("bin", "run.mjs"), "main.ts"], {
    cwd: projectRoot,
    env: { ENVIRONMENTS_FILE: file, CDKTF_OUTDIR: path.join(scratch, "out") },
  });
  const seconds = (performance.now() - started) / 1000;
  return { seconds, mebibytes: Number(/peak (\d+)/.exec(stderr)![1]) / 1024 };
}

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
