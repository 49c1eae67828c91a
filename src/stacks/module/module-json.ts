import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { DataAwsSubnets } from "@cdktf/provider-aws/lib/data-aws-subnets";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { App, TerraformResource } from "cdktf";
import { ownTags } from "../../aws/names";
import { shared } from "../../constructs/stack-child";
import type { Environment } from "../../environment";
import { placeholder, withExpressions } from "../../placeholder";
import { ElixirClusterStack } from "../elixir-cluster-stack";
import { findings, type Findings } from "../app/synthesis";
import { imageDescription, moduleEnvironment } from "./module-environment";
import { variableSubnets, variableVpc } from "./networks";
import { variableLimits, variablePriority, variableTasks } from "./numbers";
import { addOutputs } from "./outputs";
import { type ModuleVariable, ModuleVariables, taken } from "./variables";

/** Blocks of Terraform JSON by type and name. */
export type Blocks = Record<string, Record<string, Record<string, unknown>>>;

/** A module as Terraform JSON, by the parts that a module's files are usually split into. */
export interface ModuleJson {
  readonly versions: {
    readonly terraform: {
      readonly required_version: string;
      readonly required_providers: Readonly<Record<string, Provider>>;
    };
  };
  readonly variables: Readonly<Record<string, ModuleVariable>>;
  readonly outputs: Readonly<Record<string, ModuleOutput>>;
  readonly main: { readonly data: Blocks; readonly resource: Blocks } & Readonly<Record<string, unknown>>;
  /** Errors and warnings of its constructs. */
  readonly findings: Findings;
}

interface Provider {
  readonly source: string;
  readonly version: string;
}

/** An output, as Terraform JSON has it. */
export interface ModuleOutput {
  readonly description?: string;
  readonly value: unknown;
}

/** The oldest Terraform that has all that modules use: variables in the validation of others (1.9), ephemeral blocks (1.10). */
const oldestTerraform = "1.10.0";

/**
 * An environment as a module: its stack with placeholders in place of what the caller sets, without backend and providers.
 * @param maxNameLength characters of the longest name with which every AWS name fits
 */
export function moduleJson(name: string, environment: Environment, maxNameLength: number): ModuleJson {
  const variables = new ModuleVariables();
  const prefix = variables.text("name", "Name of this instance: the beginning of AWS names", name, [
    {
      condition: `\${can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", var.name)) && length(var.name) <= ${maxNameLength}}`,
      error_message: `name must have 1 to ${maxNameLength} lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen.`,
    },
  ]);
  const stack = new ElixirClusterStack(new App(), prefix, moduleEnvironment(environment, variables));
  shared(stack, "region", (id) => new DataAwsRegion(stack, id));
  addOutputs(stack);
  setTags(stack, ownTags(prefix, environment), variables);
  for (const construct of stack.node.findAll()) {
    if (construct instanceof DataAwsVpc) variableVpc(construct, variables);
    if (construct instanceof DataAwsSubnets) variableSubnets(construct, variables);
    if (construct instanceof EcsService) variableTasks(construct, environment, variables);
    if (construct instanceof AppautoscalingTarget) variableLimits(construct, environment, variables);
    if (construct instanceof LbListenerRule) variablePriority(construct, environment, variables);
  }
  const { terraform, output, variable, data, resource, removed: _removed, provider: _provider, ...rest } = parts(stack);
  const outputs = output as Record<string, ModuleOutput>;
  const body = { ...rest, data, resource };
  const used = usedIn(JSON.stringify([body, outputs]), variables.locals);
  const locals = { ...(rest.locals as object), ...used.locals };
  return {
    versions: { terraform: { required_version: `>= ${oldestTerraform}`, required_providers: providersOf(terraform) } },
    variables: withImages(variable as Readonly<Record<string, ModuleVariable>>, pick(variables.variables, used.text)),
    outputs,
    main: { ...body, ...(Object.keys(locals).length > 0 ? { locals } : {}) },
    findings: withoutPlaceholders(findings(stack.node.root as App)),
  };
}

/** The variables or local values that a text refers to. */
const pick = <Value>(all: Readonly<Record<string, Value>>, text: string, kind: "var" | "local" = "var") =>
  Object.fromEntries(Object.entries(all).filter(([name]) => new RegExp(`\\b${kind}\\.${name}\\b`).test(text)));

/** The local values that a module's body needs, and its text with theirs. The stack doesn't need each thing that the file names. */
function usedIn(body: string, all: Readonly<Record<string, string>>) {
  const locals = pick(all, body, "local");
  return { locals, text: body + JSON.stringify(locals) };
}

/** The variables of images, which the stack declares, and all others. @throws UserError where two have one name */
function withImages(
  images: Readonly<Record<string, ModuleVariable>> = {},
  others: Readonly<Record<string, ModuleVariable>>,
): Record<string, ModuleVariable> {
  const all: Record<string, ModuleVariable> = { ...images };
  for (const [name, variable] of Object.entries(others)) {
    if (name in images && variable.description !== imageDescription) throw taken(name, imageDescription, variable);
    // The stack's has a condition where nodes have the version in their names; this one has the default.
    all[name] = { ...images[name], ...variable };
  }
  return all;
}

/** Tags come from the provider of a stack; a module's provider is its caller's. */
function setTags(stack: ElixirClusterStack, own: Readonly<Record<string, string>>, variables: ModuleVariables): void {
  variables.add("tags", {
    type: "map(string)",
    description: "Tags of everything, in addition to the module's own",
    default: {},
    nullable: false,
  });
  const tags = variables.local("tags", `merge(${JSON.stringify(own)}, var.tags)`);
  for (const construct of stack.node.findAll()) {
    if (!(construct instanceof TerraformResource) || !("tagsInput" in construct)) continue;
    const { tagsInput } = construct as { readonly tagsInput?: Readonly<Record<string, string>> };
    construct.addOverride(
      "tags",
      tagsInput === undefined ? tags : placeholder(`merge(local.tags, ${JSON.stringify(tagsInput)})`),
    );
  }
}

/** The stack's JSON, with Terraform expressions in place of placeholders and without CDKTF's notes. */
function parts(
  stack: ElixirClusterStack,
): { readonly data: Blocks; readonly resource: Blocks } & Record<string, unknown> {
  return expressed(stack.toTerraform()) as never;
}

function expressed(value: unknown): unknown {
  if (typeof value === "string") return withExpressions(value);
  if (Array.isArray(value)) return value.map(expressed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "//")
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [withExpressions(key), expressed(member)]),
  );
}

/** Full sources: a module is read apart from its caller. */
function providersOf(terraform: unknown): Record<string, Provider> {
  const { required_providers: providers } = terraform as { required_providers: Record<string, Provider> };
  return Object.fromEntries(
    Object.entries(providers).map(([name, provider]) => [
      name,
      { ...provider, source: provider.source.includes("/") ? provider.source : `hashicorp/${provider.source}` },
    ]),
  );
}

const withoutPlaceholders = ({ errors, warnings }: Findings): Findings => ({
  errors: errors.map(withExpressions),
  warnings: warnings.map(withExpressions),
});
