import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from "diff";

/** One file's bytes before and after; `before` is `undefined` for a new file. */
export interface Change {
  /** Relative to the project, with `/`. */
  readonly file: string;
  readonly before: Buffer | undefined;
  readonly after: Buffer;
}

/** The changes as a patch that `git apply` and `patch -p1` take: bytes, since a file may have any encoding. */
export function unifiedDiff(changes: readonly Change[]): Buffer {
  const patches = changes.map(({ file, before, after }) => {
    const from = before === undefined ? "/dev/null" : `a/${bytewise(Buffer.from(file))}`;
    const patch = structuredPatch(
      from,
      `b/${bytewise(Buffer.from(file))}`,
      bytewise(before ?? Buffer.of()),
      bytewise(after),
      undefined,
      undefined,
      { context: 3 },
    );
    return formatPatch(patch, FILE_HEADERS_ONLY);
  });
  return Buffer.from(patches.join(""), "latin1");
}

/** One character a byte. */
function bytewise(bytes: Buffer): string {
  return bytes.toString("latin1");
}
