import { anything, conditionsHold, covers, every, some } from "../../../src/review/iam/conditions";

const account = "123456789012";
const context = {
  "aws:SourceAccount": account,
  "aws:SourceArn": `arn:aws:ecs:eu-west-1:${account}:${anything}`,
  "sts:ExternalId": null,
};
const holds = (operator: string, key: string, ...values: string[]) =>
  conditionsHold([{ operator, key, values }], context);

it.each<[operator: string, key: string, values: string[], expected: boolean | undefined]>([
  ["StringEquals", "aws:SourceAccount", [account], true],
  ["StringEquals", "AWS:sourceaccount", [account], true],
  ["StringEquals", "aws:SourceAccount", ["210987654321"], false],
  ["StringEquals", "aws:SourceAccount", ["210987654321", account], true],
  ["StringEquals", "aws:SourceAccount", ["${data.aws_caller_identity.current.account_id}"], undefined],
  ["StringNotEquals", "aws:SourceAccount", [account], false],
  ["StringNotEquals", "aws:SourceAccount", ["210987654321"], true],
  ["ArnLike", "aws:SourceArn", [`arn:aws:ecs:eu-west-1:${account}:*`], true],
  ["ArnEquals", "aws:SourceArn", ["arn:aws:ecs:*:*:*"], true],
  ["StringLike", "aws:SourceArn", ["arn:aws:ecs:*"], true],
  ["ArnLike", "aws:SourceArn", [`arn:aws:ecs:us-east-1:${account}:*`], false],
  ["ArnLike", "aws:SourceArn", ["arn:aws:ecs:eu-west-1:210987654321:*"], false],
  ["ArnLike", "aws:SourceArn", [`arn:aws:ecs:eu-west-1:${account}:task/*`], undefined],
  ["ArnLike", "aws:SourceArn", ["arn:${var.partition}:ecs:us-east-1:${var.account}:*"], false],
  ["ArnLike", "aws:SourceArn", ["arn:${var.partition}:ecs:eu-west-1:${var.account}:*"], undefined],
  ["ArnLike", "aws:SourceArn", ["arn:aws:ec2:${var.region}:210987654321:*"], false],
  ["ArnLike", "aws:SourceArn", [`arn:aws:ecs:\${var.region}:${account}:*`], undefined],
  ["ArnNotLike", "aws:SourceArn", [`arn:aws:ecs:eu-west-1:${account}:*`], false],
  // No ARN contains the wildcard that this operator takes literally.
  ["StringEquals", "aws:SourceArn", [`arn:aws:ecs:eu-west-1:${account}:*`], false],
  ["StringEquals", "aws:SourceArn", [`arn:aws:ecs:eu-west-1:${account}:task/a`], undefined],
  ["StringEquals", "sts:ExternalId", ["a"], false],
  ["StringEqualsIfExists", "sts:ExternalId", ["a"], true],
  ["StringNotEquals", "sts:ExternalId", ["a"], true],
  ["Null", "sts:ExternalId", ["true"], true],
  ["Null", "sts:ExternalId", ["false"], false],
  ["Null", "aws:SourceAccount", ["true"], false],
  ["Null", "aws:SourceAccount", ["${var.absent}"], undefined],
  ["StringEquals", "aws:SourceVpc", ["vpc-1"], undefined],
  ["ForAnyValue:StringEquals", "aws:SourceAccount", ["210987654321"], undefined],
])("%s of %s and %j: %s", (operator, key, values, expected) => {
  expect(holds(operator, key, ...values)).toBe(expected);
});

it("needs all conditions", () => {
  const right = { operator: "StringEquals", key: "aws:SourceAccount", values: [account] };
  const open = { operator: "StringEquals", key: "aws:SourceVpc", values: ["vpc-1"] };
  const wrong = { ...right, values: ["210987654321"] };
  expect([[], [right], [right, open], [right, open, wrong]].map((all) => conditionsHold(all, context))).toEqual([
    true,
    true,
    undefined,
    false,
  ]);
});

it.each<[pattern: string, text: string, expected: boolean | undefined]>([
  ["*", "", true],
  ["a*c", "abc", true],
  ["a*c", "abd", false],
  ["a*", `a${anything}`, true],
  // The unknown part may be longer than one character.
  ["a?", `a${anything}`, undefined],
  ["a*z", `a${anything}`, undefined],
  ["b*", `a${anything}`, false],
  ["${var.a}b", "ab", undefined],
  ["${var.a}b", "ac", false],
  ["x${var.a}", `${anything}y`, undefined],
  ["ab", `${anything}b${anything}`, undefined],
  ["ab", `${anything}c`, false],
])("the pattern %s on %s: %s", (pattern, text, expected) => {
  expect(covers(pattern, text)).toBe(expected);
});

it("joins answers of which some aren't known", () => {
  const answers = [[], [true], [true, undefined], [undefined, false], [false]] as const;
  expect(answers.map(every)).toEqual([true, true, undefined, false, false]);
  expect(answers.map(some)).toEqual([false, true, true, undefined, false]);
});
