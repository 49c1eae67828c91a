import type { z } from "zod";
import * as formats from "../../../src/environment/schema/formats";
import { isNetworkAddress } from "../../../src/environment/schema/network-address";

type Format = Exclude<keyof typeof formats, "cloudName" | "anyText" | "filePath" | "port">;

const sha = `sha256:${"0f".repeat(32)}`;

/** What AWS, Terraform and Erlang take, and what they refuse. */
const examples: Record<Format, { readonly right: readonly string[]; readonly wrong: readonly string[] }> = {
  region: {
    right: [
      "us-east-1",
      "ap-southeast-7",
      "ap-northeast-3",
      "il-central-1",
      "mx-central-1",
      "us-gov-west-1",
      "cn-northwest-1",
      "us-iso-east-1",
      "us-isob-east-1",
      "us-isof-south-1",
      "eu-isoe-west-1",
      "eusc-de-east-1",
    ],
    wrong: ["eu-west-1a", "eu-west", "EU-WEST-1", "eu-wset-1", "euw1", "europe-west1", "", " us-east-1", "us-east-1\n"],
  },
  accountId: { right: ["123456789012", "000000000000"], wrong: ["", "12345678901", "1234567890123", "12345678901a"] },
  vpcId: {
    right: ["vpc-0abc1234", "vpc-0abc1234def567890"],
    wrong: ["vpc-", "vpc-0ABC1234", "vpc-0abc12345", "0abc1234"],
  },
  subnetId: { right: ["subnet-0abc1234", "subnet-0abc1234def567890"], wrong: ["subnet-xyz", "vpc-0abc1234"] },
  securityGroupId: { right: ["sg-0abc1234", "sg-0abc1234def567890"], wrong: ["sg-0abc", "default", "sgr-0abc1234"] },
  securityGroupName: {
    right: ["default", "billing service (prod)", "a".repeat(255), "web/app-1"],
    wrong: ["", "sg-web", "a".repeat(256), "größe", "a|b"],
  },
  ecsServiceName: {
    right: ["my-service", "My_Service2", "a".repeat(255)],
    wrong: ["", "my service", "a.b", "a".repeat(256)],
  },
  roleName: {
    right: ["EcsStack-mytaskrole1A2B3C4D-5E6F7G8H9I0J", "ecs+task=1,2.3@acme", "a".repeat(64)],
    wrong: ["", "arn:aws:iam::123456789012:role/mine", "service-role/mine", "a".repeat(65)],
  },
  logGroupName: {
    right: ["/ecs/prod-myapp", "EcsStack-mytdmytcLogGroup1A2B-3C4D", "a#b.c_d", "/aws/ecs/myapp", "a".repeat(512)],
    wrong: ["", "aws/myapp", "my group", "myapp:*", "a".repeat(513)],
  },
  dnsLabel: {
    right: ["a", "my-app", "app2", "a--b", "a".repeat(63)],
    wrong: ["", "2app", "-app", "app-", "my_app", "App", "a.b", "a".repeat(64), "app\n", "constructor"],
  },
  dnsName: {
    right: ["local", "organization.local", "a1.b-2.c", "_tcp.my_org.internal", "1.example"],
    wrong: [
      "",
      ".",
      "a.",
      ".a",
      "a..b",
      "-a.local",
      "Organization.local",
      `${"a".repeat(64)}.local`,
      "a.".repeat(126) + "aa",
    ],
  },
  hostname: {
    right: ["app.terraform.io", "tfe.acme.example:8443", "localhost:8080"],
    wrong: ["https://app.terraform.io", "app.terraform.io/", "app.terraform.io:", "a:b"],
  },
  environmentName: {
    right: ["prod", "eu-prod-2", "p", "a".repeat(32)],
    wrong: ["", "Prod", "2prod", "prod-", "pro_d", "a".repeat(33), "state-bucket-acme", "$schema", "constructor"],
  },
  ecsClusterName: {
    right: ["default", "My_Cluster-1"],
    wrong: ["", "my cluster", "arn:aws:ecs:eu-west-1:1:cluster/a"],
  },
  releaseName: { right: ["myapp", "my_app2"], wrong: ["", "my-app", "MyApp", "_app", "2app", "a".repeat(64)] },
  nodeAddress: {
    right: ["billing@billing.other.local", "my-Node_1@10.local", "a@b"],
    wrong: ["billing", "@a.local", "a@", "a@b@c", "a b@c.local", "a@B.local", "a@b..c"],
  },
  kmsKeyArn: {
    right: [
      "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
      "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab",
      "arn:aws-cn:kms:cn-north-1:123456789012:key/a",
    ],
    wrong: [
      "arn:aws:kms:eu-west-1:123456789012:alias/a",
      "1234abcd-12ab-34cd-56ef-1234567890ab",
      "arn:aws:kms::1:key/a",
    ],
  },
  targetGroupArn: {
    right: ["arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/my-app/0123456789abcdef"],
    wrong: ["arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/a/0123456789abcdef", "my-app"],
  },
  listenerArn: {
    right: [
      "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shop/0123456789abcdef/0123456789abcdef",
      "arn:aws-cn:elasticloadbalancing:cn-north-1:123456789012:listener/app/a/0123456789abcdef/fedcba9876543210",
    ],
    wrong: [
      "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/net/shop/0123456789abcdef/0123456789abcdef",
      "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop/0123456789abcdef",
    ],
  },
  certificateArn: {
    right: ["arn:aws:acm:eu-west-1:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab"],
    wrong: ["arn:aws:iam::123456789012:server-certificate/a", "1234abcd-12ab-34cd-56ef-1234567890ab"],
  },
  webAclArn: {
    right: ["arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/shop/1234abcd-12ab-34cd-56ef-1234567890ab"],
    wrong: ["arn:aws:wafv2:us-east-1:123456789012:global/webacl/shop/1234abcd-12ab-34cd-56ef-1234567890ab", "shop"],
  },
  topicArn: {
    right: ["arn:aws:sns:eu-west-1:123456789012:alarms", "arn:aws-cn:sns:cn-north-1:123456789012:On_Call"],
    wrong: ["alarms", "arn:aws:sns:eu-west-1:123456789012:alarms.fifo", "arn:aws:sqs:eu-west-1:123456789012:alarms"],
  },
  queueArn: {
    right: ["arn:aws:sqs:eu-west-1:123456789012:failed-tasks", "arn:aws-cn:sqs:cn-north-1:123456789012:Failed_1"],
    wrong: [
      "failed-tasks",
      "arn:aws:sqs:eu-west-1:123456789012:failed.fifo",
      "arn:aws:sns:eu-west-1:123456789012:failed-tasks",
      `arn:aws:sqs:eu-west-1:123456789012:${"a".repeat(81)}`,
    ],
  },
  policyArn: {
    right: ["arn:aws:iam::123456789012:policy/team/boundary", "arn:aws:iam::aws:policy/PowerUserAccess"],
    wrong: ["boundary", "arn:aws:iam::123456789012:role/boundary", "arn:aws:iam::1234:policy/boundary"],
  },
  flowLogArn: {
    right: ["arn:aws:s3:::acme-flow-logs", "arn:aws:s3:::acme-flow-logs/", "arn:aws-us-gov:s3:::acme-flow-logs/prod"],
    wrong: ["acme-flow-logs", "s3://acme-flow-logs", "arn:aws:s3:::Acme", "arn:aws:s3:::acme-flow-logs/*"],
  },
  prefixListId: { right: ["pl-0abc1234", "pl-0abc1234def567890"], wrong: ["pl-", "sg-0abc1234", "com.amazonaws"] },
  webDomain: {
    right: ["shop.example.com", "*.example.com", "example.co", "a-1.b.example", `${"a".repeat(60)}.com`],
    wrong: [
      "",
      "localhost",
      "*",
      "*.com.",
      "a.*.com",
      "Shop.example.com",
      "-a.com",
      "a_b.com",
      "1.2.3.4",
      `${"a".repeat(61)}.com`,
    ],
  },
  pathPattern: {
    right: ["/", "/*", "/api/*", "/img/?.png", "/a&b", `/${"a".repeat(127)}`],
    wrong: ["", "api/*", "/a b", "/größe", "/a%20b", `/${"a".repeat(128)}`],
  },
  statusCodes: {
    right: ["200", "200-299", "200,204", "200,202,204", "404"],
    wrong: ["", "2xx", "100", "500", "200-", "200-204,301", "200, 204"],
  },
  roleArn: {
    right: ["arn:aws:iam::123456789012:role/terraform", "arn:aws-cn:iam::123456789012:role/path/to/Role+=,.@_-"],
    wrong: [
      "terraform",
      "arn:aws:iam::123456789012:user/a",
      "arn:aws:iam::12345:role/a",
      "arn:aws:iam::123456789012:role/",
    ],
  },
  secretsManager: {
    right: [
      "prod/shop/database",
      "rds!db-1234abcd-12ab-34cd-56ef-1234567890ab",
      "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/shop-AbCd12",
    ],
    wrong: [
      "",
      "prod shop",
      "prod:url",
      "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop",
      "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-AbCd12:url::",
    ],
  },
  secretKey: { right: ["url", "DATABASE URL", "a.b"], wrong: ["", "a:b", "a\n"] },
  versionStage: { right: ["AWSCURRENT", "AWSPREVIOUS", "blue"], wrong: ["", "a:b"] },
  environmentFileArn: {
    right: ["arn:aws:s3:::acme-config/prod.env", "arn:aws:s3:::acme-config/shop/prod.env", "arn:aws-cn:s3:::acme/.env"],
    wrong: ["", "s3://acme-config/prod.env", "arn:aws:s3:::acme-config/prod.txt", "arn:aws:s3:::acme-config/*.env"],
  },
  ssmParameter: {
    right: [
      "/my-org/prod/release-cookie",
      "cookie",
      "/cookie",
      "/A.b_C-1",
      "/l".repeat(15),
      "/my/aws/ssm",
      "paws",
      `/${"a".repeat(1010)}`,
      "arn:aws:ssm:eu-west-1:123456789012:parameter/my-org/cookie",
      "arn:aws-cn:ssm:cn-north-1:123456789012:parameter/cookie",
    ],
    wrong: [
      "arn:aws:ssm:eu-west-1:123456789012:parameter//cookie",
      "arn:aws:ssm:eu-west-1:12345678901:parameter/cookie",
      "",
      "/",
      "my-org/cookie",
      "/my-org/",
      "/my//org",
      "/l".repeat(16),
      "aws-cookie",
      "/aws/reference/secretsmanager/a",
      "/awsome/cookie",
      "SSM-cookie",
      "/Ssm",
      "/my org",
      "a".repeat(1012),
    ],
  },
  bucketName: {
    right: ["abc", "acme-terraform-state", "my.data.bucket", "1a-2", "a".repeat(63), "1.2.3.4.5"],
    wrong: [
      "ab",
      "a".repeat(64),
      "Acme",
      "my_bucket",
      "-acme",
      "acme-",
      "a..b",
      "192.168.5.4",
      "xn--acme",
      "sthree-acme",
      "amzn-s3-demo-acme",
      "acme-s3alias",
      "acme--ol-s3",
      "acme.mrap",
      "acme--x-s3",
      "acme--table-s3",
    ],
  },
  stateKey: {
    right: ["a", "elixir-cluster/prod.tfstate", "env:/prod/terraform.tfstate", "a b"],
    wrong: ["", "/", "/a", "a/", "a\nb", "a".repeat(1025)],
  },
  kmsKeyId: {
    right: [
      "1234abcd-12ab-34cd-56ef-1234567890ab",
      "mrk-1234abcd12ab34cd56ef1234567890ab",
      "alias/terraform",
      "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
      "arn:aws:kms:eu-west-1:123456789012:alias/terraform",
    ],
    wrong: ["", "terraform", "alias/", "arn:aws:s3:::bucket"],
  },
  dynamodbTable: { right: ["terraform-locks", "a.b_C"], wrong: ["ab", "terraform locks", "a/b/c"] },
  workspaceTag: { right: ["app", "tier:prod", "a_b-c"], wrong: ["", "a b", "a,b"] },
  imageUri: {
    right: [
      "myapp",
      "library/myapp:latest",
      "ghcr.io/acme/myapp:v1.4.2-RC1",
      "localhost/myapp",
      "localhost:5000/a/b/c:1",
      "registry:5000/myapp",
      "REGISTRY.example.com/myapp",
      "[::1]:5000/myapp",
      "10.0.0.1:5000/myapp",
      "123456789012.dkr.ecr.eu-west-1.amazonaws.com/my-app_x.y/z__w--v",
      `public.ecr.aws/acme/myapp:1@${sha}`,
      `myapp@${sha}`,
      `myapp:${"T".repeat(128)}`,
    ],
    wrong: [
      "",
      "https://ghcr.io/acme/myapp",
      "Acme/myapp",
      "ghcr.io/Acme/myapp",
      "my:app:1",
      "myapp:",
      "myapp:-1",
      "myapp@sha256:abc",
      `myapp@${sha.toUpperCase()}`,
      "a//b",
      "a/b/",
      "my app",
      "a___b",
      "a._b",
      "myapp:${tag}",
      `myapp:${"T".repeat(129)}`,
    ],
  },
  variableName: {
    right: ["myapp_image", "image2", "Image", "_image", "my-image", "versions"],
    wrong: ["", "2image", "my image", "version", "count", "for_each", "var.image"],
  },
  repositoryArn: {
    right: [
      "arn:aws:ecr:eu-west-1:123456789012:repository/myapp",
      "arn:aws-cn:ecr:cn-north-1:123456789012:repository/docker-hub/library/elixir",
      "arn:aws:ecr:eu-west-1:123456789012:repository/my_app.two-three",
    ],
    wrong: [
      "",
      "myapp",
      "arn:aws:ecr:eu-west-1:123456789012:repository/*",
      "arn:aws:ecr:*:123456789012:repository/myapp",
      "arn:aws:ecr:eu-west-1:123456789012:repository/Myapp",
      "arn:aws:ecr:eu-west-1:123456789012:repository/m",
      "arn:aws:ecr:eu-west-1:123456789012:repository/myapp/",
      "arn:aws:ecr:eu-west-1:12345678901:repository/myapp",
    ],
  },
  versionConstraint: {
    right: ["5.100.0", "~> 5.100", ">= 5.0, < 6", "=5.1.2-beta.1", "!= 5.99.0"],
    wrong: ["", "latest", "^5.0", "5.x", "~>", ">= 5.0,"],
  },
  environmentVariable: { right: ["PHX_HOST", "_a1", "lower"], wrong: ["", "MY-VAR", "1A", "A B", "A=B"] },
  httpPath: {
    right: ["/", "/health", "/api/v1/health?full=1", "/%7Ea/b.c_d-e"],
    wrong: ["", "health", "/a b", "/a;b", "/a&b", "/$(id)", "/`id`", "/a'b", "/a|b", "/a\nb", "http://x/health"],
  },
  iamAction: {
    right: ["*", "s3:GetObject", "s3:*", "s3:Get*", "execute-api:Invoke", "S3:Put?bject"],
    wrong: ["", "GetObject", "s3:", ":GetObject", "s3:Get Object", "s3:a:b"],
  },
  iamResource: {
    right: ["*", "arn:aws:s3:::bucket/*", "arn:*:s3:::bucket", "arn:aws:sqs:eu-west-1:123456789012:queue"],
    wrong: ["", "bucket", "arn:aws:s3", "s3://bucket"],
  },
  tagKey: {
    right: ["team", "cost center", "acme:owner", "Größe", "a".repeat(128)],
    wrong: ["", "aws:team", "AWS:team", "a".repeat(129), "a*b", "a\nb"],
  },
  tagValue: { right: ["", "platform", "a@b.example", "x".repeat(256)], wrong: ["x".repeat(257), "a;b", "a\nb"] },
  anyTagKey: { right: ["aws:cloudformation:stack-name", "Name"], wrong: ["", "a".repeat(129)] },
  anyTagValue: { right: ["", "prod*", "a;b"], wrong: ["a".repeat(257)] },
  cidr: {
    right: ["10.0.0.0/16", "0.0.0.0/0", "10.0.0.2/32", "::/0", "2001:db8::/32", "2001:db8:0:1::/64", "::1/128"],
    wrong: [
      "",
      "10.0.0.0",
      "10.0.0.1/16",
      "10.0.0.0/33",
      "10.0.0/16",
      "256.0.0.0/8",
      "2001:db8::1/32",
      "::/129",
      "2001:db8::g/32",
      "1:2:3:4:5:6:7:8:9/128",
      "::ffff:10.0.0.0/112",
    ],
  },
};

describe.each(Object.entries(examples))("%s", (name, { right, wrong }) => {
  const format = formats[name as Format] as z.ZodType;

  it.each(right.map((value) => [value]))("takes %j", (value) => {
    expect(format.safeParse(value).error).toBeUndefined();
  });

  it.each(wrong.map((value) => [value]))("refuses %j", (value) => {
    expect(format.safeParse(value).success).toBe(false);
  });

  it("says what is allowed, whatever is wrong", () => {
    const said = [null, 5, {}, ...wrong].map((value) => format.safeParse(value).error?.issues[0]?.message);
    expect(new Set(said).size).toBe(1);
  });
});

it("has a time to say no: no pattern runs away", () => {
  // GIVEN what makes a pattern with nested repetitions try every way to split its text
  const long = `${"a".repeat(5000)}-.${"a-".repeat(2500)}!`;

  // WHEN each format checks it
  const before = process.cpuUsage();
  Object.keys(examples).forEach((name) => (formats[name as Format] as z.ZodType).safeParse(long));

  // THEN that takes no time worth speaking of: a core's, which is the same however busy the machine is
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(2000);
});

it.each([
  ["10.0.0.0/8", true],
  ["10.128.0.0/8", false],
  ["0.0.0.0/0", true],
  ["255.255.255.255/32", true],
  ["fe80::/10", true],
  ["fe80::8000:0:0:0/64", false],
  ["ff::/8", false],
])("%s names a whole network: %p", (cidr, whole) => {
  expect(isNetworkAddress(cidr)).toBe(whole);
});
