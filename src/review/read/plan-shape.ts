import { z } from "zod";

/**
 * The parts of a plan that the review reads, as Terraform and OpenTofu write them. The review ignores everything else.
 * Each message names what Terraform writes in that place.
 * Source: https://developer.hashicorp.com/terraform/internals/json-format
 */
const text = z.string("text");
const key = z.union([z.string(), z.number()], "text or a number");
const listOf = <T extends z.ZodType>(member: T) => z.array(member, "a list");
const objectOf = <T extends z.ZodType>(member: T) => z.record(z.string(), member, "an object");
const object = <T extends z.core.$ZodLooseShape>(shape: T) => z.looseObject(shape, "an object");
/** Terraform leaves out what isn't there; other writers of the format put null. */
const maybe = <T extends z.ZodType>(type: T) => type.nullish();

const expression = object({ references: maybe(z.array(text, "a list of references")) });

/** What a block's arguments and inner blocks come from: expressions at any depth, told from blocks by what they hold. */
const expressions = objectOf(z.unknown()).superRefine((blocks, { addIssue }) => {
  const wrong = Object.entries(blocks).flatMap(([name, value]) => malformed(value, [name]))[0];
  if (wrong) addIssue({ code: "custom", path: [...wrong], message: "a list of references" });
});

type Path = readonly (string | number)[];

/** Where an expression has `references` that aren't a list of text. */
function malformed(value: unknown, path: Path): Path[] {
  if (typeof value !== "object" || value === null) return [];
  // The members of a list are blocks, which may have an argument of any name, this one too.
  if (Array.isArray(value))
    return value.flatMap((block: unknown, at) =>
      typeof block === "object" && block !== null
        ? Object.entries(block).flatMap(([name, inner]) => malformed(inner, [...path, at, name]))
        : [],
    );
  if ("constant_value" in value && !("references" in value)) return [];
  if (!("references" in value) || (isExpression(value.references) && !("constant_value" in value)))
    return Object.entries(value).flatMap(([name, inner]) => malformed(inner, [...path, name]));
  return z.array(z.string()).safeParse(value.references).success ? [] : [[...path, "references"]];
}

function isExpression(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    ("constant_value" in value || Array.isArray((value as { references?: unknown }).references))
  );
}

const change = object({
  address: text,
  type: text,
  mode: maybe(text),
  name: maybe(text),
  index: maybe(key),
  module_address: maybe(text),
  previous_address: maybe(text),
  deposed: maybe(text),
  action_reason: maybe(text),
  change: object({
    actions: listOf(text),
    before: maybe(objectOf(z.unknown())),
    after: maybe(objectOf(z.unknown())),
    after_unknown: maybe(z.union([z.boolean(), objectOf(z.unknown())], "an object")),
    replace_paths: maybe(listOf(listOf(key))),
  }),
});

const configuredResource = object({
  mode: text,
  type: text,
  name: text,
  expressions: maybe(expressions),
  for_each_expression: maybe(expression),
  count_expression: maybe(expression),
});

const configuredModule = object({
  resources: maybe(listOf(configuredResource)),
  outputs: maybe(objectOf(object({ expression: maybe(expression) }))),
  variables: maybe(objectOf(object({}))),
  get module_calls() {
    return maybe(objectOf(moduleCall));
  },
});

const moduleCall = object({
  expressions: maybe(objectOf(expression)),
  for_each_expression: maybe(expression),
  count_expression: maybe(expression),
  get module(): z.ZodType {
    return maybe(configuredModule);
  },
});

const stateModule = object({
  address: maybe(text),
  resources: maybe(
    listOf(
      object({
        address: text,
        mode: text,
        type: text,
        name: text,
        index: maybe(key),
        values: maybe(objectOf(z.unknown())),
      }),
    ),
  ),
  get child_modules(): z.ZodType {
    return maybe(listOf(stateModule));
  },
});

const actionInvocation = object({
  address: text,
  type: maybe(text),
  lifecycle_action_trigger: maybe(
    object({ triggering_resource_address: maybe(text), action_trigger_event: maybe(text) }),
  ),
});

const plan = object({
  action_invocations: maybe(listOf(actionInvocation)),
  terraform_version: maybe(text),
  errored: maybe(z.boolean("true or false")),
  variables: maybe(objectOf(object({}))),
  resource_changes: maybe(listOf(change)),
  configuration: maybe(object({ root_module: maybe(configuredModule) })),
  prior_state: maybe(object({ values: maybe(object({ root_module: maybe(stateModule) })) })),
});

const configuration = object({
  resource: maybe(objectOf(objectOf(object({})))),
  data: maybe(objectOf(objectOf(object({})))),
  variable: maybe(objectOf(object({}))),
  locals: maybe(objectOf(z.unknown())),
});

/** Something that isn't as Terraform writes it: where, and what Terraform writes there. */
export interface Malformed {
  readonly path: string;
  readonly expected: string;
}

/** The first thing in a plan that isn't as Terraform writes it. */
export function malformedPlan(json: unknown): Malformed | undefined {
  return firstIssue(plan, json);
}

/** The first thing in Terraform JSON that isn't as CDKTF writes it. */
export function malformedConfiguration(json: unknown): Malformed | undefined {
  return firstIssue(configuration, json);
}

function firstIssue(schema: z.ZodType, json: unknown): Malformed | undefined {
  const issue = schema.safeParse(json).error?.issues[0];
  return issue && { path: pathText(issue.path), expected: issue.message };
}

/** `configuration.root_module.resources[3].expressions`. */
function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step, at) => {
      if (typeof step === "number") return `[${step}]`;
      const name = String(step);
      if (!/^[\w-]+$/.test(name)) return `[${JSON.stringify(name)}]`;
      return at === 0 ? name : `.${name}`;
    })
    .join("");
}
