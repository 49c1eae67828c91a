import { constrainAwsProvider, requireAwsProvider } from "../../src/constructs/aws-provider-range";
import { emptyStack, jsonOf } from "./layout";

describe("the range of AWS providers", () => {
  /** The constraint of a stack's JSON. */
  const versionOf = (stack: ReturnType<typeof emptyStack>) => jsonOf(stack).terraform!.required_providers!.aws!.version;

  it("is 5.100 to the newest 6.x", () => {
    const stack = emptyStack();
    constrainAwsProvider(stack);
    expect(versionOf(stack)).toBe(">= 5.100.0, < 7.0.0");
  });

  it.each([
    [["6.21.0"], ">= 6.21.0, < 7.0.0"],
    [["6.21.0", "6.4.0"], ">= 6.21.0, < 7.0.0"],
    [["6.4.0", "6.21.0"], ">= 6.21.0, < 7.0.0"],
    [["6.21.0", "6.21.1"], ">= 6.21.1, < 7.0.0"],
    [["5.99.0"], ">= 5.100.0, < 7.0.0"],
  ])("begins at the highest version that an attribute requires: %j", (required, expected) => {
    const stack = emptyStack();
    constrainAwsProvider(stack);
    required.forEach((version) => requireAwsProvider(stack, version));
    expect(versionOf(stack)).toBe(expected);
  });

  it("holds an attribute's version next to a constraint of the user's, in whichever order they come", () => {
    const [first, second] = [emptyStack(), emptyStack()];
    constrainAwsProvider(first, "~> 6.0");
    requireAwsProvider(first, "6.21.0");
    requireAwsProvider(second, "6.21.0");
    constrainAwsProvider(second, "~> 6.0");
    expect([first, second].map(versionOf)).toEqual(["~> 6.0, >= 6.21.0", "~> 6.0, >= 6.21.0"]);
  });

  it("is a constraint of the user's where no attribute requires more", () => {
    const stack = emptyStack();
    constrainAwsProvider(stack, "5.100.0");
    expect(versionOf(stack)).toBe("5.100.0");
  });
});
