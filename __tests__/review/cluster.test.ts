import { reviewPlan } from "../../src/review/review";
import { goodLayout, type Layout } from "./good-layout";
import { setVariable } from "./layouts";

const staying = (edit: (layout: Layout) => void) => {
  const layout = goodLayout();
  edit(layout);
  return reviewPlan(layout).staying.find(({ service }) => service.name === "shop")!;
};
const service = (layout: Layout) => layout.resource.aws_ecs_service!.shop!;

describe("staying together", () => {
  it("adds TTL and polling interval for a join, and takes net_ticktime ± a quarter for a silent loss", () => {
    const numbers = staying((layout) => {
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
    const numbers = staying((layout) => {
      setVariable(layout, "shop", "CLUSTER_RESOLVER", "stock");
      Object.assign(service(layout), { desired_count: tasks, deployment_maximum_percent: percent });
    });
    expect(numbers).toMatchObject({ verdict, whileDeploying });
  });

  it("is no question of the 8 records for a resolver that keeps members", () => {
    expect(staying((layout) => Object.assign(service(layout), { desired_count: 30 })).verdict).toBe("together");
  });

  it("counts what autoscaling may want", () => {
    const numbers = staying((layout) => {
      layout.resource.aws_appautoscaling_target = {
        shop: { resource_id: "service/main/shop", min_capacity: 2, max_capacity: 12 },
      };
    });
    expect(numbers).toMatchObject({ registered: 12, whileDeploying: 24 });
  });
});

describe("settings", () => {
  it("are read from the BEAM's flags where the application has no variables for them", () => {
    const layout = goodLayout();
    for (const name of ["DISTRIBUTION_MODE", "DISTRIBUTION_PORT_MIN", "DISTRIBUTION_PORT_MAX", "CLUSTER_NODES"])
      setVariable(layout, "shop", name, undefined);
    setVariable(
      layout,
      "shop",
      "ERL_AFLAGS",
      "-kernel inet_dist_listen_min 9100 inet_dist_listen_max 9105 -kernel net_ticktime 8",
    );
    const shop = reviewPlan(layout).services.find(({ name }) => name === "shop")!;
    expect(shop.distribution).toMatchObject({
      ports: { value: [9100, 9105], assumed: false },
      netTicktime: { value: 8, assumed: false },
      mode: { value: "epmd", assumed: true },
    });
  });

  it("of dns_cluster say what is polled", () => {
    const layout = goodLayout();
    for (const name of ["CLUSTER_NODES", "CLUSTER_RESOLVER"]) setVariable(layout, "shop", name, undefined);
    setVariable(layout, "shop", "DNS_CLUSTER_QUERY", "shop.organization.local");
    const { matrix, services } = reviewPlan(layout);
    const shop = services.find(({ name }) => name === "shop")!;
    expect(matrix.pair(shop, shop).state).toBe("connects");
    expect(shop.distribution.resolver).toEqual({ value: "dns_cluster", assumed: false });
  });

  it("leave out services that show no sign of a node", () => {
    const layout = goodLayout();
    layout.resource.aws_ecs_task_definition!.mail!.container_definitions = JSON.stringify([
      { name: "nginx", image: "nginx:1.27.0" },
    ]);
    expect(reviewPlan(layout)).toMatchObject({
      others: ["aws_ecs_service.mail"],
      matrix: { services: [{ name: "shop" }, { name: "stock" }] },
    });
  });
});
