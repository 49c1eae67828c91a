import { z } from "zod";
import { choice, list, mapOf, object, oneOf, wholeNumber, option } from "../../../src/environment/schema/shapes";
import { validParts } from "../../../src/environment/schema/valid-parts";

const size = wholeNumber(1, 9);
const schema = object({
  size: option(size, 5, "Size"),
  limits: mapOf(z.string(), object({ from: size, to: option(size, 9, "To") })),
  ports: list(size, "ports").optional(),
  place: choice({ id: size, name: oneOf("here", "there") }),
  check: z.union([oneOf("never"), object({ every: option(size, 2, "Every"), retries: size })]).prefault("never"),
});
const partsOf = (value: object) => validParts(schema, { limits: {}, place: { id: 1 }, ...value });

describe("validParts", () => {
  it("is what the schema makes of a value that is right", () => {
    const value = { limits: { a: { from: 1 } }, place: { id: 1 } };
    expect(validParts(schema, value)).toEqual(schema.parse(value));
  });

  it("has undefined for a wrong value, never its default, and the rest with defaults", () => {
    expect(partsOf({ size: 0, limits: { a: { from: "1" } } })).toEqual({
      size: undefined,
      limits: { a: { from: undefined, to: 9 } },
      ports: undefined,
      place: { id: 1 },
      check: "never",
    });
  });

  it("leaves unknown keys out and keeps wrong names of entries", () => {
    const parts = validParts(mapOf(z.string().regex(/^a/), schema), { b: { sise: 3, place: { id: 1 }, limits: {} } });
    expect(parts).toEqual({ b: expect.objectContaining({ size: 5, place: { id: 1 } }) });
    expect(parts!.b).not.toHaveProperty("sise");
  });

  it("keeps the places of a list", () => {
    expect(partsOf({ ports: [1, "2", 3] })!.ports).toEqual([1, undefined, 3]);
  });

  it("has the keys of every alternative of a choice that were given", () => {
    expect(partsOf({ place: { id: 1, name: "here" } })!.place).toEqual({ id: 1, name: "here" });
    expect(partsOf({ place: { id: 1, name: "nowhere" } })!.place).toEqual({ id: 1, name: undefined });
    expect(partsOf({ place: "here" })!.place).toBeUndefined();
  });

  it("has the parts of the alternative of a union that has some", () => {
    expect(partsOf({ check: { retries: 10 } })!.check).toEqual({ every: 2, retries: undefined });
    expect(partsOf({ check: "sometimes" })!.check).toBeUndefined();
  });

  it.each([null, 5, "x", []])("has nothing of %j in place of an object", (value) => {
    expect(validParts(schema, value)).toBeUndefined();
  });
});
