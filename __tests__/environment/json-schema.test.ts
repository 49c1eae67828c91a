import { readFileSync } from "node:fs";
import path from "node:path";
import Ajv2020 from "ajv/dist/2020";
import fc from "fast-check";
import { environmentsJsonSchema } from "../../src/environment";
import { fargateCpus, fargateMemory } from "../../src/aws/ecs/fargate-sizes";
import { environmentSnippets, serviceSnippets } from "../../src/environment/schema/snippets";
import { exampleFile, exampleNames } from "../examples";
import { anyFile } from "./arbitrary-environments";
import { changed } from "./example";
import { messagesOf } from "./messages";
import { fieldsOf, fixedObjectsOf, type JsonSchema } from "./schema-walk";

const root = path.join(__dirname, "..", "..");
const schema = environmentsJsonSchema() as JsonSchema;
const ajv = new Ajv2020({ allErrors: true, strictTypes: false, keywords: ["errorMessage", "defaultSnippets"] });
const validate = ajv.compile(schema);
const parsed = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));
const examples = [path.join(root, "environments.json"), ...exampleNames.map(exampleFile)];

it("is the one in environments.schema.json: `npm run schema` writes it", () => {
  expect(parsed(path.join(root, "environments.schema.json"))).toEqual(schema);
});

it.each(examples.map((file) => [path.relative(root, file), file]))("accepts %s", (_, file) => {
  expect(validate(parsed(file))).toBe(true);
});

it("accepts any environment that is right", () => {
  fc.assert(
    fc.property(anyFile, (file) => {
      expect([validate(file), validate.errors]).toEqual([true, null]);
    }),
  );
});

it.each([
  ["an unknown key", { "prod/regoin": "x" }, "/prod must NOT have additional properties"],
  ["a missing key", { "prod/vpc": undefined }, "/prod must have required property 'vpc'"],
  ["two of a choice", { "prod/vpc": { id: "vpc-0abc1234", tags: { a: "b" } } }, "/prod/vpc must NOT be valid"],
  ["none of a choice", { "prod/state": {} }, "/prod/state must NOT be valid"],
  ["no service", { "prod/services": {} }, "/prod/services must NOT have fewer than 1 properties"],
  [
    "a wrong word",
    { "prod/services/myapp/discovery": "libcluster" },
    "/prod/services/myapp/discovery must be equal to one of the allowed values",
  ],
  [
    "a number out of its range",
    { "prod/services/myapp/stopTimeoutSeconds": 121 },
    "/prod/services/myapp/stopTimeoutSeconds must be <= 120",
  ],
  [
    "a cpu that Fargate hasn't",
    { "prod/services/myapp/cpu": 300 },
    "/prod/services/myapp/cpu must be equal to one of the allowed values",
  ],
  [
    "memory that a cpu hasn't",
    { "prod/services/myapp/cpu": 256, "prod/services/myapp/memory": 4096 },
    "/prod/services/myapp/memory must be equal to one of the allowed values",
  ],
  [
    "memory that the default cpu hasn't",
    { "prod/services/myapp/cpu": undefined, "prod/services/myapp/memory": 512 },
    "/prod/services/myapp/memory must be equal to one of the allowed values",
  ],
  [
    "a cpu that the default memory doesn't go with",
    { "prod/services/myapp/cpu": 1024, "prod/services/myapp/memory": undefined },
    "/prod/services/myapp must have required property 'memory'",
  ],
  ["a wrong region", { "prod/region": "eu-wset-1" }, "/prod/region must match a schema in anyOf"],
  ["a wrong type", { "prod/publicIp": "no" }, "/prod/publicIp must be boolean"],
  ["a wrong name of an environment", { Prod: {} }, " property name must be valid"],
  [
    "a wrong name of a service",
    { "prod/services/my_app": { image: { uri: "a" } } },
    "/prod/services property name must be valid",
  ],
])("refuses %s", (_, changes, message) => {
  validate(changed(changes as Record<string, unknown>));
  expect(validate.errors?.map(({ instancePath, message: said }) => `${instancePath} ${said}`)).toContain(message);
});

it.each(fargateCpus.flatMap((cpu) => fargateMemory(cpu).map((memory) => [cpu, memory])))(
  "accepts %i CPU units with %i MiB",
  (cpu, memory) => {
    expect(validate(changed({ "prod/services/myapp/cpu": cpu, "prod/services/myapp/memory": memory }))).toBe(true);
  },
);

it("accepts a region that it doesn't propose, and the file's reader does too", () => {
  const file = changed({ "prod/region": "eu-west-9" });
  expect([validate(file), messagesOf(file)]).toEqual([true, []]);
});

it("each pattern comes with a message in words", () => {
  const patterns = (part: unknown): Record<string, unknown>[] => {
    if (typeof part !== "object" || part === null) return [];
    const own = typeof (part as JsonSchema & { pattern?: unknown }).pattern === "string" ? [part] : [];
    return [...(own as Record<string, unknown>[]), ...Object.values(part).flatMap(patterns)];
  };
  const all = patterns(schema);
  expect(all.length).toBeGreaterThan(40);
  expect(all.filter(({ errorMessage }) => !/^Allowed: .*\.$/.test(String(errorMessage)))).toEqual([]);
});

describe("snippets", () => {
  /** What is inserted when nothing is typed in. */
  const inserted = (body: unknown): unknown =>
    JSON.parse(
      JSON.stringify(body)
        .replace(/"\^\$\{\d+:(\d+)\}"/g, "$1")
        .replace(/\$\{\d+:([^}]*)\}/g, "$1"),
    );

  it.each(environmentSnippets.map((snippet) => [snippet.label, snippet.body]))("%s is right", (_, body) => {
    const file = { prod: inserted(body) };
    expect([validate(file), messagesOf(file)]).toEqual([true, []]);
  });

  it.each(serviceSnippets.map((snippet) => [snippet.label, snippet.body]))("%s is right", (_, body) => {
    const file = changed({
      "prod/loadBalancer": { create: { zone: "example.com" } },
      "prod/services": { shop: inserted(body) },
    });
    expect([validate(file), messagesOf(file)]).toEqual([true, []]);
  });

  it("are those of the schema", () => {
    expect(schema.$defs).toMatchObject({
      environment: { defaultSnippets: environmentSnippets },
      service: { defaultSnippets: serviceSnippets },
    });
  });
});

it("describes every field in a sentence", () => {
  const without = fieldsOf(schema).filter(({ field }) => !/^[A-Z"].*\.$/.test(field.description ?? ""));
  expect(without.map(({ place, key }) => `${place}/${key}`)).toEqual([]);
});

it("knows no field that the example environments leave out", () => {
  // GIVEN each field by its object's keys and its own: the same object may stand in several places
  const written = new Set(
    examples.flatMap((file) =>
      fixedObjectsOf(parsed(file), schema).flatMap(({ object, allowed }) =>
        Object.keys(object).map((key) => `${allowed.join()}: ${key}`),
      ),
    ),
  );
  const known = fixedObjectsOf(parsed(exampleFile("every-option")), schema).flatMap(({ allowed }) =>
    allowed.map((key) => `${allowed.join()}: ${key}`),
  );
  expect(known.filter((field) => !written.has(field))).toEqual([]);
});
