import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";

/** What can be there in place of a file: how to make it, and what a message calls it. */
export const specialFiles: [string, (file: string) => void | Promise<void>][] = [
  ["a folder", (file) => void mkdirSync(file)],
  ["a named pipe (FIFO)", (file) => void execFileSync("mkfifo", [file])],
  ["a socket", socketAt],
];

/** The socket's file stays until the folder it is in is removed. */
async function socketAt(file: string): Promise<void> {
  const server = createServer().listen(file);
  await once(server, "listening");
  server.unref();
  openSockets.push(() => server.close());
}

const openSockets: (() => void)[] = [];

afterAll(() => openSockets.forEach((close) => close()));
