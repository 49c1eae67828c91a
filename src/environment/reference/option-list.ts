import { type Definitions, isChoice, type JsonSchema, referenceOf, resolved } from "./json-schema";
import { exampleOf } from "./example";
import { code, inline, prose } from "./markdown";

interface Page {
  readonly definitions: Definitions;
  /** The heading's anchor of a definition's own list. */
  readonly anchor: (definition: string) => string;
}

/** The options of a definition as a Markdown list: meaning, default, allowed values and an example of each. */
export function optionList(definition: string, page: Page): string {
  return nested(page.definitions[definition]!, page).join("\n");
}

/** The list of what is inside `schema`: an object's keys, or those of a list's items and a union's objects. */
function nested(schema: JsonSchema, page: Page): string[] {
  const { properties = {}, required = [], additionalProperties, items, anyOf = [] } = schema;
  return [
    ...Object.entries(properties).flatMap(([key, field]) =>
      item(key, field, required.includes(key) && !isChoice(schema), page),
    ),
    ...[
      ...anyOf,
      ...(items ? [items] : []),
      ...(typeof additionalProperties === "object" ? [additionalProperties] : []),
    ]
      .filter((part) => referenceOf(part) === undefined)
      .flatMap((part) => nested(part, page)),
  ];
}

function item(key: string, field: JsonSchema, required: boolean, page: Page): string[] {
  const [meaning, usual] = describedDefault(field);
  const definition = definitionIn(field);
  const facts = [
    ...(required ? ["Required."] : []),
    ...(usual === undefined ? [] : [`Default: ${usual}.`]),
    ...allowedOf(field),
    ...(definition === undefined ? [] : [`[Its options](#${page.anchor(definition)}).`]),
  ];
  const whole = resolved(field, page.definitions);
  const alternatives = isChoice(whole) ? Object.keys(whole.properties!) : [];
  const example = code(`${JSON.stringify(key)}: ${inline(exampleOf(field, page.definitions))}`);
  const lines = [
    `- **${code(key)}**: ${prose(meaning, alternatives)}`,
    ...(facts.length > 0 ? [facts.join(" ")] : []),
    `Example: ${example}`,
  ];
  const below = nested(field, page);
  return [
    ...lines.map((line, at) => (at === 0 ? "" : "  ") + line + (at < lines.length - 1 ? "\\" : "")),
    ...below.map((line) => `  ${line}`),
  ];
}

/** The definition that a field's value, or the values of its map, have. */
const definitionIn = ({ additionalProperties: values, ...field }: JsonSchema): string | undefined =>
  referenceOf(field) ?? (typeof values === "object" ? referenceOf(values) : undefined);

/** A description ends with the default, such as "; default 15." or "; default: the environment's." */
function describedDefault({ description = "" }: JsonSchema): [meaning: string, usual: string | undefined] {
  const [, meaning, usual] = /^(.*); default:? (.*)\.$/.exec(description) ?? [];
  if (meaning === undefined || usual === undefined) return [description, undefined];
  return [`${meaning}.`, isJson(usual) ? code(inline(JSON.parse(usual))) : prose(usual)];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What a word, a text or a number may be, unless the description says so. An object's keys have lines of their own. */
function allowedOf({
  description = "",
  errorMessage,
  type,
  enum: values,
  minimum,
  maximum,
  anyOf = [{}],
}: JsonSchema): string[] {
  const isDescribed =
    type === "integer"
      ? description.includes(`${minimum} to ${maximum}`)
      : values?.every((value) => description.includes(JSON.stringify(value)));
  const isPlain =
    type === "string" || type === "integer" || values !== undefined || anyOf.every((part) => part.type === "string");
  return isPlain && !isDescribed && errorMessage !== undefined ? [prose(errorMessage)] : [];
}
