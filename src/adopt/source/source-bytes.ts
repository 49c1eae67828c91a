import { isUtf8 } from "node:buffer";
import { diffArrays } from "diff";

const byteOrderMark = /^(?:\uFEFF|\u00EF\u00BB\u00BF)/;

/** The text of a file as the steps edit it: line ends `\n`, no byte-order mark. {@link encodeEdited} is the way back. */
export function decode(bytes: Buffer): string {
  return withMarks(bytes).replace(byteOrderMark, "").replaceAll("\r\n", "\n");
}

/** Every byte is one character where the file isn't UTF-8, so that nothing is lost. */
function withMarks(bytes: Buffer): string {
  return bytes.toString(encodingOf(bytes));
}

function encodingOf(bytes: Buffer): "utf8" | "latin1" {
  return isUtf8(bytes) ? "utf8" : "latin1";
}

/**
 * The bytes of a file once its text was edited. Lines that weren't edited keep theirs: encoding, line end and a missing
 * one at the end. An edited line keeps its line end, and a new one gets that of most lines.
 *
 * @param before the file's bytes. @param edited the new text, which was {@link decode}'s before.
 */
export function encodeEdited(before: Buffer, edited: string): Buffer {
  const [mark = ""] = byteOrderMark.exec(withMarks(before)) ?? [];
  const original = lines(withMarks(before).slice(mark.length));
  const usual = original.filter((line) => line.endsWith("\r\n")).length > original.length / 2 ? "\r\n" : "\n";

  let at = 0;
  let result = mark;
  let replaced: string[] = [];
  const unix = original.map((line) => line.replace(/\r\n$/, "\n"));
  for (const part of diffArrays(unix, lines(edited))) {
    if (part.added) {
      result += part.value
        .map((line, index) => line.replace(/\n$/, lineEndOf(replaced[index] ?? "") ?? usual))
        .join("");
      replaced = [];
      continue;
    }
    const theirs = original.slice(at, at + part.value.length);
    at += theirs.length;
    if (part.removed) replaced = theirs;
    else {
      result += theirs.join("");
      replaced = [];
    }
  }
  return encodingOf(before) === "utf8" ? Buffer.from(result, "utf8") : Buffer.from(asBytes(result), "latin1");
}

/** What was added may have characters that no single byte has: those are written in UTF-8. */
function asBytes(text: string): string {
  return text.replace(/[^\0-\xFF]/gu, (character) => Buffer.from(character, "utf8").toString("latin1"));
}

/** With their line ends; the last one may have none. */
function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function lineEndOf(line: string): string | undefined {
  return /\r?\n$/.exec(line)?.[0];
}
