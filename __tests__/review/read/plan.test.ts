import { readPlan, plannedResources } from "../../../src/review/read/plan";
import type { PlanJson } from "../../../src/review/read/plan-format";
import { byDynamicBlock, Reference, setByAws, Unknown, type Values } from "../../../src/review/read/value";
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
      "image-not-pullable",
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
          "distribution port 9000 of stock is open to the world, 0.0.0.0/0 (9000); no block or rule resource of this plan defines it, so it was added outside this configuration or by a dynamic block",
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

describe("a plan's format", () => {
  const refusal = (plan: object) => {
    try {
      readPlan({ format_version: "1.2", ...plan });
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };

  it.each(["0.1", "1.0", "1.99"])("may be %s", (format_version) => {
    expect(refusal({ format_version })).toBeUndefined();
  });

  it.each(["2.0", "10.1", "", undefined, 3])("must not be %j", (format_version) => {
    expect(refusal({ format_version })).toBe(
      `This plan has ${format_version === undefined ? "no format version" : `format version ${JSON.stringify(format_version)}`}. ` +
        "The review reads 0.1 to 1.x, as terraform show -json of Terraform 0.12 to 1.x and of OpenTofu prints it.",
    );
  });

  it("must not be that of a plan with errors, nor of something else", () => {
    expect(refusal({ errored: true })).toBe(
      "Terraform marked this plan as errored: it is not complete. Fix what terraform plan reports first.",
    );
    expect(refusal({ variables: 5 })).toBe(
      "This plan's variables isn't what Terraform writes there: an object. The file is damaged, or something else wrote it.",
    );
  });
});

describe("a planned resource", () => {
  const change = (change: object, more: object = {}) => ({
    address: "aws_sg.a",
    mode: "managed",
    type: "aws_sg",
    name: "a",
    change: { actions: ["create"], after: {}, ...change },
    ...more,
  });
  const read = (resource_changes: object[], expressions: object = {}, more: object = {}) =>
    plannedResources({
      format_version: "1.2",
      resource_changes,
      configuration: {
        root_module: { resources: [{ address: "aws_sg.a", mode: "managed", type: "aws_sg", name: "a", expressions }] },
      },
      ...more,
    } as unknown as PlanJson);
  const valuesOf = (after: unknown, after_unknown: unknown, expressions: object = {}) =>
    read([change({ after, after_unknown }), vpc], expressions).all.find(({ address }) => address === "aws_sg.a")!
      .values;
  const vpc = change({ after: { name: "main" } }, { address: "aws_vpc.m", type: "aws_vpc", name: "m" });
  const refersTo = (...references: string[]) => ({ references });
  const vpcId = { references: ["aws_vpc.m.id", "aws_vpc.m"] };
  const reference = new Reference("aws_vpc.m", "id");

  it("has what is known of it, before and after, and what the configuration sets", () => {
    const expressions = { name: { constant_value: "a" } };
    const { all } = read(
      [change({ actions: ["update"], before: { name: "b" }, after: { name: "a" }, after_sensitive: { secret: true } })],
      expressions,
    );
    expect(all).toEqual([
      {
        address: "aws_sg.a",
        type: "aws_sg",
        mode: "managed",
        values: { name: "a" },
        before: { name: "b" },
        actions: ["update"],
        configured: expressions,
        nearby: expect.any(Function),
        sensitive: { secret: true },
      },
    ]);
    expect(read([change({ before: null })]).all[0]).not.toHaveProperty("before");
    expect(read([change({ after: null, after_unknown: {} })]).all[0]!.values).toEqual({});
    expect(read([vpc]).all[0]).not.toHaveProperty("configured");
    expect(all[0]!.nearby!()).toEqual({ own: [new Reference("aws_sg.a", "")], given: [] });
  });

  it("that is destroyed is no longer there; one that is only forgotten stays as it is", () => {
    const gone = change({ actions: ["delete"], before: { id: "sg-1" }, after: null });
    expect(read([gone])).toEqual({
      all: [],
      destroyed: [{ address: "aws_sg.a", type: "aws_sg", before: { id: "sg-1" } }],
      indexed: 0,
    });
    expect(read([change({ actions: ["delete"], before: null, after: null })]).destroyed).toEqual([]);
    const forgotten = (before: unknown) => read([change({ actions: ["forget"], before, after: null })]).all;
    expect(forgotten({ id: "sg-1" })).toEqual([
      { address: "aws_sg.a", type: "aws_sg", mode: "managed", values: { id: "sg-1" }, actions: ["forget"] },
    ]);
    expect(forgotten(null)).toEqual([]);
    // With destroy = false of a lifecycle, OpenTofu forgets the old one and creates a new one, Terraform the other way round.
    for (const actions of [
      ["forget", "create"],
      ["create", "forget"],
    ])
      expect(read([change({ actions, before: { id: "sg-1" }, after: { id: "sg-2" } })]).all).toMatchObject([
        { values: { id: "sg-2" }, before: { id: "sg-1" }, actions },
      ]);
    // A replaced one is destroyed and there.
    const replaced = read([change({ actions: ["delete", "create"], before: { id: "sg-1" }, after: {} })]);
    expect([replaced.all.length, replaced.destroyed.length]).toEqual([1, 0]);
  });

  it("is read the same from a writer that puts null where Terraform leaves out what isn't there", () => {
    const nothing = { index: null, module_address: null, previous_address: null, deposed: null, action_reason: null };
    const json = { format_version: "1.2", resource_changes: [change({ before: null, after: { name: "a" } }, nothing)] };
    expect(plannedResources(readPlan(json)).all).toMatchObject([{ address: "aws_sg.a", values: { name: "a" } }]);
  });

  it("that is deposed is not the one that the configuration means", () => {
    expect(read([change({ actions: ["delete"], before: {} }, { deposed: "1234" })])).toMatchObject({
      all: [],
      destroyed: [],
    });
  });

  it("is joined by data sources that were read before the plan, in modules too", () => {
    const data = (address: string, more: object = {}) => ({
      address,
      mode: "data",
      type: "aws_vpc",
      name: "found",
      values: { id: "vpc-1" },
      sensitive_values: {},
      ...more,
    });
    const prior_state = {
      values: {
        root_module: {
          resources: [
            data("data.aws_vpc.found"),
            data("data.aws_vpc.empty", { name: "empty", values: undefined }),
            data("data.aws_vpc.changed", { name: "changed" }),
            data("aws_vpc.managed", { mode: "managed" }),
          ],
          child_modules: [{ address: "module.a", resources: [data("module.a.data.aws_vpc.found", { index: 0 })] }, {}],
        },
      },
    };
    const changed = change({ actions: ["read"] }, { address: "data.aws_vpc.changed", mode: "data", name: "changed" });
    const { all } = read([changed], {}, { prior_state });
    expect(all.map(({ address, mode, actions }) => [address, mode, ...actions])).toEqual([
      ["data.aws_vpc.changed", "data", "read"],
      ["data.aws_vpc.found", "data", "no-op"],
      ["data.aws_vpc.empty", "data", "no-op"],
      ["module.a.data.aws_vpc.found", "data", "no-op"],
    ]);
    expect(all[1]).toMatchObject({ type: "aws_vpc", values: { id: "vpc-1" }, sensitive: {} });
    expect(all[2]!.values).toEqual({});
    // What such a data source knows is the text that a reference to it gives.
    const through = read(
      [change({ after: {}, after_unknown: { vpc: true } })],
      { vpc: refersTo("data.aws_vpc.found.id", "data.aws_vpc.found") },
      { prior_state },
    );
    expect(through.all[0]!.values.vpc).toMatchObject({ candidates: ["vpc-1"] });
  });

  describe("has, for a value that is known after apply only,", () => {
    it("what its expression refers to", () => {
      expect(valuesOf({ name: "a" }, { vpc_id: true }, { vpc_id: vpcId })).toEqual({ name: "a", vpc_id: reference });
      expect(valuesOf({}, { vpc_id: true })).toEqual({ vpc_id: setByAws });
      expect(valuesOf({}, { vpc_id: true }, { vpc_id: { constant_value: null } })).toEqual({ vpc_id: setByAws });
    });

    it("nothing of what is known, and null for what is neither", () => {
      expect(valuesOf({ a: 1 }, { a: false, b: false })).toEqual({ a: 1, b: null });
      expect(valuesOf({ a: 1 }, {})).toEqual({ a: 1 });
      expect(valuesOf({ a: 1 }, undefined)).toEqual({ a: 1 });
    });

    it("members of a list one by one", () => {
      expect(valuesOf({ ids: ["vpc-1", null] }, { ids: [false, true] }, { ids: vpcId })).toEqual({
        ids: ["vpc-1", reference],
      });
      expect(valuesOf({}, { ids: [true, true] }, { ids: vpcId })).toEqual({ ids: [reference, reference] });
      expect(valuesOf({ ids: ["a", "b"] }, { ids: [true] }, { ids: vpcId })).toEqual({ ids: [reference, "b"] });
    });

    it("attributes of a block, whether it is one or a list of one", () => {
      const values = { network: { name: "n", vpc: reference } };
      for (const network of [{ vpc: vpcId }, [{ vpc: vpcId }]])
        expect(valuesOf({ network: { name: "n" } }, { network: { vpc: true } }, { network })).toEqual(values);
      expect(
        valuesOf({ network: [{ name: "n" }] }, { network: [{ vpc: true }] }, { network: [{ vpc: vpcId }] }),
      ).toEqual({
        network: [values.network],
      });
    });

    it("that a dynamic block sets it, where the configuration has no such block", () => {
      expect(valuesOf({}, { network: [{ vpc: true }] })).toEqual({ network: [{ vpc: byDynamicBlock }] });
      expect(valuesOf({}, { network: { vpc: true } })).toEqual({ network: { vpc: byDynamicBlock } });
    });

    it("what the expression of a whole list of blocks refers to, in each of them", () => {
      expect(valuesOf({}, { rule: [{ group: true }] }, { rule: vpcId })).toEqual({ rule: [{ group: reference }] });
      // More isn't known than the expression accounts for: another block may be mixed in.
      const mixed = { rule: [{ security_groups: true, self: true }] };
      expect(valuesOf({}, mixed, { rule: vpcId })).toEqual({
        rule: [{ security_groups: [reference, expect.any(Unknown)], self: reference }],
      });
    });
  });

  describe("has blocks of a set, which a plan sorts,", () => {
    const block = (port: number, ...references: string[]) => ({
      port: { constant_value: port },
      group: refersTo(...references),
    });
    const groupsOf = (after: object[], ...ingress: object[]) =>
      (
        valuesOf({ ingress: after }, { ingress: after.map(() => ({ group: true })) }, { ingress }).ingress as Values[]
      ).map(({ group }) => group);
    const [one, two] = [block(1, "aws_vpc.m.one"), block(2, "aws_vpc.m.two")];
    const [isOne, isTwo] = [new Reference("aws_vpc.m", "one"), new Reference("aws_vpc.m", "two")];

    it("matched with the configuration by what is constant in them", () => {
      expect(groupsOf([{ port: 2 }, { port: 1 }], one!, two!)).toEqual([isTwo, isOne]);
      expect(groupsOf([{ port: "2" }, { port: 1 }], one!, two!)).toEqual([isTwo, isOne]);
      // A constant is only what the block doesn't leave out: null, empty text, false or 0.
      const plain = { group: refersTo("aws_vpc.m.one") };
      for (const left of [null, "", false, 0])
        expect(groupsOf([{ port: 2 }, { port: left }], plain, two!)).toEqual([isTwo, isOne]);
    });

    it("matched by elimination: one that fits a single block takes it first", () => {
      const any = { port: refersTo("var.port"), group: refersTo("aws_vpc.m.one") };
      expect(groupsOf([{ port: 2 }, { port: 1 }], any, two!)).toEqual([isTwo, isOne]);
    });

    it("matched in any order where they are alike", () => {
      const alike = block(1, "aws_vpc.m.two");
      expect(groupsOf([{ port: 1 }, { port: 1 }], one!, alike)).toEqual([isOne, isTwo]);
    });

    it("left open where several fit that differ, or none", () => {
      const by = (name: string, group: string) => ({ port: refersTo(name), group: refersTo(group) });
      const open = [byDynamicBlock, byDynamicBlock];
      expect(groupsOf([{ port: 1 }, { port: 2 }], by("var.a", "aws_vpc.m.one"), by("var.b", "aws_vpc.m.two"))).toEqual(
        open,
      );
      expect(groupsOf([{ port: 8 }, { port: 9 }], one!, two!)).toEqual(open);
    });

    it("taken as it is where there is one", () => {
      expect(groupsOf([{ port: 9 }], one!)).toEqual([isOne]);
    });
  });
});
