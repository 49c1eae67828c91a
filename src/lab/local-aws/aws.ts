import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { execa } from "execa";
import { projectRoot } from "../../project-root";
import type { AwsEndpoint } from "./aws-clients";
import { pythonWithMoto } from "./python";

/** A running local AWS: moto's server on loopback. Source: https://docs.getmoto.org/en/latest/docs/server_mode.html */
export interface LocalAws {
  /** `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  /** AWS region that everything is made in. */
  readonly region: string;
  /** What a process needs in its environment so that SDKs, the AWS CLI and Terraform's provider talk to this and to nothing else. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the server wrote to its standard error so far: where to look when a call fails with 500. */
  log(): string;
  /** Ends the server; done when it is gone. */
  stop(): Promise<void>;
}

/** Options of {@link startLocalAws}. */
export interface LocalAwsOptions {
  /** AWS region. @default "eu-west-1" */
  readonly region?: string;
  /** Python modules next to the start-up script whose `apply()` is called before it listens. @default none */
  readonly patches?: readonly string[];
}

/** Characters of the server's standard error that are kept: the newest. */
const longestLog = 64 * 1024;

/** What a process needs in its environment to talk to the local AWS at `endpoint`; an empty value unsets the variable. */
function environmentFor({ endpoint, region }: AwsEndpoint): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    // Real credentials of this machine's user must never be read, nor sent.
    AWS_PROFILE: "",
    AWS_SESSION_TOKEN: "",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

/** The line for a shell in another terminal, after which the AWS CLI, SDKs and Terraform talk to this local AWS and to nothing else. */
export function shellLine(aws: AwsEndpoint): string {
  const entries = Object.entries(environmentFor(aws));
  const set = entries.filter(([, value]) => value !== "").map(([name, value]) => `${name}=${value}`);
  const empty = entries.filter(([, value]) => value === "").map(([name]) => name);
  return `unset ${empty.join(" ")}; export ${set.join(" ")}`;
}

/**
 * Starts local AWS on a free loopback port and waits until it listens. It ends with `stop()`, and by itself when this
 * process ends in whatever way: it watches its standard input.
 *
 * @throws Error when Python has no moto, or when the server ends before it listens (with what it printed).
 */
export async function startLocalAws(options: LocalAwsOptions = {}): Promise<LocalAws> {
  const region = options.region ?? "eu-west-1";
  const script = path.join(projectRoot, "src", "lab", "local-aws", "moto", "server.py");
  const server = execa(await pythonWithMoto(), [script, ...(options.patches ?? [])], {
    reject: false,
    stdin: "pipe",
    buffer: false,
    // A Ctrl-C in the terminal reaches the whole foreground group; this one is ended by its standard input, after
    // Terraform has written its state through it.
    detached: true,
    cleanup: true,
  });
  let log = "";
  server.stderr.on("data", (chunk: Buffer) => (log = (log + chunk.toString()).slice(-longestLog)));
  const port = await listeningPort(server.stdout);
  if (port === undefined) {
    await server;
    throw new Error(`Local AWS ended before it listened:\n${log}`);
  }
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    region,
    environment: environmentFor({ endpoint, region }),
    log: () => log,
    stop: async () => {
      server.stdin.end();
      await server;
    },
  };
}

/** The port that the start-up script says it listens on; `undefined` when it ended without saying one. */
async function listeningPort(output: Readable): Promise<number | undefined> {
  for await (const line of createInterface({ input: output })) {
    const port = /^port (\d+)$/.exec(line)?.[1];
    if (port) return Number(port);
  }
  return undefined;
}
