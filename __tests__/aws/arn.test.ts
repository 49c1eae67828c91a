import { accountOf, lastPartOf, parseArn, parseManagedSecret, parseS3Object, targetGroupName } from "../../src/aws/arn";

const account = "123456789012";

describe("parseArn", () => {
  it("keeps the colons of a resource", () => {
    expect(parseArn(`arn:aws-cn:ecs:cn-north-1:${account}:task-definition/shop:12`)).toEqual({
      partition: "aws-cn",
      service: "ecs",
      region: "cn-north-1",
      account,
      resource: "task-definition/shop:12",
    });
  });

  it("keeps the line breaks of a resource, which a plan may have", () => {
    expect(parseArn(`arn:aws:ssm:eu-west-1:${account}:parameter/a\nb`)?.resource).toBe("parameter/a\nb");
  });

  it("takes S3's ARNs, without region and account", () => {
    expect(parseArn("arn:aws:s3:::acme/shop")).toMatchObject({ region: "", account: "", resource: "acme/shop" });
  });

  it.each([
    "",
    "/prod/cookie",
    "arn:aws:ssm:eu-west-1",
    `arn:aws:iam::${account}:`,
    `x-arn:aws:iam::${account}:role/a`,
  ])("takes %j for no ARN", (text) => expect([parseArn(text), accountOf(text)]).toEqual([undefined, undefined]));
});

test("accountOf gives the account, which a role's ARN has without a region", () => {
  expect(accountOf(`arn:aws:iam::${account}:role/deploy`)).toBe(account);
  expect(accountOf(undefined)).toBeUndefined();
});

test("lastPartOf gives a revision, and a text without a slash as it is", () => {
  expect(lastPartOf(`arn:aws:ecs:eu-west-1:${account}:task-definition/prod-shop:12`)).toBe("prod-shop:12");
  expect(lastPartOf("prod-shop:12")).toBe("prod-shop:12");
});

test("targetGroupName leaves AWS's id out", () => {
  expect(targetGroupName(`arn:aws:elasticloadbalancing:eu-west-1:${account}:targetgroup/shop/0123456789abcdef`)).toBe(
    "shop",
  );
});

test("parseS3Object divides bucket and key, whose slashes stay", () => {
  const bucketArn = "arn:aws:s3:::acme-config";
  expect(parseS3Object(`${bucketArn}/shop/prod.env`)).toEqual({
    bucketArn,
    bucket: "acme-config",
    key: "shop/prod.env",
  });
  expect(parseS3Object(bucketArn)).toBeUndefined();
  expect(parseS3Object(`${bucketArn}/`)).toBeUndefined();
});

describe("parseManagedSecret", () => {
  const arn = `arn:aws:secretsmanager:eu-west-1:${account}:secret:prod/shop-AbCdEf`;

  it.each([
    ["", { key: "", stage: "", version: "" }],
    [":url", { key: "url", stage: "", version: "" }],
    [":url:AWSPREVIOUS:", { key: "url", stage: "AWSPREVIOUS", version: "" }],
    [":::0123", { key: "", stage: "", version: "0123" }],
  ])("reads the selector %j", (selector, parts) => {
    expect(parseManagedSecret(`${arn}${selector}`)).toEqual({ arn, ...parts });
  });

  it("takes neither a parameter nor a name", () => {
    expect(parseManagedSecret(`arn:aws:ssm:eu-west-1:${account}:parameter/secret`)).toBeUndefined();
    expect(parseManagedSecret("prod/shop")).toBeUndefined();
  });
});
