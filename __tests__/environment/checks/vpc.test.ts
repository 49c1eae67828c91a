import { changed } from "../example";
import { messagesOf } from "../messages";

const at = "environments.prod";
/** The messages about the example with a created VPC. @param more other changes, by path */
const messages = (create: object, more: Readonly<Record<string, unknown>> = {}) =>
  messagesOf(
    changed({
      "prod/vpc": { create: { cidr: "10.0.0.0/16", ...create } },
      "prod/subnets": undefined,
      "prod/publicIp": undefined,
      "prod/loadBalancer": undefined,
      "prod/namespace": { create: "shop.local" },
      "prod/services": { shop: { image: { variable: "shop_image" } } },
      ...more,
    }),
  );
const one = (message: string) => [expect.stringContaining(message)];

describe("a VPC to create", () => {
  it.each([
    [{}],
    [{ zones: 6, nat: "each-zone", endpoints: true }],
    [{ nat: "none", endpoints: ["sqs", "email-smtp"], flowLogs: { s3: "arn:aws:s3:::acme-flow-logs" } }],
    [{ flowLogs: { cloudWatch: {} } }],
  ])("may be %j", (create) => {
    expect(messages(create)).toEqual([]);
  });

  it.each([
    [{ cidr: "10.0.0.0/24" }, `${at}.vpc.create.cidr: "10.0.0.0/24". Allowed: a private network from /16 to /22`],
    [{ cidr: "8.8.0.0/16" }, `${at}.vpc.create.cidr: "8.8.0.0/16". Allowed: a private network`],
    [{ zones: 7 }, `${at}.vpc.create.zones: 7. Allowed: a whole number from 1 to 6`],
    [{ nat: "two" }, `${at}.vpc.create.nat: "two". Allowed: "one" or "each-zone" or "none"`],
    [{ endpoints: [] }, `${at}.vpc.create.endpoints`],
    [{ flowLogs: {} }, `${at}.vpc.create.flowLogs: {}. Allowed: an object with exactly one of the keys cloudWatch, s3`],
  ])("isn't %j", (create, message) => {
    expect(messages(create)).toEqual(one(message));
  });
});

describe("the way out of it", () => {
  it("is NAT, endpoints or public addresses", () => {
    expect(messages({ nat: "none" })).toEqual(
      one(`${at}.vpc.create.endpoints: false, the default. Allowed: true with nat "none", or publicIp true`),
    );
    expect(messages({ nat: "none" }, { "prod/publicIp": true })).toEqual([]);
  });

  it("has no endpoints in China", () => {
    expect(messages({ endpoints: true }, { "prod/region": "cn-north-1" })).toEqual(
      one(`${at}.vpc.create.endpoints: true. Allowed: false in cn-north-1`),
    );
  });

  it("isn't a NAT gateway that nothing uses", () => {
    expect(messages({}, { "prod/publicIp": true })).toEqual(
      one(`${at}.vpc.create.nat: "one", the default. Allowed: "none" with publicIp true`),
    );
  });

  it("leads to ECR of the region alone without NAT", () => {
    const images = (uri: string) => ({ "prod/services": { shop: { image: { uri } } } });
    const without = { nat: "none", endpoints: true };
    expect(messages(without, images("ghcr.io/acme/shop:1"))).toEqual(
      one(`${at}.services.shop.image.uri: "ghcr.io/acme/shop:1". Allowed: an image in ECR of eu-west-1`),
    );
    expect(messages(without, images("123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:1"))).toHaveLength(1);
    expect(messages(without, images("123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:1"))).toEqual([]);
    expect(messages({}, images("ghcr.io/acme/shop:1"))).toEqual([]);
  });
});

describe("next to a VPC to create", () => {
  it.each([
    [{ "prod/subnets": { ids: ["subnet-0abc1234"] } }, `${at}.subnets`],
    [{ "prod/subnets": { tags: { tier: "private" } } }, `${at}.subnets`],
    [
      { "prod/namespace": { existing: "shop.local" } },
      `${at}.namespace: {"existing":"shop.local"}. Allowed: {"create":"shop.local"}`,
    ],
    [
      {
        "prod/loadBalancer": {
          existing: {
            listenerArn:
              "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/a/0123456789abcdef/fedcba9876543210",
            securityGroupId: "sg-0abc1234",
          },
        },
      },
      `${at}.loadBalancer.existing`,
    ],
    [
      { "prod/loadBalancer": { create: { zone: false, subnets: { tags: { a: "b" } } } } },
      `${at}.loadBalancer.create.subnets`,
    ],
    [
      { "prod/loadBalancer": { create: { zone: false, addresses: "dual-stack" } } },
      `${at}.loadBalancer.create.addresses`,
    ],
  ])("is no %j", (more, place) => {
    expect(messages({}, more)).toEqual(one(place));
  });

  it("has no load balancer in a single zone", () => {
    const loadBalancer = { "prod/loadBalancer": { create: { zone: false } } };
    expect(messages({ zones: 1 }, loadBalancer)).toEqual(one(`${at}.vpc.create.zones: 1. Allowed: at least 2`));
    expect(messages({ zones: 2 }, loadBalancer)).toEqual([]);
  });

  it("are no more tasks than its private subnets have addresses for, twice", () => {
    const tasks = (tasks: unknown) => ({ "prod/services": { shop: { image: { variable: "shop_image" }, tasks } } });
    const small = { cidr: "10.0.0.0/22", zones: 1 };
    expect(messages(small, tasks(61))).toEqual([]);
    expect(messages(small, tasks(62))).toEqual(
      one("62 tasks need 124 addresses during a deployment, and the private subnets of 1 zones have 123"),
    );
    expect(messages(small, tasks({ min: 1, max: 62, cpuPercent: 60 }))).toHaveLength(1);
  });
});
