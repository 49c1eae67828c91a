import { TerraformOutput } from "cdktf";
import { LoadBalancer } from "../../../src/constructs/web/load-balancer";
import type { LoadBalancerProps } from "../../../src/constructs/web/load-balancer-props";
import { WebRoute } from "../../../src/constructs/web/web-route";
import type { WebRouteProps } from "../../../src/constructs/web/web-route-props";
import { notEmpty } from "../../not-empty";
import { all, container, Layout, problemsOf, the, type TerraformJson } from "../layout";

const existing = {
  existing: { listenerArn: "arn:aws:elasticloadbalancing:::listener/x", securityGroupId: "sg-0abc1234" },
};

class WebLayout extends Layout {
  readonly balancer: LoadBalancer;

  constructor(loadBalancer: LoadBalancerProps["loadBalancer"] = { create: { zone: "example.com" } }) {
    super();
    this.balancer = new LoadBalancer(this.stack, "load-balancer", {
      name: "prod",
      network: this.network,
      loadBalancer,
    });
  }

  route(name: string, props: Partial<WebRouteProps> = {}): WebRoute {
    return new WebRoute(this.stack, `${name}-web`, {
      loadBalancer: this.balancer,
      name,
      nameTemplates: { resources: "prod-{service}" },
      vpcId: this.network.vpcId,
      domain: `${name}.example.com`,
      ...props,
    });
  }

  /** A service with a route. */
  web(name: string, props: Partial<WebRouteProps> = {}) {
    return this.service(name, { nameTemplates: { resources: "prod-{service}" }, web: this.route(name, props) });
  }
}

function jsonWith(props: Partial<WebRouteProps> = {}, loadBalancer?: LoadBalancerProps["loadBalancer"]): TerraformJson {
  const layout = new WebLayout(loadBalancer);
  layout.web("shop", props);
  return layout.json;
}

const problemsWith = (props: Partial<WebRouteProps>) => {
  const layout = new WebLayout();
  layout.web("shop", props);
  return problemsOf(layout.stack);
};

const environmentOf = (json: TerraformJson) =>
  Object.fromEntries(
    (container(json).environment as { name: string; value: string }[]).map(({ name, value }) => [name, value]),
  );

describe("target group", () => {
  it("takes addresses, with short delays, and is created before the old one is deleted", () => {
    expect(the(jsonWith(), "aws_lb_target_group")).toMatchObject({
      name: expect.stringMatching(/^prod-shop-[0-9a-f]{8}$/) as string,
      target_type: "ip",
      port: 4000,
      protocol: "HTTP",
      deregistration_delay: "30",
      slow_start: 0,
      health_check: {
        path: "/health",
        interval: 10,
        timeout: 5,
        healthy_threshold: 2,
        unhealthy_threshold: 3,
        matcher: "200",
      },
      lifecycle: { create_before_destroy: true },
    });
    expect(the(jsonWith(), "aws_lb_target_group")).not.toHaveProperty("stickiness");
  });

  it("takes what the options set, and another name with another port, since both exist for a while", () => {
    const options = {
      httpPort: 8080,
      healthCheck: { path: "/up", intervalSeconds: 5, timeoutSeconds: 2, unhealthyThreshold: 2, statusCodes: "204" },
      stickiness: { seconds: 3600 },
      deregistrationDelaySeconds: 20,
      slowStartSeconds: 60,
    };
    expect(the(jsonWith(options), "aws_lb_target_group")).toMatchObject({
      port: 8080,
      deregistration_delay: "20",
      slow_start: 60,
      health_check: {
        path: "/up",
        interval: 5,
        timeout: 2,
        healthy_threshold: 2,
        unhealthy_threshold: 2,
        matcher: "204",
      },
      stickiness: { type: "lb_cookie", enabled: true, cookie_duration: 3600 },
    });
    const { name } = the(jsonWith(), "aws_lb_target_group");
    expect(the(jsonWith({ httpPort: 8080 }), "aws_lb_target_group").name).not.toBe(name);
    expect(the(jsonWith({ deregistrationDelaySeconds: 20 }), "aws_lb_target_group").name).toBe(name);
  });

  it("has a delay that fits a short stopTimeout by default", () => {
    expect(the(jsonWith({ stopTimeoutSeconds: 10 }), "aws_lb_target_group").deregistration_delay).toBe("10");
  });
});

describe("listener rule", () => {
  it("matches the host, and forwards to the target group", () => {
    const rule = the(jsonWith(), "aws_lb_listener_rule");
    expect(rule).toMatchObject({
      condition: [{ host_header: { values: ["shop.example.com"] } }],
      action: [{ type: "forward", target_group_arn: expect.stringMatching(/aws_lb_target_group/) as string }],
    });
  });

  it("matches paths too, and further hosts", () => {
    expect(
      the(jsonWith({ extraDomains: ["www.example.com"], paths: ["/api/*"] }), "aws_lb_listener_rule"),
    ).toMatchObject({
      condition: [
        { host_header: { values: ["shop.example.com", "www.example.com"] } },
        { path_pattern: { values: ["/api/*"] } },
      ],
    });
  });

  it("keeps its priority when services are added, and takes the one that is stated", () => {
    const priorities = (...services: string[]) => {
      const layout = new WebLayout();
      services.forEach((service) => layout.web(service));
      return new Map(
        all(layout.json, "aws_lb_listener_rule").map(({ condition, priority }) => [
          JSON.stringify(condition),
          priority,
        ]),
      );
    };
    const [few, many] = [priorities("shop"), priorities("admin", "shop", "blog")];
    for (const [condition, priority] of notEmpty(few)) expect(many.get(condition)).toBe(priority);
    expect(new Set(many.values()).size).toBe(3);
    expect(the(jsonWith({ priority: 7 }), "aws_lb_listener_rule").priority).toBe(7);
  });

  it("reports services whose rules leave the order to chance", () => {
    const layout = new WebLayout();
    layout.web("shop", { paths: ["/api/*"] });
    layout.web("admin", { domain: "shop.example.com", paths: ["/api/admin/*"] });
    expect(problemsOf(layout.stack)).toEqual([
      '"admin" and "shop" both serve shop.example.com/api/admin/* and shop.example.com/api/*: set web.priority, 1 to 1000, of the one that takes precedence',
    ]);
  });
});

describe("certificate and records", () => {
  it("is of ACM, proved in the zone, and waited for", () => {
    const json = jsonWith({ extraDomains: ["www.example.com"] });
    expect(the(json, "aws_acm_certificate")).toMatchObject({
      domain_name: "shop.example.com",
      subject_alternative_names: ["www.example.com"],
      validation_method: "DNS",
      lifecycle: { create_before_destroy: true },
    });
    expect(all(json, "aws_route53_record").filter((record) => "for_each" in record)).toEqual([
      expect.objectContaining({
        for_each: expect.stringMatching(
          /^\$\{\{ for option in aws_acm_certificate\.\S+\.domain_validation_options : option\.domain_name => option \}\}$/,
        ) as string,
        allow_overwrite: true,
        name: "${each.value.resource_record_name}",
        type: "${each.value.resource_record_type}",
        records: ["${each.value.resource_record_value}"],
      }),
    ]);
    const { certificate_arn } = the(json, "aws_lb_listener_certificate");
    expect(certificate_arn).toMatch(/^\$\{aws_acm_certificate_validation\..*\.certificate_arn\}$/);
    expect(the(json, "aws_acm_certificate_validation").validation_record_fqdns).toMatch(
      /^\$\{\[for record in aws_route53_record\./,
    );
  });

  it("is the one that is stated", () => {
    const json = jsonWith({ certificate: { arn: "arn:aws:acm:::certificate/x" } });
    expect(all(json, "aws_acm_certificate")).toEqual([]);
    expect(the(json, "aws_lb_listener_certificate").certificate_arn).toBe("arn:aws:acm:::certificate/x");
  });

  const records = (json: TerraformJson) =>
    all(json, "aws_route53_record")
      .filter((record) => "alias" in record)
      .map(({ name, type, count }) => [name, type, count]);

  it("names the load balancer by A, and by AAAA where it has IPv6", () => {
    expect(records(jsonWith())).toEqual([["shop.example.com", "A", undefined]]);
    const dualStack = { create: { zone: "example.com", addresses: "dual-stack" } } as const;
    expect(records(jsonWith({ extraDomains: ["www.example.com"] }, dualStack))).toEqual([
      ["shop.example.com", "A", undefined],
      ["shop.example.com", "AAAA", undefined],
      ["www.example.com", "A", undefined],
      ["www.example.com", "AAAA", undefined],
    ]);
    const looked = { existing: { ...existing.existing, zone: "example.com" } };
    expect(records(jsonWith({}, looked))).toEqual([
      ["shop.example.com", "A", undefined],
      [
        "shop.example.com",
        "AAAA",
        expect.stringMatching(/^\$\{data\.aws_lb\..*\.ip_address_type != "ipv4" \? 1 : 0\}$/),
      ],
    ]);
  });

  it("creates records and a certificate once for services that have the same names", () => {
    const dualStack = { create: { zone: "example.com", addresses: "dual-stack" } } as const;
    const layout = new WebLayout(dualStack);
    layout.web("shop", { domain: "*.example.com", extraDomains: ["example.com"] });
    layout.web("api", { domain: "example.com", extraDomains: ["*.example.com"], paths: ["/api/*"] });
    layout.web("blog", { domain: "example.com", paths: ["/blog/*"] });
    const { json } = layout;
    expect(
      records(json)
        .map(([name, type]) => `${type} ${name}`)
        .sort(),
    ).toEqual([...["A *.example.com", "A example.com", "AAAA *.example.com", "AAAA example.com"]]);
    expect(all(json, "aws_acm_certificate").map(({ domain_name }) => domain_name)).toEqual([
      ...["*.example.com", "example.com"],
    ]);
    expect(all(json, "aws_lb_listener_certificate")).toHaveLength(2);
    expect(all(json, "aws_lb_listener_rule")).toHaveLength(3);
  });

  it("lists the records to create where DNS is elsewhere", () => {
    const layout = new WebLayout({ create: { zone: false } });
    const route = layout.route("shop");
    new TerraformOutput(layout.stack, "records", { value: route.recordsToCreate });
    const { json } = layout;
    expect(all(json, "aws_route53_record")).toEqual([]);
    expect(the(json, "aws_acm_certificate_validation")).not.toHaveProperty("validation_record_fqdns");
    expect(json.output!.records!.value).toMatch(
      /^\$\{concat\(\[for option in aws_acm_certificate\..*\], \[\{ name = "shop\.example\.com", type = "CNAME", value = aws_lb\..*\.dns_name \}\]\)\}$/,
    );
    expect(new WebLayout().route("shop").recordsToCreate).toBeUndefined();
  });

  it("rejects a name outside of the zone, which no record there can prove", () => {
    expect(problemsWith({ domain: "shop.example.org" })).toEqual([
      "shop.example.org isn't in the zone example.com, so you can't prove there that you own the name: use a name that ends in .example.com, another zone, or an existing certificate (certificate.arn)",
    ]);
    expect(problemsWith({ domain: "example.com" })).toEqual([]);
    expect(problemsWith({ domain: "notexample.com" })).toHaveLength(1);
    expect(problemsWith({ domain: "shop.example.org", certificate: { arn: "arn:x" } })).toEqual([]);
  });
});

describe("limits of a rule", () => {
  it.each<[string, Partial<WebRouteProps>, RegExp]>([
    ["values", { paths: ["/a", "/b", "/c", "/d", "/e"] }, /^its rule has 6 domains and paths, and AWS allows 5/],
    [
      "wildcards",
      { paths: ["/*/*/*", "/?/?/?/?"] },
      /^its rule has 7 wildcards in domains and paths, and AWS allows 6/,
    ],
    ["slow start", { slowStartSeconds: 29 }, /^slowStartSeconds is 29, and AWS allows 0 or 30 to 900/],
  ])("%s", (_, props, message) => {
    expect(problemsWith(props)).toEqual([expect.stringMatching(message)]);
  });

  it("accepts as much as AWS does", () => {
    expect(problemsWith({ paths: ["/*/*/*", "/?/?/?", "/c", "/d"], slowStartSeconds: 30 })).toEqual([]);
  });
});

describe("service", () => {
  it("registers its tasks with the target group once a rule forwards to it", () => {
    expect(the(jsonWith(), "aws_ecs_service")).toMatchObject({
      health_check_grace_period_seconds: 60,
      load_balancer: [
        {
          target_group_arn: expect.stringMatching(/aws_lb_target_group/) as string,
          container_name: "shop",
          container_port: 4000,
        },
      ],
      depends_on: expect.arrayContaining([expect.stringMatching(/^aws_lb_listener_rule\./)]) as string[],
    });
  });

  it("is reached on its HTTP port only, by group, on both sides", () => {
    const json = jsonWith();
    const http = { from_port: 4000, to_port: 4000, ip_protocol: "tcp" };
    const groups = (rule: Record<string, unknown> | undefined) => [
      rule?.security_group_id,
      rule?.referenced_security_group_id,
    ];
    const ingress = all(json, "aws_vpc_security_group_ingress_rule").filter(({ from_port }) => from_port === 4000);
    const egress = all(json, "aws_vpc_security_group_egress_rule").filter(
      (rule) => "referenced_security_group_id" in rule,
    );
    expect(ingress).toEqual([expect.objectContaining(http)]);
    expect(egress).toEqual([expect.objectContaining(http)]);
    expect(groups(ingress[0])).toEqual(groups(egress[0]).reverse());
    expect(groups(egress[0])[0]).toMatch(/load-balancer/);
  });

  it("adds no rule to a load balancer's group of another project", () => {
    const egress = all(jsonWith({}, existing), "aws_vpc_security_group_egress_rule");
    expect(egress.filter((rule) => "referenced_security_group_id" in rule)).toEqual([]);
  });

  it("gets its host name, and serves; behind a CDN the name may be another", () => {
    expect(environmentOf(jsonWith())).toMatchObject({ PHX_HOST: "shop.example.com", PHX_SERVER: "true", PORT: "4000" });
    const layout = new WebLayout();
    layout.service("shop", { web: layout.route("shop"), environment: { PHX_HOST: "www.example.com" } });
    expect(environmentOf(layout.json)).toMatchObject({ PHX_HOST: "www.example.com", PHX_SERVER: "true" });
  });

  it("gets no host name from a wildcard, and the drainer's time from its option alone", () => {
    expect(environmentOf(jsonWith({ domain: "*.example.com" }))).not.toHaveProperty("PHX_HOST");
    expect(environmentOf(jsonWith({ drainerSeconds: 10 }))).toMatchObject({ DRAIN_SECONDS: "10" });
    const layout = new WebLayout();
    layout.service("shop", { web: layout.route("shop"), environment: { DRAIN_SECONDS: "5" } });
    expect(problemsOf(layout.stack)).toEqual([
      "environment.DRAIN_SECONDS must not be set: the option web.drainerSeconds sets it",
    ]);
  });

  it("reports times that don't fit together, with the numbers", () => {
    const layout = new WebLayout({ create: { zone: "example.com", idleTimeoutSeconds: 20 } });
    const web = layout.route("shop", {
      deregistrationDelaySeconds: 300,
      healthCheckGracePeriodSeconds: 10,
      healthCheck: { timeoutSeconds: 10 },
    });
    layout.service("shop", { web, stopTimeoutSeconds: 30 });
    expect(problemsOf(layout.stack)).toEqual([
      expect.stringMatching(
        /^the drainer takes up to 30 s .* the release ends 25 s after SIGTERM: raise stopTimeout to 36 s/,
      ),
      expect.stringMatching(/^the load balancer keeps a stopping task for 300 s, and stopTimeout is 30 s: /),
      expect.stringMatching(/^the load balancer closes a connection after 20 s of silence/),
      expect.stringMatching(/^a health check may take 10 s, and the next one begins after 10 s/),
      expect.stringMatching(/^a task needs up to 50 s to become healthy .* 10 s after its start/),
    ]);
  });

  it("knows nothing of the times of a target group that another project owns", () => {
    const layout = new Layout();
    layout.service("shop", { web: { targetGroupArn: "arn:tg", securityGroupId: "sg-0abc1234" } });
    expect(problemsOf(layout.stack)).toEqual([]);
    expect(the(layout.json, "aws_ecs_service")).toMatchObject({ health_check_grace_period_seconds: 60 });
    expect(environmentOf(layout.json)).not.toHaveProperty("PHX_HOST");
  });
});

it("has a URL for visitors", () => {
  const layout = new WebLayout();
  expect(layout.route("shop").url).toBe("https://shop.example.com");
  expect(layout.route("api", { paths: ["/api/*"] }).url).toBe("https://api.example.com/api/");
});
