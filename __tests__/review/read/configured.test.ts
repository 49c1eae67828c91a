import { isConfigured } from "../../../src/review/read/configured";
import type { Resource } from "../../../src/review/read/resources";
import { Unknown, type Value } from "../../../src/review/read/value";
import { resource } from "../resource";

/** A group whose configuration sets no `ingress` outside of a `dynamic` block. */
const group = (ingress: Value | undefined, change: Partial<Resource> = {}) =>
  resource("aws_security_group.a", ingress === undefined ? {} : { ingress }, { configured: {}, ...change });
const rule = { from_port: 4369 };
const isSet = (each: Resource) => isConfigured(each, "ingress");

it("is configured by an attribute of the resource", () => {
  expect(isSet(group([rule], { configured: { ingress: {} }, before: { ingress: [rule] }, actions: ["update"] }))).toBe(
    true,
  );
  expect(isSet(group([], { configured: { ingress: {} } }))).toBe(true);
  // Nothing is known of the configuration: all is taken for set.
  const { configured: _, ...unknown } = group(undefined);
  expect(isSet(unknown)).toBe(true);
});

it("is configured by a dynamic block of Terraform JSON", () => {
  expect(isSet(group(undefined, { configured: { dynamic: { ingress: {} } } }))).toBe(true);
  expect(isSet(group(undefined, { configured: { dynamic: { egress: {} } } }))).toBe(false);
  expect(isSet(group(undefined, { configured: { dynamic: null } }))).toBe(false);
});

describe("is configured, in a plan, by values of a dynamic block", () => {
  it.each<[string, Value | undefined, boolean]>([
    ["that isn't there", undefined, false],
    ["null", null, false],
    ["unknown, as what AWS sets", new Unknown("set by AWS at apply"), false],
    ["without members", [], false],
    ["with a member", [rule], true],
    ["that is one block", rule, true],
  ])("a new resource's: %s", (_, value, expected) => {
    expect(isSet(group(value))).toBe(expected);
  });

  it.each<[string, Value, Value, Resource["actions"], boolean]>([
    ["the same as before", [rule], [rule], ["update"], false],
    ["another than before", [rule], [], ["update"], true],
    ["nothing, where there was something", [], [rule], ["update"], true],
    ["the same, and it is replaced", [rule], [rule], ["delete", "create"], true],
    ["the same, and it is created first", [rule], [rule], ["create", "delete"], true],
    ["nothing, and it is replaced", [], [rule], ["delete", "create"], false],
  ])("another resource's: %s", (_, value, ingress, actions, expected) => {
    expect(isSet(group(value, { before: { ingress }, actions }))).toBe(expected);
  });
});
