import { reviewPlan } from "../../../src/review/review";
import { pairsOf, planText, reviewFixture } from "../fixtures";

describe("a plan by modules and for_each", () => {
  it("is followed through module calls, outputs and each", () => {
    // GIVEN rules whose groups stand behind module outputs, indexed by each.key and each.value.peer
    const review = reviewFixture("modules");
    // THEN shop and stock cluster, and mail keeps to itself
    expect(pairsOf(review)).toMatchObject({
      "shop→stock": ["connects"],
      "stock→shop": ["connects"],
      "mail→mail": ["connects"],
      "mail→shop": ["not-polled"],
    });
    expect(review.matrix.pairs.filter(({ packets }) => packets === "yes").length).toBe(5);
  });

  it("says that indexes were read off each.key", () => {
    expect(reviewFixture("modules").assumptions.join()).toMatch(
      /\d+ indexes by each\.key, count\.index or a variable are read/,
    );
  });

  it("finds the packets closed when the variable names another peer", () => {
    const plan = JSON.parse(planText("modules").replaceAll('"peer":"stock"', '"peer":"mail"')) as object;
    expect(pairsOf(reviewPlan(plan))["stock→shop"]).toEqual([
      "blocked",
      'no rule for 4369 and 9000–9010 from module.service["stock"].aws_security_group.this to module.service["shop"].aws_security_group.this',
    ]);
  });
});

describe("a plan by count", () => {
  it("is followed through count.index and constant indexes", () => {
    expect(pairsOf(reviewFixture("counted"))).toMatchObject({ "shop→shop": ["connects"], "stock→shop": ["connects"] });
  });

  it("says unknown for what goes through a local value", () => {
    expect(pairsOf(reviewFixture("counted"))["shop→stock"]).toEqual([
      "unknown",
      "4369 into stock: aws_security_group_rule.stock_from_shop belongs to a group that is unknown before apply",
      "9000–9010 into stock: aws_security_group_rule.stock_from_shop belongs to a group that is unknown before apply",
    ]);
  });
});

describe("a plan after the guide", () => {
  const review = reviewFixture("guide");

  it("finds that the tasks of one service can't connect", () => {
    expect(pairsOf(review)["my-service→my-service"]).toEqual([
      "blocked",
      "no rule for 4369 and 9000–9010 from aws_security_group.myapp to aws_security_group.myapp",
    ]);
  });

  it("says what it can't know: what the application polls", () => {
    expect(pairsOf(review)["my-service→my-service2"]).toContain(
      "my-service: what it polls is not in its environment (CLUSTER_NODES, DNS_CLUSTER_QUERY)",
    );
  });

  it("states what it assumes", () => {
    expect(review.assumptions[0]).toBe("all services: assumed epmd 4369 + 9000–9010 (--ports, --mode)");
  });

  it("takes what is given in place of its assumptions", () => {
    const other = reviewFixture("guide", { assumptions: { ports: { from: 9100, to: 9110 } } });
    expect(pairsOf(other)["my-service→my-service"]![1]).toContain("9100–9110");
  });

  it("finds all that is wrong with it", () => {
    expect([...new Set(review.findings.map(({ check }) => check.id))].sort()).toEqual([
      "any-port-rule",
      "circuit-breaker",
      "discovery-health-check",
      "discovery-routing",
      "distribution-open-to-cidr",
      "egress-unguarded",
      "exec-permissions",
      "exec-read-only-root",
      "execution-role-too-wide",
      "fargate-size",
      "grace-period-without-load-balancer",
      "iam-wildcard",
      "log-retention",
      "minimum-healthy",
      "mutable-image-tag",
      "no-self-rule",
      "one-role",
      "public-ip",
      "secret-in-environment",
      "secret-in-plan",
      "stop-timeout",
    ]);
  });
});

describe("container definitions that aren't known before apply", () => {
  const plan = JSON.parse(planText("modules")) as {
    resource_changes: {
      type: string;
      name: string;
      change: { after: Record<string, unknown>; after_unknown: Record<string, unknown> };
    }[];
  };
  for (const { type, change } of plan.resource_changes) {
    if (type !== "aws_ecs_task_definition") continue;
    delete change.after.container_definitions;
    change.after_unknown.container_definitions = true;
  }

  it("make polling, basename and cookie unknown, and packets not", () => {
    const [shop] = reviewPlan(plan).matrix.pairs.filter(({ from, to }) => from.name === "shop" && to.name === "stock");
    expect(shop).toMatchObject({ state: "unknown", packets: "yes" });
    expect(shop!.reasons[0]!.text).toMatch(/its container definitions aren't known before apply/);
  });
});

describe("a plan against a state", () => {
  const review = reviewFixture("changed");

  it("counts rules that only the state knows", () => {
    expect(review.findings).toContainEqual(
      expect.objectContaining({
        address: "aws_security_group.stock",
        message:
          "distribution port 9000 of stock is open to the world, 0.0.0.0/0 (9000); no block or rule resource of this plan makes it, so it was added outside this configuration or by a dynamic block",
      }),
    );
  });

  it("doesn't count rules that the plan takes away, though the state still shows them", () => {
    expect(pairsOf(review)["shop→stock"]).toContain(
      "epmd 4369 closed: no rule from aws_security_group.shop to aws_security_group.stock",
    );
  });

  it("follows a group that is replaced", () => {
    expect(pairsOf(review)["mail→mail"]).toEqual(["connects"]);
  });
});
