import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from "node:fs";
import { systemReason } from "./system-error";
import { UserError } from "./user-error";

const mebibyte = 1024 * 1024;

/** Maximum of bytes in a file that people write by hand. */
export const sourceFileLimit = 10 * mebibyte;

/**
 * Reads a file without blocking, even if it is a FIFO, a socket or a device.
 *
 * @param limit maximum of bytes.
 * @returns its bytes, or `undefined` when it doesn't exist. Links are followed.
 * @throws UserError when it isn't a regular file, is too large, or can't be read.
 */
export function readRegularFile(file: string, limit: number = sourceFileLimit): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    // Opening a device can have side effects, so its kind is checked first. O_NONBLOCK covers changes in between.
    requireRegular(file, statSync(file), limit);
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(descriptor);
    requireRegular(file, stats, limit);
    return readUpTo(descriptor, file, stats.size, limit);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new UserError(`${file} can't be read: ${systemReason(error as Error)}.`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** {@link readRegularFile} as UTF-8 text. */
export function readTextFile(file: string, limit?: number): string | undefined {
  return readRegularFile(file, limit)?.toString("utf8");
}

function requireRegular(file: string, stats: Stats, limit: number): void {
  if (!stats.isFile()) throw new UserError(`${file} is ${kindOf(stats)}; a regular file is expected there.`);
  if (stats.size > limit) throw tooLarge(file, limit);
}

/** What exists instead of a file, with its article. */
export function kindOf(stats: Pick<Stats, "isDirectory" | "isFIFO" | "isSocket">): string {
  if (stats.isDirectory()) return "a folder";
  if (stats.isFIFO()) return "a named pipe (FIFO)";
  return stats.isSocket() ? "a socket" : "a device";
}

function tooLarge(file: string, limit: number): UserError {
  return new UserError(`${file} is larger than ${limit / mebibyte} MiB, the most that is read of such a file.`);
}

/** A file can grow while it is read, and files of /proc report 0 bytes. */
function readUpTo(descriptor: number, file: string, size: number, limit: number): Buffer {
  const chunks: Buffer[] = [];
  let total = 0;
  for (let next = size + 1; ; next = 65_536) {
    const chunk = Buffer.allocUnsafe(next);
    const count = readSync(descriptor, chunk);
    if (count === 0) return Buffer.concat(chunks, total);
    total += count;
    if (total > limit) throw tooLarge(file, limit);
    chunks.push(chunk.subarray(0, count));
  }
}
