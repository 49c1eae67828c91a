import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { App } from "cdktf";
import { parseEnvironments } from "../../src/environment";
import { projectRoot } from "../../src/project-root";
import { ElixirClusterStack } from "../../src/stacks/elixir-cluster-stack";
import { jsonOf, type TerraformJson } from "../constructs/layout";
import { exampleFile, exampleNames } from "../examples";
import { scratchFolder } from "../scratch";

const fixture = path.join(projectRoot, "__tests__", "fixtures", "upgrade", "addresses.txt");

const stacks = exampleNames.flatMap((example) => {
  const environments = parseEnvironments(readFileSync(exampleFile(example), "utf8"), example);
  return Object.entries(environments).map(([name, environment]) => {
    const app = new App({ outdir: scratchFolder("out") });
    return { at: `${example}/${name}`, json: jsonOf(new ElixirClusterStack(app, name, environment)) };
  });
});

const addressesOf = ({ resource = {} }: TerraformJson) =>
  Object.entries(resource).flatMap(([type, blocks]) => Object.keys(blocks).map((name) => `${type}.${name}`));

/** Addresses that a state may have, and from which Terraform goes on without replacing anything. */
function knownTo(json: TerraformJson): Set<string> {
  const { moved = [], removed = [] } = json as { moved?: { from: string }[]; removed?: { from: string }[] };
  return new Set([...addressesOf(json), ...[...moved, ...removed].map(({ from }) => from)]);
}

if (process.env.ADDRESSES === "write") {
  const lines = stacks.flatMap(({ at, json }) => addressesOf(json).map((address) => `${at} ${address}`));
  const former = readFileSync(fixture, "utf8").trim().split("\n");
  writeFileSync(fixture, `${[...new Set([...former, ...lines])].filter(Boolean).sort().join("\n")}\n`);
}

describe("the addresses of the examples", () => {
  const listed = readFileSync(fixture, "utf8").trim().split("\n");

  it("are those of earlier versions", () => {
    expect(listed.length).toBeGreaterThan(300);
    const lost = listed.filter((line) => {
      const [at, address] = line.split(" ") as [string, string];
      const stack = stacks.find((each) => each.at === at);
      return stack === undefined || !knownTo(stack.json).has(address);
    });
    const help =
      "These resources have another address now, so an upgrade would replace them. Add the change of their path to src/stacks/moved.ts, which writes moved blocks, and to docs/upgrading.md. If the example itself changed, remove the lines from __tests__/fixtures/upgrade/addresses.txt.";
    expect(lost.length > 0 ? [help, ...lost] : []).toEqual([]);
  });

  it.each(stacks.map(({ at, json }) => [at, json] as const))("of %s are listed in part at least", (at) => {
    const lines = listed.filter((line) => line.startsWith(`${at} `));
    expect([at, lines.length > 0 ? "listed" : "run npm run test:addresses"]).toEqual([at, "listed"]);
  });
});

describe("moved blocks", () => {
  it("lead from addresses that no resource has to ones that resources have", () => {
    const all = stacks.flatMap(({ json }) => {
      const addresses = addressesOf(json);
      const { moved = [] } = json as { moved?: { from: string; to: string }[] };
      return moved.map(({ from, to }) => [addresses.includes(from), addresses.includes(to)]);
    });
    expect(all.length).toBeGreaterThan(0);
    expect([...new Set(all.map((each) => each.join()))]).toEqual(["false,true"]);
  });
});
