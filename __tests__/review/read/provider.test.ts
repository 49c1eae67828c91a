import { placeOfProvider } from "../../../src/review/read/provider";

const constant = (value: unknown) => ({ constant_value: value });
const plan = (provider_config: object, variables: object = {}) =>
  placeOfProvider({ plan: { configuration: { provider_config }, variables } as never });
const aws = (expressions: object, more: object = {}) => ({ name: "aws", expressions, ...more });
const both = { region: "eu-west-1", account: "123456789012" };

it("is what the only AWS provider of a plan sets, or a variable", () => {
  expect(
    plan({
      aws: aws({ region: constant("eu-west-1"), allowed_account_ids: constant(["123456789012"]) }),
      x: { name: "x" },
    }),
  ).toEqual(both);
  const variable = aws({
    region: { references: ["var.region"] },
    allowed_account_ids: { references: ["var.account"] },
  });
  expect(plan({ aws: variable }, { region: { value: "eu-west-1" }, account: { value: ["123456789012"] } })).toEqual(
    both,
  );
});

it("is what the only AWS provider of synthesized JSON sets", () => {
  const synthesized = (provider: unknown) => placeOfProvider({ synthesized: { provider } });
  const set = { region: "eu-west-1", allowed_account_ids: ["123456789012"] };
  expect(synthesized({ aws: [set] })).toEqual(both);
  expect(synthesized({ aws: set })).toEqual(both);
  expect(synthesized({ aws: [set, { ...set, alias: "x" }] })).toEqual({});
  expect(synthesized({ aws: [{ region: "${var.region}", allowed_account_ids: ["1", "2"] }] })).toEqual({});
});

it.each<[string, object]>([
  ["no provider", {}],
  ["two", { aws: aws({ region: constant("eu-west-1") }), "aws.x": aws({ region: constant("us-east-1") }) }],
  ["two accounts", { aws: aws({ allowed_account_ids: constant(["1", "2"]) }) }],
  ["an expression", { aws: aws({ region: { references: ["data.aws_region.x.name", "data.aws_region.x"] } }) }],
  ["something else", { aws: aws({ region: constant(7) }), b: null, c: "aws" }],
  ["no arguments", { aws: { name: "aws" } }],
])("isn't known with %s", (_, config) => {
  expect(plan(config)).toEqual({});
});
