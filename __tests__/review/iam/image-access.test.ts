import { missingPull } from "../../../src/review/iam/image-access";
import { Resources, type Resource } from "../../../src/review/read/resources";
import { Unknown, type Value } from "../../../src/review/read/value";
import { resource } from "../resource";

const image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:1";
const cached = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/docker-hub/library/nginx:1";
const repository = (name: string) => `arn:aws:ecr:eu-west-1:123456789012:repository/${name}`;
const layers = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
const token = { Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" };
const pull = (Resource: string, more: object = {}) => ({ Effect: "Allow", Action: layers, Resource, ...more });

const missing = (from: string, policy: readonly object[] | Value, ...others: readonly Resource[]) => {
  const role = resource("aws_iam_role.a", { name: "a" });
  const text = Array.isArray(policy) ? JSON.stringify({ Statement: policy as readonly object[] }) : (policy as Value);
  const own = resource("aws_iam_role_policy.a", { role: "a", policy: text });
  return missingPull(from, role, new Resources([role, own, ...others]))?.actions;
};
const managed = (name: string) =>
  resource("aws_iam_role_policy_attachment.a", { role: "a", policy_arn: `arn:aws:iam::aws:policy/${name}` });

it.each<[what: string, policy: object[], expected: string[] | undefined]>([
  ["all", [token, pull(repository("shop"))], undefined],
  ["any repository", [token, pull("arn:aws:ecr:*:*:repository/*")], undefined],
  ["everything", [{ Effect: "Allow", Action: "ecr:*", Resource: "*" }], undefined],
  ["no token", [pull("*")], ["ecr:GetAuthorizationToken"]],
  ["a token for a repository", [{ ...token, Resource: repository("shop") }, pull("*")], ["ecr:GetAuthorizationToken"]],
  ["another repository", [token, pull(repository("other"))], layers],
  ["another Region", [token, pull("arn:aws:ecr:us-east-1:*:repository/*")], layers],
  ["a repository that isn't known", [token, pull("${aws_ecr_repository.shop.arn}")], undefined],
  [
    "a condition that never holds",
    [token, pull("*", { Condition: { StringEquals: { "aws:RequestedRegion": "us-east-1" } } })],
    layers,
  ],
  [
    "a condition that isn't known",
    [token, pull("*", { Condition: { StringEquals: { "aws:SourceVpc": "x" } } })],
    undefined,
  ],
])("a role with %s lacks %j", (_, policy, expected) => {
  expect(missing(image, policy)).toEqual(expected);
});

it("reports nothing for another registry, an unknown policy, or where a repository's policy may allow it", () => {
  expect(missing("ghcr.io/acme/shop:1", [])).toBeUndefined();
  expect(missing("${var.image}", [])).toBeUndefined();
  expect(missing(image, new Unknown("a variable"))).toBeUndefined();
  const others = [resource("aws_ecr_repository_policy.a", {})];
  expect(missing(image, [token], ...others)).toBeUndefined();
  expect(missing(image, [], ...others)).toEqual(["ecr:GetAuthorizationToken"]);
});

it("needs one action more for a pull-through cache, for the first pull", () => {
  expect(missing(cached, [token, pull("*")])).toEqual(["ecr:BatchImportUpstreamImage"]);
  const fill = { Effect: "Allow", Action: "ecr:BatchImport*", Resource: repository("docker-hub/*") };
  expect(missing(cached, [token, pull("*"), fill])).toBeUndefined();
  expect(missing(cached, [token, pull("*")], resource("aws_ecr_registry_policy.a", {}))).toBeUndefined();
});

it.each([
  ["service-role/AmazonECSTaskExecutionRolePolicy", undefined, ["ecr:BatchImportUpstreamImage"]],
  ["AmazonEC2ContainerRegistryReadOnly", undefined, ["ecr:BatchImportUpstreamImage"]],
  ["AmazonEC2ContainerRegistryPullOnly", undefined, undefined],
  ["CloudWatchLogsFullAccess", ["ecr:GetAuthorizationToken", ...layers], ["ecr:GetAuthorizationToken", ...layers]],
  ["AdministratorAccess", undefined, undefined],
])("by AWS's %s a role lacks %j, and %j for a cache", (name, plain, cache) => {
  expect(missing(image, [], managed(name))).toEqual(plain);
  expect(missing(cached, [], managed(name))).toEqual(cache);
});
