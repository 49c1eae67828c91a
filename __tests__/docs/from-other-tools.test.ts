import { mkdtempSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { parseEnvironments } from "../../src/environment";
import { synthesizeInto } from "../../src/lab/local-aws/terraform/synthesized";
import { projectRoot } from "../../src/project-root";
import { exampleFile } from "../examples";
import { notEmpty } from "../not-empty";
import { scratchFolder } from "../scratch";

const text = (...file: string[]) => readFileSync(path.join(projectRoot, ...file), "utf8");
const scratch = scratchFolder("from-other-tools");

/** The one environment of an example, with defaults filled in. */
const environmentOf = (name: string) => parseEnvironments(readFileSync(exampleFile(name), "utf8"), name).prod!;

describe.each(["from-copilot", "from-fly", "from-plain-hcl"])("docs/%s.md", (name) => {
  it("shows the environments file of its example, which a test synthesizes", () => {
    const shown = JSON.parse(/```json\n(\{[^]*?\n\})\n```/.exec(text("docs", `${name}.md`))![1]!) as object;
    const { $schema, ...file } = JSON.parse(readFileSync(exampleFile(name), "utf8")) as { $schema: string };
    expect($schema).toBe("../../environments.schema.json");
    expect(shown).toEqual(file);
  });
});

/** The keys of all objects in a JSON Schema. */
function* keysIn(schema: unknown): Generator<string> {
  if (typeof schema !== "object" || schema === null) return;
  const { properties } = schema as { readonly properties?: object };
  if (properties) yield* Object.keys(properties);
  for (const part of Object.values(schema)) yield* keysIn(part);
}

const allowed = new Set(keysIn(JSON.parse(text("environments.schema.json"))));

const notOptions = ["environments.json", "iex"];

/** The options that a page's tables name in their column `environments.json`, and that the schema lacks. */
const unknownOptions = (page: string): string[] => {
  let column = -1;
  return page.split("\n").flatMap((line) => {
    if (!line.startsWith("|")) return [];
    const cells = line.split("|").map((cell) => cell.trim());
    if (cells.includes("`environments.json`")) column = cells.indexOf("`environments.json`");
    const options = [...(cells[column] ?? "").matchAll(/`([a-z][A-Za-z]*(?:\.[a-z][A-Za-z]*)*)`/g)].map(
      ([, name]) => name!,
    );
    return options.filter(
      (option) => !notOptions.includes(option) && !option.split(".").every((key) => allowed.has(key)),
    );
  });
};

describe("tables of options", () => {
  it.each(["from-copilot", "from-fly", "from-plain-hcl"])("docs/%s.md names options that exist", (name) => {
    expect(text("docs", `${name}.md`)).toContain("| `environments.json`");
    expect(unknownOptions(text("docs", `${name}.md`))).toEqual([]);
  });

  it("a former name is found", () => {
    expect(
      unknownOptions("| x | `environments.json` |\n|---|---|\n| `a` | [`schedules`](x.md), `web.domain` |"),
    ).toEqual(["schedules"]);
  });
});

describe("examples/from-copilot", () => {
  interface Manifest {
    readonly cpu: number;
    readonly memory: number;
    readonly count: number | { readonly range: string; readonly cpu_percentage: number };
    readonly http?: { readonly alias: string; readonly healthcheck: { readonly path: string } };
    readonly secrets: Readonly<Record<string, string>>;
  }

  it.each(["web", "jobs"])("%s is what its manifest describes", (name) => {
    const manifest = parse(text("examples", "from-copilot", "copilot", name, "manifest.yml")) as Manifest;
    const service = environmentOf("from-copilot").services[name]!;
    const { count } = manifest;
    const [min, max] = typeof count === "number" ? [] : count.range.split("-").map(Number);
    expect(service).toMatchObject({
      cpu: manifest.cpu,
      memory: manifest.memory,
      tasks: typeof count === "number" ? count : { min, max, cpuPercent: count.cpu_percentage },
      ...(manifest.http ? { web: { domain: manifest.http.alias } } : {}),
      secrets: Object.fromEntries(
        Object.entries(manifest.secrets).map(([key, ssmParameter]) => [key, { ssmParameter }]),
      ),
    });
  });
});

describe("examples/from-fly", () => {
  it("is what fly.toml describes", () => {
    const toml = text("examples", "from-fly", "fly.toml");
    const value = (key: string) => new RegExp(`^ *${key} = "?([^"\n]+)"?$`, "m").exec(toml)![1]!;
    expect(environmentOf("from-fly").services[value("app")]).toMatchObject({
      httpPort: Number(value("internal_port")),
      tasks: Number(value("min_machines_running")),
      memory: Number(value("memory").replace("gb", "")) * 1024,
      web: { domain: value("PHX_HOST") },
    });
  });
});

describe("examples/from-plain-hcl", () => {
  type Resources = Readonly<Record<string, Readonly<Record<string, { readonly name?: string }>>>>;
  let resource: Resources;

  beforeAll(async () => {
    const out = mkdtempSync(path.join(scratch, "out-"));
    await synthesizeInto(out, exampleFile("from-plain-hcl"));
    ({ resource } = JSON.parse(readFileSync(path.join(out, "stacks/prod/cdk.tf.json"), "utf8")) as {
      resource: Resources;
    });
  });

  it("keeps the names of what it imports", () => {
    const hcl = text("examples", "from-plain-hcl", "hcl", "node", "main.tf");
    for (const [type, label] of [
      ["aws_ecs_service", "node"],
      ["aws_service_discovery_service", "node"],
      ["aws_iam_role", "execution"],
      ["aws_iam_role", "task"],
      ["aws_cloudwatch_log_group", "node"],
    ] as const) {
      const template = new RegExp(`resource "${type}" "${label}" {\\s+name +=\\s+(.*)`).exec(hcl)![1]!;
      const names = Object.values(resource[type]!).map(({ name }) => name);
      for (const service of ["shop", "orders", "mailer"])
        expect(names).toContain(template.replaceAll('"', "").replace(/\$\{var\.name\}|var\.name/, service));
    }
  });

  it("has the addresses that the page imports to", () => {
    const imported = [...text("docs", "from-plain-hcl.md").matchAll(/^ {2}to = (\S+)$/gm)].map(([, to]) => to!);
    const addresses = Object.entries(resource).flatMap(([type, of]) =>
      Object.keys(of).map((name) => `${type}.${name}`),
    );
    expect(imported).toHaveLength(6);
    for (const address of notEmpty(imported)) expect(addresses).toContain(address);
  });
});
