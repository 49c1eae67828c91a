import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { isObject } from "../../../environment/values";

/** A block of Terraform's JSON: a resource, a data source or an ephemeral read. */
export interface Block {
  readonly kind: "resource" | "data" | "ephemeral";
  readonly type: string;
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

const kinds = ["resource", "data", "ephemeral"] as const;

/** The blocks of a folder's `.tf.json` files. */
export const blocksIn = (folder: string): Block[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".tf.json"))
    .flatMap((file) => blocksOf(path.join(folder, file)));

function blocksOf(file: string): Block[] {
  const content = JSON.parse(readFileSync(file, "utf8")) as Partial<Record<Block["kind"], unknown>>;
  return kinds.flatMap((kind) =>
    entries(content[kind]).flatMap(([type, named]) =>
      entries(named).flatMap(([name, values]) => (isObject(values) ? [{ kind, type, name, values }] : [])),
    ),
  );
}

const entries = (value: unknown): [string, unknown][] => (isObject(value) ? Object.entries(value) : []);

/** The text of a value that refers to nothing. */
export const literalText = (value: unknown): string | undefined =>
  typeof value === "string" && !/(?<!\$)\$\{|(?<!%)%\{/.test(value)
    ? value.replace(/\$\$\{/g, "${").replace(/%%\{/g, "%{")
    : undefined;
