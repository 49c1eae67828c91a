import { readLoadBalancing } from "../../../../src/lab/control-plane/applied/load-balancers";
import { ScriptedAws } from "../scripted-aws";

const balancer = (name: string, change: object = {}) => ({
  LoadBalancerArn: `arn:${name}`,
  LoadBalancerName: name,
  DNSName: `${name}-1.eu-west-1.elb.amazonaws.com`,
  Type: "application",
  Scheme: "internet-facing",
  VpcId: "vpc-1",
  AvailabilityZones: [{ SubnetId: "subnet-a" }, { SubnetId: "subnet-b" }],
  SecurityGroups: ["sg-1"],
  ...change,
});
const group = (name: string, change: object = {}) => ({
  TargetGroupArn: `arn:${name}`,
  TargetGroupName: name,
  TargetType: "ip",
  VpcId: "vpc-1",
  Protocol: "HTTP",
  ...change,
});
const forward = (name: string) => [{ Type: "forward", TargetGroupArn: `arn:${name}` }];
const rule = (Priority: string, Conditions: object[], Actions: object[] = forward("shop")) => ({
  ...{ Priority, Conditions, Actions },
});
const host = (...Values: string[]) => ({ Field: "host-header", HostHeaderConfig: { Values } });

interface Answers {
  readonly balancers?: object[];
  readonly listeners?: object[];
  readonly rules?: object[];
  readonly groups?: object[];
  readonly attributes?: Readonly<Record<string, string>>;
}

const read = ({ balancers = [balancer("lab")], listeners = [], rules = [], groups = [], attributes = {} }: Answers) => {
  const Attributes = Object.entries(attributes).map(([Key, Value]) => ({ Key, Value }));
  return readLoadBalancing(
    new ScriptedAws({
      DescribeLoadBalancers: () => ({ LoadBalancers: balancers }),
      DescribeLoadBalancerAttributes: () => ({ Attributes }),
      DescribeListeners: () => ({ Listeners: listeners }),
      DescribeRules: () => ({ Rules: [{ IsDefault: true, Priority: "default" }, ...rules] }),
      DescribeTargetGroups: () => ({ TargetGroups: groups }),
      DescribeTargetGroupAttributes: () => ({ Attributes }),
    }).clients,
    "vpc-1",
  );
};
const listener = (DefaultActions: object[] = forward("shop")) => ({ Port: 443, Protocol: "HTTPS", DefaultActions });

describe("load balancers", () => {
  it("are the Application Load Balancers of the VPC", async () => {
    const others = [balancer("other", { VpcId: "vpc-2" }), balancer("network", { Type: "network" })];
    const internal = balancer("internal", { Scheme: "internal" });
    const { loadBalancers, limitations } = await read({
      balancers: [balancer("lab"), ...others, internal],
      attributes: { "idle_timeout.timeout_seconds": "90" },
    });
    expect(loadBalancers).toEqual([
      {
        arn: "arn:lab",
        name: "lab",
        dnsName: "lab-1.eu-west-1.elb.amazonaws.com",
        internetFacing: true,
        subnetIds: ["subnet-a", "subnet-b"],
        securityGroupIds: ["sg-1"],
        idleTimeoutSeconds: 90,
        listeners: [],
      },
      expect.objectContaining({ name: "internal", internetFacing: false }),
    ]);
    expect(limitations).toEqual([]);
  });

  it("have rules by priority, with hosts in lower case, and a certificate for these and their own name", async () => {
    const path = { Field: "path-pattern", Values: ["/api/*"] };
    const { loadBalancers } = await read({
      listeners: [listener([{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }])],
      rules: [rule("10", [host("*")]), rule("9", [host("Shop.example.com", "*.example.org"), path])],
    });
    expect(loadBalancers[0]!.listeners).toEqual([
      {
        port: 443,
        protocol: "HTTPS",
        names: ["lab-1.eu-west-1.elb.amazonaws.com", "shop.example.com", "*.example.org"],
        rules: [
          { hosts: ["shop.example.com", "*.example.org"], paths: ["/api/*"], action: { forward: "arn:shop" } },
          { hosts: ["*"], action: { forward: "arn:shop" } },
        ],
        defaultAction: { fixedResponse: { status: 404, contentType: undefined, body: undefined } },
      },
    ]);
  });

  it("redirect as AWS does where a part is left out", async () => {
    const redirect = { Type: "redirect", RedirectConfig: { Protocol: "HTTPS", Port: "443", StatusCode: "HTTP_301" } };
    const { loadBalancers } = await read({ listeners: [listener([redirect])] });
    expect(loadBalancers[0]!.listeners[0]!.defaultAction).toEqual({
      redirect: {
        ...{ status: 301, protocol: "HTTPS", host: "#{host}", port: "443", path: "/#{path}", query: "#{query}" },
      },
    });
  });

  it("report what has no effect in the lab", async () => {
    const forwardToTwo = ["shop", "blue"].map((name) => ({ TargetGroupArn: `arn:${name}`, Weight: 1 }));
    const { loadBalancers, limitations } = await read({
      listeners: [listener([{ Type: "jwt-validation" }])],
      rules: [
        rule("1", [{ Field: "source-ip", SourceIpConfig: { Values: ["10.0.0.0/8"] } }]),
        rule("2", [], [{ Type: "forward", ForwardConfig: { TargetGroups: forwardToTwo } }]),
        rule(
          "3",
          [],
          [
            { Type: "authenticate-oidc", Order: 1 },
            { ...forward("shop")[0], Order: 2 },
          ],
        ),
      ],
    });
    expect(limitations).toEqual([
      "Rule 1 of lab has no effect in the lab, which knows no condition source-ip.",
      "Rule 2 of lab forwards to the first of its target groups in the lab.",
      "Rule 3 of lab doesn't authenticate in the lab.",
      "The default action at port 443 of lab has no effect in the lab, which knows no jwt-validation.",
    ]);
    expect(loadBalancers[0]!.listeners[0]).toMatchObject({
      rules: [{ action: { forward: "arn:shop" } }, { action: { forward: "arn:shop" } }],
      defaultAction: { fixedResponse: { status: 503 } },
    });
  });
});

describe("target groups", () => {
  it("are those of type ip in the VPC, with AWS's defaults", async () => {
    const others = [group("other", { VpcId: "vpc-2" }), group("instances", { TargetType: "instance" })];
    const { targetGroups } = await read({ groups: [group("shop"), ...others] });
    expect(targetGroups).toEqual([
      {
        arn: "arn:shop",
        protocol: "HTTP",
        algorithm: "round_robin",
        deregistrationDelaySeconds: 300,
        healthCheck: {
          ...{ protocol: "HTTP", path: "/", intervalSeconds: 30, timeoutSeconds: 5, statuses: "200" },
          ...{ healthyThreshold: 5, unhealthyThreshold: 2 },
        },
      },
    ]);
  });

  it("have what is applied", async () => {
    const { targetGroups, limitations } = await read({
      groups: [
        group("shop", {
          Protocol: "HTTPS",
          HealthCheckProtocol: "HTTP",
          HealthCheckPort: "8080",
          HealthCheckPath: "/health",
          ...{ HealthCheckIntervalSeconds: 6, HealthCheckTimeoutSeconds: 3 },
          ...{ HealthyThresholdCount: 2, UnhealthyThresholdCount: 4, Matcher: { HttpCode: "200-299" } },
        }),
      ],
      attributes: {
        "deregistration_delay.timeout_seconds": "25",
        "load_balancing.algorithm.type": "least_outstanding_requests",
        "stickiness.enabled": "true",
        "stickiness.type": "lb_cookie",
        "stickiness.lb_cookie.duration_seconds": "600",
      },
    });
    expect(targetGroups).toEqual([
      {
        arn: "arn:shop",
        protocol: "HTTPS",
        algorithm: "least_outstanding_requests",
        stickySeconds: 600,
        deregistrationDelaySeconds: 25,
        healthCheck: {
          ...{ protocol: "HTTP", port: 8080, path: "/health", intervalSeconds: 6, timeoutSeconds: 3 },
          ...{ statuses: "200-299", healthyThreshold: 2, unhealthyThreshold: 4 },
        },
      },
    ]);
    expect(limitations).toEqual([]);
  });

  it("report what has no effect in the lab", async () => {
    const { limitations } = await read({
      groups: [group("shop")],
      attributes: {
        ...{ "stickiness.enabled": "true", "stickiness.type": "app_cookie", "slow_start.duration_seconds": "60" },
      },
    });
    expect(limitations).toEqual([
      "Target group shop isn't sticky in the lab, which knows stickiness by lb_cookie.",
      "Target group shop has no slow start in the lab.",
    ]);
  });
});
