import { describeStability } from "../../src/review/render/summary";
import { reviewPlan } from "../../src/review/review";
import { goodLayout, type Layout } from "./good-layout";
import { setVariable, versions } from "./layouts";

const stability = (edit: (layout: Layout) => void) => {
  const layout = goodLayout();
  edit(layout);
  return reviewPlan(layout).stability.find(({ service }) => service.name === "shop")!;
};
const service = (layout: Layout) => layout.resource.aws_ecs_service!.shop!;

describe("stability together", () => {
  it("adds TTL and polling interval for a join, and takes net_ticktime ± a quarter for a silent loss", () => {
    const numbers = stability((layout) => {
      setVariable(layout, "shop", "CLUSTER_POLLING_INTERVAL", "2500");
      setVariable(layout, "shop", "NET_TICKTIME", "60");
    });
    expect(numbers).toMatchObject({ join: [0, 12.5], staleAddress: [0, 12.5], silentLoss: [45, 75] });
  });

  it.each([
    [4, 200, "together", 8],
    [5, 200, "flaps-while-deploying", 10],
    [5, 150, "together", 7],
    [8, 100, "together", 8],
    [9, 100, "flaps", 9],
  ] as const)("of %d tasks at %d %% with plain DNSPoll: %s", (tasks, percent, verdict, whileDeploying) => {
    const numbers = stability((layout) => {
      setVariable(layout, "shop", "CLUSTER_DISCOVERY", "dnspoll");
      Object.assign(service(layout), { desired_count: tasks, deployment_maximum_percent: percent });
    });
    expect(numbers).toMatchObject({ verdict, whileDeploying });
  });

  it("counts old and new tasks even where their versions run apart: they share one DNS name", () => {
    const numbers = stability((layout) => {
      versions("1_4_2", "1_4_2")(layout);
      setVariable(layout, "shop", "CLUSTER_DISCOVERY", "dnspoll");
      Object.assign(service(layout), { desired_count: 5, deployment_maximum_percent: 200 });
    });
    expect(numbers).toMatchObject({ verdict: "flaps-while-deploying", whileDeploying: 10 });
  });

  it("doesn't depend on the 8 records for a discovery that keeps members", () => {
    expect(stability((layout) => Object.assign(service(layout), { desired_count: 30 })).verdict).toBe("together");
  });

  describe("of two ECS services in one Cloud Map service", () => {
    const shared = (layout: Layout) => {
      for (const name of ["shop", "stock"] as const) {
        setVariable(layout, name, "CLUSTER_DISCOVERY", "dnspoll");
        Object.assign(layout.resource.aws_ecs_service![name]!, {
          desired_count: 8,
          deployment_maximum_percent: 100,
          service_registries: { registry_arn: "${aws_service_discovery_service.shop.arn}" },
        });
      }
    };

    it("adds up their records: eight and eight with plain DNSPoll flap", () => {
      // GIVEN two services of 8 tasks each, which fit into one answer each
      const layout = goodLayout();
      shared(layout);
      // WHEN both register in one Cloud Map service
      const { stability, findings } = reviewPlan(layout);
      // THEN 16 records stand for the one name, and both flap
      const numbers = { registered: 16, whileDeploying: 16, verdict: "flaps" };
      expect(stability.filter(({ service: { name } }) => name !== "mail")).toMatchObject([
        { ...numbers, sharedWith: ["stock"] },
        { ...numbers, sharedWith: ["shop"] },
      ]);
      expect(findings.map(({ message }) => message)).toContain(
        "shop and stock register together, in one Cloud Map service, 16 tasks, and a DNS answer holds 8: with plain DNSPoll nodes drop each other indefinitely",
      );
      expect(describeStability(stability.find(({ service: { name } }) => name === "shop")!)).toContain(
        "16 tasks in one Cloud Map service with stock → up to 16 in DNS, 8 an answer, discovery dnspoll: FLAPS",
      );
    });

    it.each([
      ["the ARN of one outside the plan", "arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-0123456789", 16],
      ["each its own", undefined, 8],
    ])("knows it by %s", (_, registry_arn, registered) => {
      const numbers = stability((layout) => {
        shared(layout);
        for (const name of ["shop", "stock"] as const)
          layout.resource.aws_ecs_service![name]!.service_registries = {
            registry_arn: registry_arn ?? `\${aws_service_discovery_service.${name}.arn}`,
          };
      });
      expect(numbers).toMatchObject({ registered });
    });

    it("knows nothing of the sum while one of the numbers isn't known", () => {
      const numbers = stability((layout) => {
        shared(layout);
        service(layout).desired_count = "${var.tasks}";
      });
      expect(numbers).toMatchObject({ registered: undefined, verdict: "unknown" });
    });
  });

  it("doesn't take a DAEMON for a service without tasks", () => {
    const numbers = stability((layout) => {
      setVariable(layout, "shop", "CLUSTER_DISCOVERY", "dnspoll");
      Object.assign(service(layout), { scheduling_strategy: "DAEMON", launch_type: "EC2", desired_count: undefined });
      delete service(layout).deployment_maximum_percent;
    });
    expect(numbers).toMatchObject({ registered: undefined, verdict: "unknown" });
    expect(numbers.service.scale).toMatchObject({ tasks: undefined, maximumPercent: 100 });
    expect(describeStability(numbers)).toBe(
      "one task on each container instance (DAEMON), and a plan doesn't say how many these are",
    );
  });

  it("counts what autoscaling may want", () => {
    const numbers = stability((layout) => {
      layout.resource.aws_appautoscaling_target = {
        shop: { resource_id: "service/main/shop", min_capacity: 2, max_capacity: 12 },
      };
    });
    expect(numbers).toMatchObject({ registered: 12, whileDeploying: 24 });
  });
});

describe("a service that doesn't poll its own name", () => {
  const own = (values: Record<string, unknown>) => {
    const layout = goodLayout();
    setVariable(layout, "shop", "CLUSTER_NODES", "stock@stock.organization.local");
    Object.assign(service(layout), values);
    const { matrix, services, findings } = reviewPlan(layout);
    const shop = services.find(({ name }) => name === "shop")!;
    return [matrix.pair(shop, shop).state, findings.filter(({ check }) => check.id === "cannot-connect").length];
  };

  it.each([
    ["has no error with one task", { desired_count: 1 }, ["not-polled", 0]],
    ["has one with two tasks, which never see each other", { desired_count: 2 }, ["blocked", 1]],
    ["is unknown while its number of tasks is", { desired_count: "${var.tasks}" }, ["unknown", 0]],
    ["is unknown as a DAEMON", { scheduling_strategy: "DAEMON", desired_count: undefined }, ["unknown", 0]],
  ])("%s", (_, values, expected) => {
    expect(own(values)).toEqual(expected);
  });
});

describe("settings", () => {
  it("are read from the BEAM's flags where the application has no variables for them", () => {
    const layout = goodLayout();
    const ours = [
      "DISTRIBUTION_MODE",
      "DISTRIBUTION_PORT_MIN",
      "DISTRIBUTION_PORT_MAX",
      "CLUSTER_NODES",
      "CLUSTER_DISCOVERY",
    ];
    for (const name of ours) setVariable(layout, "shop", name, undefined);
    setVariable(
      layout,
      "shop",
      "ERL_AFLAGS",
      "-kernel inet_dist_listen_min 9100 inet_dist_listen_max 9105 -kernel net_ticktime 8",
    );
    const shop = reviewPlan(layout).services.find(({ name }) => name === "shop")!;
    expect(shop.distribution).toMatchObject({
      ports: { value: { from: 9100, to: 9105 }, assumed: false },
      netTicktime: { value: 8, assumed: false },
      mode: { value: "epmd", assumed: true },
    });
  });

  it("of dns_cluster say what is polled", () => {
    const layout = goodLayout();
    for (const name of ["CLUSTER_NODES", "CLUSTER_DISCOVERY"]) setVariable(layout, "shop", name, undefined);
    setVariable(layout, "shop", "DNS_CLUSTER_QUERY", "shop.organization.local,stock@stock.organization.local");
    const { matrix, services } = reviewPlan(layout);
    const [shop, stock] = ["shop", "stock"].map((wanted) => services.find(({ name }) => name === wanted)!);
    expect(matrix.pair(shop!, shop!).state).toBe("connects");
    expect(matrix.pair(shop!, stock!).state).toBe("connects");
    expect(shop!.distribution.discovery).toEqual({ value: "dns_cluster", assumed: false });
  });

  it("of dns_cluster need the other's basename", () => {
    const layout = goodLayout();
    for (const name of ["CLUSTER_NODES", "CLUSTER_DISCOVERY"]) setVariable(layout, "shop", name, undefined);
    setVariable(layout, "shop", "DNS_CLUSTER_QUERY", "shop.organization.local,stock.organization.local");
    const { findings } = reviewPlan(layout);
    expect(findings.map(({ message }) => message)).toContainEqual(
      expect.stringContaining("basename differs: shop looks for shop@, stock's nodes are stock@"),
    );
  });

  it("of an application that finds its peers by itself leave its peers unknown", () => {
    const layout = goodLayout();
    setVariable(layout, "shop", "CLUSTER_NODES", undefined);
    setVariable(layout, "shop", "CLUSTER_DISCOVERY", "none");
    layout.resource.aws_ecs_service!.shop!.desired_count = 12;
    const { services, stability, findings, assumptions } = reviewPlan(layout);
    const shop = services.find(({ name }) => name === "shop")!;
    expect(shop.polls).toEqual({ unknown: "it finds its peers by itself (CLUSTER_DISCOVERY is none)" });
    expect(stability.find(({ service }) => service === shop)?.verdict).toBe("together");
    expect(findings.map(({ check }) => check.id)).not.toContain("dns-answer-limit");
    expect(assumptions.filter((text) => text.includes("discovery"))).toEqual([]);
  });

  it("leave out services that show no sign of a node", () => {
    const layout = goodLayout();
    layout.resource.aws_ecs_task_definition!.mail!.container_definitions = JSON.stringify([
      { name: "nginx", image: "nginx:1.27.0" },
    ]);
    expect(reviewPlan(layout)).toMatchObject({
      others: [{ address: "aws_ecs_service.mail", because: "nothing in its containers looks like a node" }],
      matrix: { services: [{ name: "shop" }, { name: "stock" }] },
    });
  });
});
