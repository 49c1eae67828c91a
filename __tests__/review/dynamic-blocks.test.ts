import { reviewPlan } from "../../src/review/review";
import { pairsOf, reviewFixture } from "./fixtures";
import { goodLayout } from "./good-layout";

describe("a plan of dynamic blocks that aren't known before apply", () => {
  const review = reviewFixture("dynamic");
  const pairs = pairsOf(review);

  it.each([
    ["dynall→dynall", "any number of network configurations and registries"],
    ["dynsome→dynsome", "one network configuration and one registry, with ids from elsewhere"],
    ["dynall→dynsome", "both"],
    ["group-a→group-a", "any number of ingress blocks"],
    ["group-a→group-b", "two egress blocks with groups that aren't known"],
    ["group-b→group-b", "blocks whose CIDRs and self aren't known"],
    ["group-e→group-mixed", "a dynamic block next to a plain one"],
    ["group-d→group-d", "a prefix list with any number of entries"],
  ])("leaves %s open: %s", (pair) => {
    expect(pairs[pair]![0]).toBe("unknown");
  });

  it.each([
    ["group-a→group-c", "c lets in its own group at most"],
    ["group-b→group-d", "b lets out to its own group at most"],
    ["group-c→group-c", "c lets nothing out"],
  ])("still calls %s blocked: %s", (pair) => {
    expect(pairs[pair]![0]).toBe("blocked");
  });

  it("says why, and nothing that isn't so", () => {
    const open = review.matrix.pairs.filter(({ state }) => state === "unknown");
    const reasons = open.flatMap(({ reasons }) => reasons.map(({ text }) => text)).join("\n");
    expect(reasons).toContain(
      "4369 out of dynall: its network configuration isn't known: a dynamic block sets it, and plans don't record dynamic blocks",
    );
    expect(reasons).toContain(
      "where dynsome's service registers isn't known: which Cloud Map service isn't known: a dynamic block sets it",
    );
    expect(reasons).toContain("whether it has self = true isn't known before apply (a dynamic block sets it");
    expect(reasons).not.toMatch(/is not in this plan|set by AWS/);
  });

  it.each([
    ["grace-period-without-load-balancer", "load balancers that aren't known"],
    ["circuit-breaker", "a circuit breaker that isn't known"],
    ["discovery-health-check", "a custom health check that isn't known"],
  ])("has no %s at %s", (id) => {
    const unsure = ["aws_ecs_service.dynall", "aws_service_discovery_service.t"];
    const found = review.findings.filter(({ check, address }) => check.id === id && unsure.includes(address));
    expect(found).toEqual([]);
  });
});

describe("a dynamic block in Terraform JSON", () => {
  const review = (edit: (resource: Record<string, Record<string, Record<string, unknown>>>) => void) => {
    const layout = goodLayout();
    edit(layout.resource);
    return pairsOf(reviewPlan(layout));
  };

  it("opens a group to what isn't known", () => {
    const pairs = review(({ aws_security_group, ...others }) => {
      for (const name of ["epmd", "range"])
        delete others.aws_vpc_security_group_ingress_rule![`stock_from_shop_${name}`];
      aws_security_group!.stock!.dynamic = { ingress: { for_each: "${var.ports}", content: { protocol: "tcp" } } };
    });
    expect(pairs["shop→stock"]).toEqual([
      "unknown",
      expect.stringContaining('a dynamic block makes it for each of "${var.ports}"'),
      expect.stringContaining("9000–9010 into stock"),
    ]);
  });

  it.each(["network_configuration", "service_registries"])("leaves %s open", (name) => {
    const pairs = review(({ aws_ecs_service }) => {
      const { [name]: content, ...shop } = aws_ecs_service!.shop!;
      aws_ecs_service!.shop = { ...shop, dynamic: { [name]: { for_each: [1], content } } };
    });
    expect(pairs["stock→shop"]).toContainEqual(expect.stringContaining("a dynamic block makes it for each of [1]"));
  });
});
