import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** A data source in HCL that the provider picks from a list: its request doesn't say which one. */
export interface PickedData {
  readonly type: string;
  /** HCL of the argument with its name. */
  readonly expression: string;
}

/** The argument with the name, by type. */
const nameArguments: Readonly<Record<string, string>> = {
  aws_acm_certificate: "domain",
  aws_route53_zone: "name",
  aws_service_discovery_dns_namespace: "name",
};

/** A data source in HCL. */
interface DataBlock {
  /** Such as `data.aws_vpc.main`. */
  readonly address: string;
  readonly type: string;
  readonly text: string;
}

/** Data sources of a folder's `.tf` files that are picked from a list. */
export function pickedData(folder: string): PickedData[] {
  const blocks = texts(folder).flatMap(dataBlocks);
  return blocks.flatMap((block) => {
    const expression = argumentOf(block, nameArguments[block.type]);
    return expression === undefined ? [] : [{ type: block.type, expression: withArguments(expression, blocks) }];
  });
}

/** Keys that `.tf` files take from secrets: `jsondecode(data.aws_secretsmanager_secret_version.db.secret_string)["password"]`. */
export function secretKeys(folder: string): string[] {
  const key = /secret_string\s*\)\s*(?:\.|\[\s*")([\w-]+)/g;
  const keys = texts(folder).flatMap((text) => [...text.matchAll(key)].map(([, name]) => name!));
  return [...new Set(keys)];
}

const texts = (folder: string): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".tf"))
    .map((file) => readFileSync(path.join(folder, file), "utf8"));

const dataBlocks = (text: string): DataBlock[] =>
  [...text.matchAll(/^[ \t]*data\s+"?(\w+)"?\s+"?([\w-]+)"?\s*\{/gm)].map(
    ([match, type = "", name = ""], index, all) => ({
      address: `data.${type}.${name}`,
      type,
      text: blockAt(text, all[index]!.index + match.length),
    }),
  );

/** What is between a brace, which is before `start`, and the one that closes it. Braces within strings come in pairs. */
function blockAt(text: string, start: number): string {
  let depth = 1;
  let end = start;
  while (depth > 0 && end < text.length) {
    if (text[end] === "{") depth += 1;
    if (text[end] === "}") depth -= 1;
    end += 1;
  }
  return text.slice(start, end - 1);
}

function argumentOf({ text }: DataBlock, name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  return new RegExp(`^[ \\t]*${name}[ \\t]*=[ \\t]*(.+?)[ \\t]*(?:(?:#|//).*)?$`, "m").exec(text)?.[1];
}

/** Before the plan nothing is known of a data source but its arguments: `data.aws_ecs_cluster.main.cluster_name` is one. */
function withArguments(expression: string, blocks: readonly DataBlock[], depth = 3): string {
  if (depth === 0) return expression;
  return expression.replaceAll(/(data\.\w+\.[\w-]+)\.(\w+)/g, (reference, address: string, name: string) => {
    const block = blocks.find((each) => each.address === address);
    const argument = block && argumentOf(block, name);
    return argument === undefined ? reference : withArguments(`(${argument})`, blocks, depth - 1);
  });
}
