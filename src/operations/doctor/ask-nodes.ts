import { z } from "zod";
import type { Member } from "../../mesh/mesh";
import type { EcsTask } from "../tasks";
import type { Observation } from "./observation";
import { runWithin } from "./run-within";

/** A running task with a node to ask. */
export interface NodeTask {
  readonly service: string;
  readonly taskId: string;
  readonly address: string;
  /** TCP port of its HTTP server. */
  readonly port: number;
}

/** A task, and the answer of its node. */
export interface NodeView extends NodeTask, Member {
  /** Why there is no answer. */
  readonly silent?: string;
}

/** Asks a node, and returns its answer as text. @throws Error when there is none. */
export type Transport = (task: NodeTask) => Promise<string>;

/** Timeout in seconds. */
const timeoutSeconds = 10;

/** Maximum of concurrent queries: each may need a process of its own. */
const maxConcurrent = 16;

/** Maximum of bytes in an answer: enough for the names of thousands of nodes. */
const maxAnswer = 1024 * 1024;

/** A node's name is an atom. Source: https://www.erlang.org/doc/system/system_limits.html */
const nodeName = z.string().max(255);

/** The answer of `/cluster`. */
const answer = z.object({ node: nodeName, members: z.array(nodeName) });

/**
 * Asks over HTTP at the task's address: from inside the VPC, or over a VPN. It follows no redirect, and ends after
 * `seconds`.
 */
export const overHttp =
  (path: string, seconds = timeoutSeconds): Transport =>
  async ({ address, port }) => {
    const response = await fetch(`http://${address}:${port}${path}`, {
      redirect: "manual",
      signal: AbortSignal.timeout(seconds * 1000),
    });
    if (response.ok) return textOf(response);
    await response.body?.cancel();
    if (response.status === 403) throw new Error("HTTP 403: it answers only its own machine and its peers. Use --rpc");
    const isRedirect = response.status >= 300 && response.status < 400;
    throw new Error(`HTTP ${response.status}${isRedirect ? ": redirects aren't followed" : ""}`);
  };

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // An error in the loop closes the connection.
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > maxAnswer) throw new Error("its answer is longer than 1 MiB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * Asks through a command that prints the answer, if you can't reach the tasks: `ssh bastion curl -s
 * http://{address}:{port}/cluster`. `{address}`, `{port}`, `{task}` and `{service}` stand for the task's own.
 */
export const throughCommand =
  (command: string): Transport =>
  async ({ address, port, taskId, service }) => {
    const values: Record<string, string> = { address, port: String(port), task: taskId, service };
    const filled = command.replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole);
    const { stdout, stderr, exitCode } = await runWithin(timeoutSeconds, filled, [], { shell: true, stdin: "ignore" });
    if (exitCode !== 0) throw new Error(stderr.trim().split("\n").at(-1) || `exit code ${exitCode}`);
    return stdout;
  };

/** Asks the node of every running task. A node without an answer gets the reason. */
export async function askNodes(observations: readonly Observation[], ask: Transport): Promise<NodeView[]> {
  const tasks = observations.flatMap(({ service, tasks }) =>
    tasks.filter(isRunning).map(({ id, address }) => ({
      service: service.name,
      taskId: id,
      address: address!,
      port: service.options.httpPort,
    })),
  );
  const views: NodeView[] = [];
  const queue = tasks.entries();
  const worker = async () => {
    for (const [at, task] of queue) views[at] = await view(task, ask);
  };
  await Promise.all(Array.from({ length: maxConcurrent }, worker));
  return views;
}

const isRunning = ({ status, address }: EcsTask) => status === "RUNNING" && address !== undefined;

async function view(task: NodeTask, ask: Transport): Promise<NodeView> {
  try {
    const { node, members } = answer.parse(JSON.parse(await ask(task)));
    return { ...task, node, sees: members.filter((member) => member !== node) };
  } catch (failure) {
    return { ...task, silent: reason(failure as Error) };
  }
}

function reason(failure: Error): string {
  if (failure instanceof SyntaxError) return "its answer isn't JSON";
  if (failure instanceof z.ZodError) return 'its answer is not { "node": …, "members": [ … ] }';
  if (failure.name === "TimeoutError") return "no complete answer in time";
  const cause = failure.cause as { readonly code?: string; readonly message?: string } | undefined;
  return cause?.code ?? cause?.message ?? failure.message;
}
