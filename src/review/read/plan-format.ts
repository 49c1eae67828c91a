import { z } from "zod";

/**
 * The parts of a plan that the review reads, as Terraform and OpenTofu write them: the types are inferred from the schemas that
 * check a file. The review ignores everything else. Each message names what Terraform writes in that place.
 * Source: https://developer.hashicorp.com/terraform/internals/json-format
 */
const text = z.string("text");
const key = z.union([z.string(), z.number()], "text or a number");
const listOf = <T extends z.ZodType>(member: T) => z.array(member, "a list");
const objectOf = <T extends z.ZodType>(member: T) => z.record(z.string(), member, "an object");
const object = <T extends z.core.$ZodLooseShape>(shape: T) => z.object(shape, "an object");
/** Terraform leaves out what isn't there; other writers of the format put null. Both are read as absent. */
const maybe = <T extends z.ZodType>(type: T) =>
  type
    .nullish()
    .transform((value) => value ?? undefined)
    .optional();

const expression = object({
  constant_value: z.unknown().optional(),
  references: maybe(z.array(text, "a list of references")),
});
export type Expression = z.infer<typeof expression>;

/** What a block's arguments and inner blocks come from: expressions at any depth, told from blocks by what they hold. */
const expressions = objectOf(z.unknown()).superRefine((blocks, { addIssue }) => {
  const wrong = Object.entries(blocks).flatMap(([name, value]) => wrongReferences(value, [name]))[0];
  if (wrong) addIssue({ code: "custom", path: [...wrong], message: "a list of references" });
});

type Path = readonly (string | number)[];

/** Where an expression has `references` that aren't a list of text. */
function wrongReferences(value: unknown, path: Path): Path[] {
  if (typeof value !== "object" || value === null) return [];
  // The members of a list are blocks, which may have an argument of any name, this one too.
  if (Array.isArray(value))
    return value.flatMap((block: unknown, at) =>
      typeof block === "object" && block !== null
        ? Object.entries(block).flatMap(([name, inner]) => wrongReferences(inner, [...path, at, name]))
        : [],
    );
  if ("constant_value" in value && !("references" in value)) return [];
  if (!("references" in value) || (isExpression(value.references) && !("constant_value" in value)))
    return Object.entries(value).flatMap(([name, inner]) => wrongReferences(inner, [...path, name]));
  return z.array(z.string()).safeParse(value.references).success ? [] : [[...path, "references"]];
}

function isExpression(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    ("constant_value" in value || Array.isArray((value as { references?: unknown }).references))
  );
}

/** What the review tells apart of it; Terraform may write others. */
const mode = text as z.ZodType<"managed" | "data">;

export type Action = "create" | "read" | "update" | "delete" | "no-op" | "forget";

const resourceChange = object({
  address: text,
  type: text,
  mode,
  name: text,
  index: maybe(key),
  module_address: maybe(text),
  previous_address: maybe(text),
  deposed: maybe(text),
  action_reason: maybe(text),
  change: object({
    actions: listOf(text as z.ZodType<Action>),
    before: maybe(objectOf(z.unknown())),
    after: maybe(objectOf(z.unknown())),
    after_unknown: maybe(z.union([z.boolean(), objectOf(z.unknown())], "an object")),
    after_sensitive: z.unknown().optional(),
    replace_paths: maybe(listOf(listOf(key))),
    importing: z.unknown().optional(),
  }),
});
export type ResourceChange = z.infer<typeof resourceChange>;

const configuredResource = object({
  mode,
  type: text,
  name: text,
  expressions: maybe(expressions),
  for_each_expression: maybe(expression),
  count_expression: maybe(expression),
});
export type ConfiguredResource = z.infer<typeof configuredResource>;

/** The type of a getter that contains itself, which TypeScript does not infer. */
type Recursive<T> = z.ZodOptional<z.ZodType<T>>;

const configuredModule = object({
  resources: maybe(listOf(configuredResource)),
  outputs: maybe(objectOf(object({ expression: maybe(expression) }))),
  get module_calls(): Recursive<Record<string, ModuleCall>> {
    return maybe(objectOf(moduleCall)) as never;
  },
});
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- A type alias may not contain itself; an interface may.
export interface ConfiguredModule extends z.infer<typeof configuredModule> {}

const moduleCall = object({
  expressions: maybe(objectOf(expression)),
  for_each_expression: maybe(expression),
  count_expression: maybe(expression),
  get module(): Recursive<ConfiguredModule> {
    return maybe(configuredModule) as never;
  },
});
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- A type alias may not contain itself; an interface may.
export interface ModuleCall extends z.infer<typeof moduleCall> {}

const stateResource = object({
  address: text,
  mode,
  type: text,
  name: text,
  index: maybe(key),
  deposed_key: maybe(text),
  values: maybe(objectOf(z.unknown())),
  sensitive_values: z.unknown().optional(),
});
export type StateResource = z.infer<typeof stateResource>;

const stateModule = object({
  address: maybe(text),
  resources: maybe(listOf(stateResource)),
  get child_modules(): Recursive<StateModule[]> {
    return maybe(listOf(stateModule)) as never;
  },
});
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- A type alias may not contain itself; an interface may.
export interface StateModule extends z.infer<typeof stateModule> {}

/** Terraform 1.14 and later: actions that apply runs with its changes, or alone with `-invoke`. */
const actionInvocation = object({
  address: text,
  type: maybe(text),
  lifecycle_action_trigger: maybe(
    object({ triggering_resource_address: maybe(text), action_trigger_event: maybe(text) }),
  ),
});
export type ActionInvocation = z.infer<typeof actionInvocation>;

const plan = object({
  format_version: z.unknown().optional(),
  action_invocations: maybe(listOf(actionInvocation)),
  terraform_version: maybe(text),
  errored: maybe(z.boolean("true or false")),
  variables: maybe(objectOf(object({ value: z.unknown().optional() }))),
  resource_changes: maybe(listOf(resourceChange)),
  configuration: maybe(object({ root_module: maybe(configuredModule), provider_config: maybe(objectOf(z.unknown())) })),
  prior_state: maybe(object({ values: maybe(object({ root_module: maybe(stateModule) })) })),
});
export type PlanJson = z.infer<typeof plan>;

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

/** A plan, or the first thing in it that isn't as Terraform writes it. */
export function parsePlan(json: unknown): { readonly plan: PlanJson } | { readonly wrong: Malformed } {
  const { data, error } = plan.safeParse(json);
  return data ? { plan: data } : { wrong: malformed(error) };
}

/** The first thing in Terraform JSON that isn't as CDKTF writes it. */
export function malformedConfiguration(json: unknown): Malformed | undefined {
  const { error } = configuration.safeParse(json);
  return error && malformed(error);
}

function malformed({ issues: [issue] }: z.ZodError): Malformed {
  return { path: pathText(issue!.path), expected: issue!.message };
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
