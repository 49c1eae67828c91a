import { matchesAction, matchesWildcard } from "../../src/aws/iam";

describe("a pattern of actions", () => {
  it.each([
    ["ssm:GetParameters", "ssm:GetParameters", true],
    ["ssm:getparameters", "ssm:GetParameters", true],
    ["ssm:Get*", "ssm:GetParameters", true],
    ["*", "ssm:GetParameters", true],
    ["s*:*Parameters", "ssm:GetParameters", true],
    ["ssm:GetParameter?", "ssm:GetParameters", true],
    ["ssm:GetParameter", "ssm:GetParameters", false],
    ["ssm:GetParameters?", "ssm:GetParameters", false],
    ["sm:GetParameters", "ssm:GetParameters", false],
    ["ssm.GetParameters", "ssm:GetParameters", false],
    ["ssm:(Get)Parameters", "ssm:GetParameters", false],
    ["s3:Get+", "s3:Gett", false],
  ])("%s covers %s: %s", (pattern, action, expected) => {
    expect(matchesAction(action, pattern)).toBe(expected);
  });
});

describe("a pattern of resources", () => {
  it.each([
    ["arn:aws:s3:::a/*", "arn:aws:s3:::a/b/c:d", true],
    ["arn:aws:s3:::a/*", "arn:aws:s3:::a/line\nbreak", true],
    ["arn:aws:s3:::A", "arn:aws:s3:::a", false],
    ["arn:aws:s3:::a", "arn:aws:s3:::ab", false],
    ["arn:aws:s3:::a", "xarn:aws:s3:::a", false],
    ["a|b", "a", false],
    ["a[b]c", "abc", false],
  ])("%j covers %j: %s", (pattern, value, expected) => {
    expect(matchesWildcard(value, pattern)).toBe(expected);
  });
});
