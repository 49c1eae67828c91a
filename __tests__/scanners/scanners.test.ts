import { readFileSync } from "node:fs";
import path from "node:path";
import type { TerraformStack } from "cdktf";
import { parseEnvironments } from "../../src/environment";
import { projectRoot } from "../../src/project-root";
import { environmentsApp } from "../../src/stacks/app/environments-app";
import { jsonOf } from "../constructs/layout";
import { exampleFile } from "../examples";
import { scratchFolder } from "../scratch";
import type { Resource, Resources } from "./resources";
import { lineOf, type Rule, rules } from "./rules";

const page = readFileSync(path.join(projectRoot, "docs", "scanners.md"), "utf8");
const parsed = JSON.parse(readFileSync(path.join(projectRoot, "environments.json"), "utf8"));

/**
 * The default example, the bucket's stack, an environment that creates its ECS cluster and builds an image, and one with
 * load balancer, alarms and a schedule.
 */
function stacks(): Resources[] {
  const { $schema: _, prod } = parsed;
  const file = {
    prod: { ...prod, state: { s3: { ...prod.state.s3, bucketStack: "local" } } },
    trial: {
      ...prod,
      state: { local: {} },
      ecsCluster: { create: "trial" },
      namespace: { create: "trial.local" },
      services: { myapp: { image: { build: path.join(projectRoot, "elixir-app") } } },
    },
    web: {
      ...prod,
      state: { local: {} },
      namespace: { create: "web.local" },
      loadBalancer: { create: { zone: "example.com" } },
      alarms: { topic: `arn:aws:sns:${prod.region}:123456789012:alarms` },
      services: {
        shop: {
          image: { uri: "ghcr.io/acme/shop:1.0.0" },
          web: { domain: "shop.example.com" },
          schedule: { nightly: { cron: "0 3 * * ? *", command: ["eval", "Shop.Report.run()"] } },
        },
      },
    },
  };
  return resourcesOf(file);
}

function resourcesOf(file: object): Resources[] {
  const app = environmentsApp(parseEnvironments(JSON.stringify(file), "environments.json"), scratchFolder("out"));
  return app.node.children.map((stack) => {
    const { resource = {} } = jsonOf(stack as TerraformStack) as {
      resource?: Record<string, Record<string, Resource>>;
    };
    return Object.fromEntries(
      Object.entries(resource).map(([type, all]) => [
        type,
        Object.entries(all).map(([id, attributes]) => ({ ...attributes, id })),
      ]),
    );
  });
}

/** The stacks of examples/organization, which has the options for what the default fails. */
function organization(): Resources[] {
  const { $schema: _, ...file } = JSON.parse(readFileSync(exampleFile("organization"), "utf8"));
  return resourcesOf(file as object);
}

const all = stacks();
const verdicts = ({ type, passes }: Rule) =>
  all.flatMap((stack) => (stack[type] ?? []).map((resource) => passes(resource, stack)));
const met = rules.filter(({ reason }) => reason === undefined);
const failed = rules.filter(({ reason }) => reason !== undefined);
const named = (list: readonly Rule[]) => list.map((rule) => [`${rule.ids.join(", ")} for ${rule.type}`, rule] as const);

it("synthesizes the default example, a trial, a website and the state's bucket", () => {
  expect(all).toHaveLength(4);
});

describe("meets", () => {
  it.each(named(met))("%s", (_, rule) => {
    const found = verdicts(rule);
    expect(found.length).toBeGreaterThan(0);
    expect(found).not.toContain(false);
  });
});

describe("fails, with a reason on the page: once it is met, delete the reason here", () => {
  it.each(named(failed))("%s", (_, rule) => {
    expect(verdicts(rule)).toContain(false);
  });
});

describe("the options that the page names meet, in examples/organization", () => {
  it.each(["CKV_AWS_336", "CKV_AWS_224", "CKV_AWS_338", "CKV_AWS_158"])("%s", (id) => {
    const { type, passes } = failed.find(({ ids }) => ids.includes(id))!;
    const found = organization().flatMap((stack) => (stack[type] ?? []).map((resource) => passes(resource, stack)));
    expect(found.length).toBeGreaterThan(0);
    expect(found).not.toContain(false);
  });
});

it.each([
  ["Not met", failed],
  ["Met", met],
])('docs/scanners.md lists under "%s" the rules of the table, and no others', (heading, list) => {
  const section = new RegExp(`^## ${heading}\\n([^]*?)(?=^## |$(?![^]))`, "m").exec(page)![1]!;
  expect(section.split("\n").filter((line) => line.startsWith("- "))).toEqual(list.map(lineOf));
});
