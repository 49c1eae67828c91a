import fc from "fast-check";
import { ConfigurationError, environmentsJsonSchema, parseEnvironments } from "../../src/environment";
import { anyFile } from "./arbitrary-environments";
import { example } from "./example";
import { fixedObjectsOf, type JsonSchema } from "./schema-walk";
import { notEmpty } from "../not-empty";

const read = (file: unknown) => parseEnvironments(JSON.stringify(file), "environments.json");
const schema = environmentsJsonSchema() as JsonSchema;

/** The problems of a file; none when it is right. What isn't a ConfigurationError is thrown. */
function problemsOf(text: string): readonly { path: readonly (string | number)[] }[] {
  try {
    parseEnvironments(text, "environments.json");
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

describe("any environment that is right", () => {
  it("is read with its own values and every default", () => {
    // GIVEN what a service has when it says nothing
    const silent = read(example).prod!.services.myapp!;
    const defaults = Object.keys(silent).filter((key) => key !== "image" && key !== "cluster");

    fc.assert(
      fc.property(anyFile, (file) => {
        // WHEN any file is read
        const [[name, written]] = Object.entries(file) as [[string, Record<string, unknown>]];
        const environment = read(file)[name]!;

        // THEN each value is the written one, and each option has a value
        expect(environment).toMatchObject(written);
        expect(environment).toMatchObject({
          publicIp: expect.anything(),
          egress: expect.anything(),
          distributionRules: expect.anything(),
          versions: expect.anything(),
          peers: {},
          tags: {},
        });
        for (const service of notEmpty(Object.values(environment.services))) {
          expect(Object.keys(service)).toEqual(expect.arrayContaining(defaults));
          if (service.healthCheck) expect(Object.values(service.healthCheck)).not.toContain(undefined);
        }
      }),
    );
  });

  it("is read the same when what was read is read again", () => {
    fc.assert(
      fc.property(anyFile, (file) => {
        const once = read(file);
        expect(read(once)).toEqual(once);
      }),
    );
  });

  /** A file that is right, a copy of it, and one of the copy's keys, anywhere in it, such as can be misspelt. */
  const anyKey = fc.tuple(anyFile, fc.nat(), fc.nat()).map(([right, whichObject, whichKey]) => {
    const file = structuredClone(right);
    const objects = fixedObjectsOf(file, schema).filter(({ object }) => Object.keys(object).length > 0);
    const { path, object, allowed } = objects[whichObject % objects.length]!;
    const keys = Object.keys(object);
    return { right, at: { path, key: keys[whichKey % keys.length]!, allowed } };
  });
  const objectAt = (file: unknown, path: readonly string[]) =>
    path.reduce((node, key) => node[key] as Record<string, unknown>, file as Record<string, unknown>);
  const placesOf = (file: unknown) => problemsOf(JSON.stringify(file)).map(({ path }) => path.join("."));

  it("is refused with the place of any key that is misspelt", () => {
    fc.assert(
      fc.property(anyKey, fc.stringMatching(/^[a-z]{1,2}$/), ({ right, at: { path, key, allowed } }, letters) => {
        // GIVEN a file that is right but for one key
        const wrong = `${key.slice(0, -1)}${letters}`;
        fc.pre(!allowed.includes(wrong));
        const file = structuredClone(right);
        const object = objectAt(file, path);
        object[wrong] = object[key];
        delete object[key];

        // WHEN it is read THEN the key's place is among the problems
        expect(placesOf(file)).toContain(["environments", ...path, wrong].join("."));
      }),
    );
  });

  it("is refused with the place of any value that is null", () => {
    fc.assert(
      fc.property(anyKey, ({ right, at: { path, key } }) => {
        const file = structuredClone(right);
        objectAt(file, path)[key] = null;
        expect(placesOf(file)).toContain(["environments", ...path, key].join("."));
      }),
    );
  });
});

describe("whatever a file contains, it is read or refused with a ConfigurationError", () => {
  /** Any other error ends the test. */
  const isReadOrRefused = (text: string) => expect(problemsOf(text)).toBeInstanceOf(Array);

  it("any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), isReadOrRefused));
  });

  it("any JSON", () => {
    fc.assert(fc.property(fc.json({ maxDepth: 6 }), isReadOrRefused));
  });

  it("any JSON as an environment, a service, or a value of either", () => {
    const place = fc.constantFrom<string[]>(
      [],
      ["services"],
      ["services", "myapp"],
      ...Object.keys(schema.$defs!.environment!.properties!).map((key) => [key]),
      ...Object.keys(schema.$defs!.service!.properties!).map((key) => ["services", "myapp", key]),
    );
    fc.assert(
      fc.property(place, fc.jsonValue({ maxDepth: 4 }), (path, value) => {
        const file = structuredClone(example) as Record<string, unknown>;
        const keys = ["prod", ...path];
        const last = keys.pop()!;
        const parent = keys.reduce((node, key) => node[key] as Record<string, unknown>, file);
        parent[last] = value;
        isReadOrRefused(JSON.stringify(file));
      }),
      { numRuns: 500 },
    );
  });

  it("a file that is cut, or has a piece of another in it", () => {
    const whole = JSON.stringify(example, null, 2);
    const piece = fc.tuple(fc.nat(whole.length), fc.nat(40), fc.string({ maxLength: 8 }));
    fc.assert(
      fc.property(piece, ([start, length, other]) => {
        isReadOrRefused(whole.slice(0, start) + other + whole.slice(start + length));
      }),
      { numRuns: 500 },
    );
  });
});
