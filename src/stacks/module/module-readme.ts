import { fixedNames } from "./fixed-names";
import type { ModuleJson } from "./module-json";
import type { ModuleVariable } from "./variables";

/** The README of a module. @param name of its folder */
export function moduleReadme(name: string, json: ModuleJson): string {
  const { variables, outputs, versions } = json;
  const sorted = <Value>(record: Readonly<Record<string, Value>>) =>
    Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  const inputs = sorted(variables).map(
    ([variable, { type, description, ...rest }]) =>
      `| \`${variable}\` | ${cell(description)} | \`${type}\` | ${"default" in rest ? `\`${cell(JSON.stringify(rest.default))}\`` : "required"} |`,
  );
  // The outputs of ephemeral checks have no value.
  const described = sorted(outputs).filter(([, { description }]) => description !== undefined);
  const fixed = fixedNames(json.main.resource);
  return (
    [
      `# ${name}`,
      "A Terraform module of Elixir clusters on AWS ECS Fargate, generated from an environment of `environments.json`. Change that file and write the module again; don't edit these files.",
      `Terraform ${versions.terraform.required_version}; providers: ${Object.values(
        versions.terraform.required_providers,
      )
        .map(({ source, version }) => `\`${source}\` ${version}`)
        .join(", ")}.`,
      "## Use",
      hcl(`module "${name}"`, [["source", `"./modules/${name}"`], ...requiredArguments(variables)]),
      "You configure provider and state: the module has no `provider` and no `backend` block. Its region is the provider's. Set accounts, roles and `default_tags` there.",
      "Each instance needs its own names:",
      hcl(`module "${name}"`, [
        ["source", `"./modules/${name}"`],
        ["for_each", 'toset(["blue", "green"])'],
        ["providers", "{ aws = aws.ireland }"],
        ...distinctArguments(variables),
        ...requiredArguments(variables),
      ]),
      ...(fixed.length > 0
        ? [
            "These names are set in `environments.json` and are the same in every instance. In one account and region, AWS rejects the second one:",
            fixed.map((line) => `- ${line}`).join("\n"),
          ]
        : []),
      "## Inputs",
      ["| name | what | type | default |", "| --- | --- | --- | --- |", ...inputs].join("\n"),
      "## Outputs",
      [
        "| name | what |",
        "| --- | --- |",
        ...described.map(([output, { description }]) => `| \`${output}\` | ${cell(description!)} |`),
      ].join("\n"),
    ].join("\n\n") + "\n"
  );
}

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("<", "\\<").replaceAll("\n", " ");

/** Arguments without a default. */
const requiredArguments = (variables: Readonly<Record<string, ModuleVariable>>): [string, string][] =>
  Object.entries(variables)
    .filter(([, variable]) => !("default" in variable))
    .map(([name]) => [name, name.endsWith("_image") ? '"<repository>@sha256:<digest>"' : "…"]);

/** Arguments that two instances in one account must not share. */
function distinctArguments(variables: Readonly<Record<string, ModuleVariable>>): [string, string][] {
  const value = (name: string) => String(variables[name]!.default);
  return Object.keys(variables).flatMap((name): [string, string][] => {
    if (name === "name") return [[name, "each.key"]];
    if (name === "ecs_cluster") return [[name, `"${value(name)}-\${each.key}"`]];
    if (name === "namespace" || name.endsWith("_domain")) return [[name, `"\${each.key}.${value(name)}"`]];
    return name.endsWith("_priority")
      ? [[name, `each.key == "blue" ? ${value(name)} : ${Number(value(name)) + 1}`]]
      : [];
  });
}

function hcl(header: string, entries: readonly (readonly [string, string])[]): string {
  const width = Math.max(...entries.map(([name]) => name.length));
  const lines = entries.map(([name, value]) => `  ${name.padEnd(width)} = ${value}`);
  return ["```hcl", `${header} {`, ...lines, "}", "```"].join("\n");
}
