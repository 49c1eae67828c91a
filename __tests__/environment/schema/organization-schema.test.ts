import { changed } from "../example";
import { messagesOf } from "../messages";

const messages = (place: string, value: unknown) => messagesOf(changed({ [`prod/${place}`]: value }));
const policy = "arn:aws:iam::123456789012:policy";

it.each<[string, readonly unknown[], readonly unknown[]]>([
  [
    "iam/permissionsBoundary",
    [`${policy}/boundary`, `${policy}/a/b_+=,.@-c`, "arn:aws-cn:iam::aws:policy/PowerUserAccess"],
    [
      "boundary",
      "arn:aws:iam::123456789012:role/boundary",
      `${policy}/`,
      "arn:aws:iam:eu-west-1:123456789012:policy/x",
    ],
  ],
  ["iam/path", ["/", "/apps/", "/a/b.c/"], ["apps/", "/apps", "//", "/ä/", "/a b/", `/${"a".repeat(512)}/`]],
  ["iam/namePrefix", ["app-", "A_+=,.@-"], ["", "app/", "a".repeat(33)]],
  [
    "names/resources",
    ["{service}", "acme-{environment}-{region}-{service}", "{service}-of-{environment}"],
    ["acme", "{environment}", "-{service}", "1{service}", "{service}-", "{service}_{region}", "{Service}", "a{service"],
  ],
  ["names/logGroups", ["/acme/{environment}/{service}", "{service}"], ["/acme", "/acme/{service} x"]],
  ["names/repositories", ["{environment}/{service}", "acme/{service}"], ["Acme/{service}", "acme"]],
  ["execSessions/s3", [{ bucket: "acme-audit" }], [{}, { bucket: "Acme" }, { bucket: "acme-audit", prefix: "" }]],
  ["execSessions/logGroup", ["/acme/exec"], ["aws/exec", ""]],
  ["defaultTags", [{}, { env: "prod" }], [{ "aws:x": "y" }, "prod"]],
  [
    "assumeRole",
    [{ roleArn: "arn:aws:iam::123456789012:role/a/b", sessionName: "ab", externalId: "a/b:c" }],
    [{}, { roleArn: "role" }, { roleArn: "arn:aws:iam::123456789012:role/a", sessionName: "a b" }],
  ],
])("%s", (place, right, wrong) => {
  expect(right.filter((value) => messages(place, value).length > 0)).toEqual([]);
  expect(wrong.filter((value) => messages(place, value).length === 0)).toEqual([]);
});
