import path from "node:path";
import { execa } from "execa";
import { createCertificates, textsOf } from "../src/certificates/node-certificates";
import { certificatesVariable } from "../src/containers/variables";
import { projectRoot } from "../src/project-root";

interface Measured {
  readonly connectMs: number;
  readonly callUs: number;
  readonly mebibytesPerSecond: number;
  readonly cpuMsPerMebibyte: number;
}

const port = 9200;

/** Two nodes with the flags that env.sh gives them, in plain text and over TLS. */
export async function benchEncryption(): Promise<void> {
  console.log("two nodes on this machine: connect, call, 512 messages of 1 MiB (8 at a time), CPU time of both nodes");
  const certificates = textsOf(await createCertificates("bench", new Date())).nodes;
  const plain = await measure({ DISTRIBUTION_MODE: "single-port" });
  const tls = await measure({ DISTRIBUTION_MODE: "tls", [certificatesVariable]: certificates });
  for (const [mode, measured] of Object.entries({ plain, tls })) {
    const { connectMs, callUs, mebibytesPerSecond, cpuMsPerMebibyte } = measured;
    console.log(
      `  ${mode.padEnd(6)} connect ${connectMs.toFixed(1)} ms   call ${callUs} µs   ${mebibytesPerSecond} MiB/s   ${cpuMsPerMebibyte.toFixed(1)} ms CPU per MiB`,
    );
  }
}

/** As bin/<release> does: it reads env.sh, and starts the VM with the flags of vm.args. */
function node(number: number, variables: Readonly<Record<string, string>>, ...script: string[]) {
  const address = `127.0.0.${number}`;
  const start = '. "$0"; exec elixir --name "$RELEASE_NODE" --cookie "$RELEASE_COOKIE" "$@"';
  const file = path.join(projectRoot, "elixir-app/rel/env.sh.eex");
  return execa("sh", ["-ec", start, file, ...script], {
    env: {
      ...{ RELEASE_NAME: "bench", RELEASE_COMMAND: "start", RELEASE_COOKIE: "bench", RELEASE_IP: address },
      DISTRIBUTION_PORT_MIN: String(port),
      ELIXIR_ERL_OPTIONS: `-kernel inet_dist_use_interface {127,0,0,${number}} +sbwt none +sbwtdcpu none +sbwtdio none`,
      ...variables,
    },
  });
}

async function measure(variables: Readonly<Record<string, string>>): Promise<Measured> {
  const peer = node(11, variables, "--no-halt", "-e", ":ok");
  peer.catch(() => undefined);
  try {
    const script = path.join(projectRoot, "bench/encryption.exs");
    const { stdout } = await node(12, variables, script, "bench@127.0.0.11");
    return JSON.parse(stdout) as Measured;
  } finally {
    peer.kill("SIGKILL");
  }
}
