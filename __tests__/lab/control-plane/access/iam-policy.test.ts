import { evaluateAccess } from "../../../../src/lab/control-plane/access/iam-policy";
import type { PolicyDocument } from "../../../../src/lab/control-plane/access/iam-policy";

const cookie = "arn:aws:ssm:eu-west-1:123456789012:parameter/org/prod/cookie";
const request = { action: "ssm:GetParameters", resource: cookie, context: { "aws:RequestedRegion": "eu-west-1" } };
const allow = (change: object = {}): PolicyDocument => ({
  Statement: { Effect: "Allow", Action: "ssm:GetParameters", Resource: cookie, ...change },
});
const deny = (change: object = {}): PolicyDocument => ({
  Statement: [{ Effect: "Deny", Action: "ssm:*", Resource: "*", ...change }],
});
const isAllowed = (...policies: PolicyDocument[]) => evaluateAccess({ policies }, request).allowed;

describe("a role's policies", () => {
  it.each([
    ["exactly the parameter", allow(), true],
    ["all parameters of a path", allow({ Resource: cookie.replace("cookie", "*") }), true],
    ["one character left open", allow({ Resource: cookie.replace("cookie", "cooki?") }), true],
    ["any action, whatever its case", allow({ Action: ["SSM:get*"] }), true],
    ["another parameter", allow({ Resource: `${cookie}2` }), false],
    ["a parameter of other case", allow({ Resource: cookie.replace("cookie", "Cookie") }), false],
    ["a dot that is not any character", allow({ Resource: cookie.replace("/prod", ".prod") }), false],
    ["GetParameter, which ECS does not call", allow({ Action: "ssm:GetParameter" }), false],
    ["all but some actions", allow({ Action: undefined, NotAction: "kms:*" }), true],
    ["all but this action", allow({ Action: undefined, NotAction: "ssm:*" }), false],
    ["all but this resource", allow({ Resource: undefined, NotResource: cookie }), false],
  ])("that allow %s", (_what, policy, expected) => {
    expect(isAllowed(policy)).toBe(expected);
  });

  it("let a Deny override any Allow, and say so", () => {
    expect(evaluateAccess({ policies: [allow(), deny()] }, request)).toEqual({
      allowed: false,
      because: "with an explicit deny in an identity-based policy",
    });
  });

  it("need the boundary's Allow as well", () => {
    expect(evaluateAccess({ policies: [allow()], boundary: allow({ Action: "s3:*" }) }, request)).toEqual({
      allowed: false,
      because: "because no permissions boundary allows the ssm:GetParameters action",
    });
  });

  it.each([
    ["StringEquals", { "aws:RequestedRegion": "eu-west-1" }, true],
    ["StringEquals", { "AWS:requestedregion": ["us-east-1", "eu-west-1"] }, true],
    ["StringEquals", { "aws:RequestedRegion": "us-east-1" }, false],
    ["StringNotEquals", { "aws:RequestedRegion": ["us-east-1", "eu-west-1"] }, false],
    ["StringLike", { "aws:RequestedRegion": "eu-*" }, true],
    ["StringEquals", { "aws:PrincipalTag/team": "a" }, false],
    ["StringEqualsIfExists", { "aws:PrincipalTag/team": "a" }, true],
    ["StringNotEquals", { "aws:PrincipalTag/team": "a" }, true],
    ["Null", { "aws:PrincipalTag/team": "true" }, true],
    ["Null", { "aws:RequestedRegion": true }, false],
  ])("under the condition %s %j", (operator, keys, expected) => {
    expect(isAllowed(allow({ Condition: { [operator]: keys } }))).toBe(expected);
  });

  it("refuse to guess an operator that is not evaluated", () => {
    expect(() => isAllowed(allow({ Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } }))).toThrow(
      "The lab does not evaluate IAM's condition operator IpAddress",
    );
  });
});
