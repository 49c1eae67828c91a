import { changed } from "../../example";
import { messagesOf } from "../../messages";

const at = "prod/services/myapp";
const path = "environments.prod.services.myapp.deployment.strategy";
const loadBalancer = { "prod/loadBalancer": { create: { zone: "example.com" } } };
const web = { [`${at}/web`]: { domain: "shop.example.com" } };
const strategies = [{ blueGreen: {} }, { canary: { percent: 10 } }, { linear: {} }];
const deployment = (strategy: object) => ({ [`${at}/deployment`]: { strategy } });
const messages = (...changes: object[]) =>
  messagesOf(changed(Object.assign({}, ...changes) as Record<string, unknown>));

describe.each(strategies)("%j", (strategy) => {
  const [name] = Object.keys(strategy);

  it("needs the environment's load balancer", () => {
    expect(messages(deployment(strategy), web, loadBalancer)).toEqual([]);
    expect(messages(deployment(strategy))).toEqual([
      `${path}.${name}: "${name}", which shifts requests. Allowed: rolling, or "web" with a domain: without a load balancer there are no requests to shift.`,
    ]);
  });

  it("needs more than another project's target group", () => {
    const targetGroup = {
      arn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/0123456789abcdef",
      securityGroupId: "sg-0abc1234",
    };
    expect(messages(deployment(strategy), { [`${at}/web`]: { targetGroup } })).toEqual([
      expect.stringContaining("Allowed: rolling with web.targetGroup"),
    ]);
  });

  it.each([
    ["~> 5.100", 1],
    ["~> 6.20.0", 1],
    ["< 6.21.0", 1],
    ["6.20.0", 1],
    ["~> 6.20", 0],
    [">= 5.100.0, < 7.0.0", 0],
    ["!= 6.22.0", 0],
  ])("with awsProviderVersion %s has %i errors", (constraint, count) => {
    const found = messages(deployment(strategy), web, loadBalancer, { "prod/awsProviderVersion": constraint });
    expect(found).toHaveLength(count);
    expect(found.join()).toContain(count === 0 ? "" : "includes versions from 6.21.0 on");
  });
});

it("accepts no room for a new task where old ones may stop first", () => {
  const rolling = { maximumPercent: 100, healthyPercent: 50 };
  expect(messages(deployment({ rolling }), { [`${at}/tasks`]: 2 })).toEqual([]);
});

it("gives the new form of maximumPercent", () => {
  expect(messages({ [`${at}/maximumPercent`]: 150 })).toEqual([
    'environments.prod.services.myapp.maximumPercent: 150. Allowed: "deployment": {"strategy":{"rolling":{"maximumPercent":150}}} instead.',
  ]);
});
