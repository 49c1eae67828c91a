import { LoadBalancer } from "../../../src/constructs/web/load-balancer";
import type { ExistingLoadBalancer, NewLoadBalancer } from "../../../src/constructs/web/load-balancer-props";
import { all, jsonOf, Layout, problemsOf, the, type TerraformJson } from "../layout";

const certificate = "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-0000-0000-000000000000";

function jsonWith(create: Partial<NewLoadBalancer> = {}): TerraformJson {
  const { stack, network } = new Layout();
  const balancer = new LoadBalancer(stack, "web", {
    name: "prod",
    network,
    loadBalancer: { create: { zone: "example.com", ...create } },
  });
  balancer.addCertificate("shop", certificate);
  return jsonOf(stack);
}

function jsonOfExisting(existing: Partial<ExistingLoadBalancer> = {}): TerraformJson {
  const { stack, network } = new Layout();
  const listenerArn =
    "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/a/0123456789abcdef/0123456789abcdef";
  const loadBalancer = { existing: { listenerArn, securityGroupId: "sg-0abc1234", ...existing } };
  new LoadBalancer(stack, "web", { name: "prod", network, loadBalancer }).addCertificate("shop", certificate);
  return jsonOf(stack);
}

const rules = (json: TerraformJson) =>
  all(json, "aws_vpc_security_group_ingress_rule").map(
    ({ from_port, cidr_ipv4, cidr_ipv6, prefix_list_id }) =>
      `${String(from_port)} ${String(cidr_ipv4 ?? cidr_ipv6 ?? prefix_list_id)}`,
  );

describe("a new load balancer", () => {
  it("is an application load balancer in the internet that can't be deleted by a slip and drops invalid headers", () => {
    expect(the(jsonWith(), "aws_lb")).toMatchObject({
      load_balancer_type: "application",
      internal: false,
      ip_address_type: "ipv4",
      idle_timeout: 55,
      drop_invalid_header_fields: true,
      enable_deletion_protection: true,
      name: expect.stringMatching(/^prod-[0-9a-f]{8}$/) as string,
    });
    expect(the(jsonWith(), "aws_lb")).not.toHaveProperty("access_logs");
  });

  it("takes what the options set", () => {
    const json = jsonWith({
      scheme: "internal",
      addresses: "dual-stack",
      idleTimeoutSeconds: 120,
      deletionProtection: false,
      accessLogs: { bucket: "logs", prefix: "web" },
      webAclArn: "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/a/b",
    });
    expect(the(json, "aws_lb")).toMatchObject({
      internal: true,
      ip_address_type: "dualstack",
      idle_timeout: 120,
      enable_deletion_protection: false,
      access_logs: { enabled: true, bucket: "logs", prefix: "web" },
    });
    expect(the(json, "aws_wafv2_web_acl_association")).toMatchObject({
      resource_arn: expect.stringMatching(/^\$\{aws_lb\..*\.arn\}$/) as string,
      web_acl_arn: "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/a/b",
    });
  });

  it("redirects HTTP, serves HTTPS with TLS 1.3, and answers 404 by default", () => {
    const [http, https, ...others] = all(jsonWith(), "aws_lb_listener");
    expect(others).toEqual([]);
    expect(http).toMatchObject({
      port: 80,
      protocol: "HTTP",
      default_action: [{ type: "redirect", redirect: { port: "443", protocol: "HTTPS", status_code: "HTTP_301" } }],
    });
    expect(https).toMatchObject({
      port: 443,
      protocol: "HTTPS",
      ssl_policy: expect.stringMatching(/TLS13/) as string,
      certificate_arn: certificate,
      default_action: [{ type: "fixed-response", fixed_response: { status_code: "404" } }],
    });
  });

  it("keeps each certificate in the listener's list too, so that another default one breaks nothing", () => {
    expect(the(jsonWith(), "aws_lb_listener_certificate")).toMatchObject({ certificate_arn: certificate });
    const { stack, network } = new Layout();
    const balancer = new LoadBalancer(stack, "web", {
      name: "prod",
      network,
      loadBalancer: { create: { zone: false } },
    });
    for (const service of ["a", "b"]) balancer.addCertificate(service, certificate);
    expect(all(jsonOf(stack), "aws_lb_listener_certificate")).toHaveLength(1);
  });

  it.each<[string, Partial<NewLoadBalancer>, string[]]>([
    ["everybody by default", {}, ["80 0.0.0.0/0", "443 0.0.0.0/0"]],
    ["everybody with IPv6 too", { addresses: "dual-stack" }, ["80 0.0.0.0/0", "80 ::/0", "443 0.0.0.0/0", "443 ::/0"]],
    [
      "only the networks that are stated",
      { allowedClients: { cidrs: ["10.0.0.0/8", "2001:db8::/32"] } },
      ["80 10.0.0.0/8", "80 2001:db8::/32", "443 10.0.0.0/8", "443 2001:db8::/32"],
    ],
    [
      "only a prefix list",
      { allowedClients: { prefixList: "pl-0123456789abcdef0" } },
      ["80 pl-0123456789abcdef0", "443 pl-0123456789abcdef0"],
    ],
  ])("lets in %s", (_, create, expected) => {
    expect(rules(jsonWith(create)).sort()).toEqual([...expected].sort());
  });

  it("has a group with a fixed name that is created before the old one is deleted", () => {
    expect(the(jsonWith(), "aws_security_group")).toMatchObject({
      name: "prod",
      description: "Load balancer prod",
      lifecycle: { create_before_destroy: true },
    });
    expect(all(jsonWith(), "aws_vpc_security_group_egress_rule")).toEqual([]);
  });

  it.each<[string, Partial<NewLoadBalancer>, unknown, string]>([
    [
      "the public ones",
      {},
      expect.objectContaining({
        filter: [expect.objectContaining({ name: "vpc-id" }), { name: "map-public-ip-on-launch", values: ["true"] }],
      }),
      "The VPC has public subnets (those that give a public address at launch) in: ",
    ],
    [
      "those with tags",
      { subnets: { tags: { Tier: "${public}" } } },
      expect.objectContaining({ tags: { Tier: "$${public}" } }),
      "The VPC has subnets tagged Tier = $${public} in: ",
    ],
    [
      "those with ids",
      { subnets: { ids: ["subnet-0abc1234"] } },
      expect.objectContaining({
        filter: [expect.anything(), { name: "subnet-id", values: ["subnet-0abc1234"] }],
      }),
      "subnet-0abc1234 are in: ",
    ],
  ])("takes a subnet of each zone of %s, and says which zones there are", (_, create, found, zones) => {
    const json = jsonWith(create);
    expect(all(json, "aws_subnets", "data")).toContainEqual(found);
    const { subnets, lifecycle } = the(json, "aws_lb") as {
      subnets: string;
      lifecycle: { precondition: { condition: string; error_message: string }[] };
    };
    expect(subnets).toMatch(/^\$\{\[for zone, ids in .*data\.aws_subnet\..* : sort\(ids\)\[0\]\]\}$/);
    expect(lifecycle.precondition.map(({ error_message }) => error_message)).toEqual([
      expect.stringContaining(`at least two availability zones. ${zones}`),
      expect.stringContaining("where the load balancer has no subnet: they would get no requests"),
    ]);
    // Each subnet's zone comes from a data source of its own.
    expect(all(json, "aws_subnet", "data")).toHaveLength(2);
  });

  it("is in the tasks' subnets where it is internal", () => {
    expect(all(jsonWith({ scheme: "internal" }), "aws_subnet", "data")).toHaveLength(1);
    expect(all(jsonWith({ scheme: "internal" }), "aws_subnets", "data")).toHaveLength(1);
  });

  it("looks up its zone, unless DNS is elsewhere", () => {
    expect(the(jsonWith(), "aws_route53_zone", "data")).toMatchObject({ name: "example.com", private_zone: false });
    expect(all(jsonWith({ zone: false }), "aws_route53_zone", "data")).toEqual([]);
  });

  it("needs a service with a certificate", () => {
    const { stack, network } = new Layout();
    new LoadBalancer(stack, "web", { name: "prod", network, loadBalancer: { create: { zone: false } } });
    expect(problemsOf(stack)).toEqual([
      "no service has the option web: HTTPS needs a certificate, which comes with the first service that has it",
    ]);
  });

  it.each(["internal-prod", "sg-prod"])("rejects the name %s, which AWS reserves", (name) => {
    const { stack, network } = new Layout();
    const balancer = new LoadBalancer(stack, "web", { name, network, loadBalancer: { create: { zone: false } } });
    balancer.addCertificate("shop", certificate);
    expect(problemsOf(stack)).toEqual([
      expect.stringMatching(/^its name begins with "(internal|sg)-", which AWS reserves .* change what the name/),
    ]);
  });

  it("rejects more certificates than AWS allows", () => {
    const { stack, network } = new Layout();
    const balancer = new LoadBalancer(stack, "web", {
      name: "prod",
      network,
      loadBalancer: { create: { zone: false } },
    });
    for (let index = 0; index < 26; index += 1) balancer.addCertificate(`s${index}`, `${certificate}-${index}`);
    expect(problemsOf(stack)).toEqual([expect.stringMatching(/^its listener has 26 certificates, and AWS allows 25/)]);
  });
});

describe("an existing load balancer", () => {
  it("is looked up by its listener, must serve HTTPS, and keeps sockets longer than a heartbeat", () => {
    const json = jsonOfExisting();
    expect(the(json, "aws_lb_listener", "data")).toMatchObject({
      arn: expect.stringContaining("listener/app/a") as string,
      lifecycle: { postcondition: [{ condition: '${self.protocol == "HTTPS"}' }] },
    });
    expect(the(json, "aws_lb", "data")).toMatchObject({
      arn: expect.stringMatching(/load_balancer_arn/) as string,
      lifecycle: { postcondition: [{ condition: "${self.idle_timeout > 30}" }] },
    });
    expect(all(json, "aws_lb")).toEqual([]);
    expect(all(json, "aws_security_group")).toEqual([]);
  });

  it("gets certificates, and has a zone only where one is named", () => {
    expect(the(jsonOfExisting(), "aws_lb_listener_certificate")).toMatchObject({ certificate_arn: certificate });
    expect(all(jsonOfExisting(), "aws_route53_zone", "data")).toEqual([]);
    expect(the(jsonOfExisting({ zone: "example.com" }), "aws_route53_zone", "data")).toMatchObject({
      name: "example.com",
    });
  });
});
