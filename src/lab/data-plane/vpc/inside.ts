import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import path from "node:path";
import { projectRoot } from "../../../project-root";

/** On the sandbox's own tmpfs, so that no process outside can connect to it. */
const socketPath = "/run/inside.sock";

let helper: Promise<void> | undefined;

/**
 * Connects to a port of a task from within the task's own network namespace, as a command run by ECS Exec does: past all
 * security groups, and from an address that the application takes for its own machine.
 * @throws Error when this machine has no Python 3.
 */
export async function connectInside(namespace: string, address: string, port: number): Promise<Socket> {
  const socket = await askHelper();
  socket.write(`connect ${namespace} ${address} ${port}\n`);
  return socket;
}

/**
 * Listens at a port within a network namespace and hands each connection on to a Unix socket, until the namespace's address goes.
 * @throws Error when the port is taken, or this machine has no Python 3.
 */
export async function listenInside(namespace: string, address: string, port: number, target: string): Promise<void> {
  const socket = await askHelper();
  socket.write(`listen ${namespace} ${address} ${port} ${target}\n`);
  const [answer] = (await once(socket, "data")) as [Buffer];
  if (answer.toString() !== "listening\n")
    throw new Error(`No server at ${address}:${port}: ${answer.toString().trim()}`);
}

async function askHelper(): Promise<Socket> {
  await (helper ??= startHelper());
  return connect(socketPath);
}

function startHelper(): Promise<void> {
  const script = path.join(projectRoot, "src", "lab", "data-plane", "vpc", "inside.py");
  const child = spawn("python3", [script, socketPath], { stdio: ["pipe", "pipe", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`No connection into a task: ${stderr.trim()}`)));
  });
}
