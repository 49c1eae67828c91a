import Ajv from "ajv";
import schema from "../../../docs/review.schema.json";
import { reviewPlan } from "../../../src/review/review";
import { renderJson } from "../../../src/review/render/json";
import { reviewFixture } from "../fixtures";
import { layoutOf, mutations } from "../layouts";

const validate = new Ajv({ allErrors: true }).compile(schema);
const errors = (json: string) => (validate(JSON.parse(json)) ? [] : validate.errors);

describe("--json", () => {
  it.each(["guide", "modules", "counted", "changed"] as const)("of %s is what the schema says", (name) => {
    expect(errors(String(renderJson([reviewFixture(name)])))).toEqual([]);
  });

  it("of every layout is what the schema says", () => {
    const reviews = mutations.map((mutation) => reviewPlan(layoutOf(mutation), { name: mutation.name }));
    expect(errors(String(renderJson(reviews)))).toEqual([]);
  });

  it("of something else is not", () => {
    expect(
      errors(
        String(renderJson([reviewFixture("guide")]))
          .replaceAll('"connects"', '"maybe"')
          .replaceAll('"unknown"', '"maybe"'),
      ),
    ).not.toEqual([]);
  });

  it("holds no secret's value", () => {
    const json = String(renderJson([reviewFixture("guide")]));
    expect(json).not.toContain("5f0c2a9be17d48d3a6c4f1e0b7952d86");
    expect(json).not.toContain("a cookie that lies in a variable");
  });
});
