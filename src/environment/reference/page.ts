import { fargateCpus, fargateMemory } from "../../aws/ecs/fargate-sizes";
import type { Definitions } from "./json-schema";
import { anchorOf } from "./markdown";
import { optionList } from "./option-list";

const generated = /(<!-- generated: (.+) -->\n)[^]*?(\n<!-- end -->)/g;

/**
 * docs/configuration.md with its generated parts replaced: between `<!-- generated: <name> -->` and `<!-- end -->` the
 * options of that definition, or the table `sizes`. What is outside is written by hand.
 *
 * @throws Error when a definition has no part on the page, or a part no definition
 */
export function filledPage(page: string, definitions: Definitions): string {
  const anchors = anchorsOf(page);
  const anchor = (definition: string): string => {
    const found = anchors.get(definition);
    if (found === undefined) throw new Error(`the page has no part <!-- generated: ${definition} -->`);
    return found;
  };
  for (const definition of Object.keys(definitions)) anchor(definition);
  return page.replace(generated, (_, start: string, name: string, end: string) => {
    if (name !== "sizes" && definitions[name] === undefined) throw new Error(`the schema has no definition ${name}`);
    return `${start}\n${name === "sizes" ? sizes() : optionList(name, { definitions, anchor })}\n${end}`;
  });
}

/** The anchor of the heading above each generated part. */
function anchorsOf(page: string): Map<string, string> {
  const anchors = new Map<string, string>();
  let heading = "";
  for (const [, title, name] of page.matchAll(/^(?:##+ (.*)|<!-- generated: (.+) -->)$/gm)) {
    if (name === undefined) heading = title!;
    else anchors.set(name, anchorOf(heading));
  }
  return anchors;
}

function sizes(): string {
  const rows = fargateCpus.map((cpu) => `| ${`${cpu}`.padEnd(5)} | ${described(fargateMemory(cpu)).padEnd(32)} |`);
  return ["| `cpu` | `memory` in MiB                  |", `| ----- | ${"-".repeat(32)} |`, ...rows].join("\n");
}

const described = (memory: readonly number[]): string =>
  memory.length <= 4 ? memory.join(", ") : `${memory[0]} to ${memory.at(-1)} in steps of ${memory[1]! - memory[0]!}`;
