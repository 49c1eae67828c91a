import Ajv2020 from "ajv/dist/2020";
import { z } from "zod";
import { environmentsJsonSchema } from "../../../src/environment";
import { environmentsSchema } from "../../../src/environment/schema/schema";
import { isChoice } from "../../../src/environment/reference/json-schema";
import { fieldsOf, type JsonSchema } from "../schema-walk";

const schema = environmentsJsonSchema();
const fields = fieldsOf(schema as JsonSchema);
const ajv = new Ajv2020({ strict: false });

/** The zod type of each option, under the same places as `fieldsOf`. */
function typesOf(type: z.core.$ZodType, place = ""): [place: string, type: z.core.$ZodType][] {
  const { def } = (type as z.core.$ZodTypes)._zod;
  if (def.type === "optional" || def.type === "default" || def.type === "prefault")
    return typesOf(def.innerType, place);
  if (def.type === "union") return def.options.flatMap((option) => typesOf(option, place));
  if (def.type === "array") return typesOf(def.element, `${place}/*`);
  if (def.type === "record") return typesOf(def.valueType, `${place}/*`);
  if (def.type !== "object") return [];
  return [
    ...Object.entries(def.shape).flatMap(([key, inner]): [string, z.core.$ZodType][] => [
      [`${place}/${key}`, inner],
      ...typesOf(inner, `${place}/${key}`),
    ]),
    ...(def.catchall ? typesOf(def.catchall, `${place}/*`) : []),
  ];
}

it("each option has an example: `.meta({ examples: [...] })` for what the schema can't make one of", () => {
  const without = fields.filter(({ field }) => (field.examples ?? []).length === 0);
  expect(without.map(({ place, key }) => `${place}/${key}`)).toEqual([]);
});

it("each option's examples are right, in zod and in JSON Schema", () => {
  // GIVEN each option with its type in zod
  const types = typesOf(environmentsSchema);
  expect([...new Set(types.map(([place]) => place))].sort()).toEqual(
    [...new Set(fields.map(({ place, key }) => `${place}/${key}`))].sort(),
  );

  // WHEN its examples are read THEN both take them
  const wrong = fields.flatMap(({ place, key, field }) => {
    const own = types.filter(([at]) => at === `${place}/${key}`).map(([, type]) => type);
    const validate = ajv.compile({ ...field, $defs: schema.$defs });
    return field.examples!.filter(
      (example) => !validate(example) || !own.some((type) => z.safeParse(type, example).success),
    );
  });
  expect(wrong).toEqual([]);
});

it("each option that may be left out says its default", () => {
  const optional = Object.values(schema.$defs).flatMap(({ properties = {}, required = [], ...rest }) =>
    Object.entries(properties).filter(([key]) => !required.includes(key) && !isChoice(rest)),
  );
  const without = optional.filter(([, { description }]) => !/; default:? .+\.$/.test(description!));
  expect(without.map(([key]) => key)).toEqual([]);
});
