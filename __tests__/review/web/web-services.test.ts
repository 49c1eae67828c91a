import { renderHtml } from "../../../src/review/render/html/page";
import { renderJson } from "../../../src/review/render/json";
import { renderMarkdown } from "../../../src/review/render/markdown";
import { renderTerminal } from "../../../src/review/render/terminal";
import { reviewPlan } from "../../../src/review/review";
import { all, at, found, set, type Edit } from "../edits";
import { goodLayout } from "../good-layout";
import { balanced, balancedWith, balancedWithout } from "./balanced";

const reviewed = (...edits: Edit[]) => {
  const layout = goodLayout();
  all(...edits)(layout);
  return reviewPlan(layout);
};
const deploymentOf = (...edits: Edit[]) => reviewed(balanced, ...edits).web[0]?.deployment;
const shop = (values: Record<string, unknown>) => set("aws_ecs_service", "shop", values);

it("finds nothing wrong behind a load balancer as it should be", () => {
  expect(reviewed(balanced).findings).toEqual([]);
  expect(reviewed().web).toEqual([]);
});

describe("the times of a deployment", () => {
  it("are those of one round at 200 %: checks, the whole delay, and the end of the old tasks", () => {
    expect(deploymentOf()).toEqual({ tasks: 2, rounds: 1, total: [30, 80], reconnect: 30, stop: [0, 30] });
  });

  it("add up round by round where fewer tasks are replaced at once", () => {
    expect(deploymentOf(shop({ desired_count: 3, deployment_maximum_percent: 134 }))).toMatchObject({
      tasks: 3,
      rounds: 3,
      total: [90, 240],
    });
    expect(
      deploymentOf(shop({ desired_count: 4, deployment_minimum_healthy_percent: 50, deployment_maximum_percent: 100 })),
    ).toMatchObject({
      rounds: 2,
    });
  });

  it.each<[string, Edit]>([
    ["no tasks", shop({ desired_count: 0 })],
    ["no room for another task", shop({ deployment_maximum_percent: 100 })],
    ["a delay that isn't known", set("aws_lb_target_group", "shop", { deregistration_delay: "${var.delay}" })],
    ["a health check that isn't known", set("aws_lb_target_group", "shop", { health_check: "${var.check}" })],
  ])("are unknown with %s", (_, edit) => {
    expect(deploymentOf(edit)).toBeUndefined();
  });

  it("are in every report", async () => {
    const review = reviewed(balanced);
    const sentence =
      "rolling; replacing 2 tasks takes 30–80 s and the boot of a task; a socket is asked to reconnect 30 s after its task is taken out, and the task ends ≤ 30 s later";
    expect(String(renderTerminal([review]))).toContain(`  shop: ${sentence}`);
    expect(String(renderMarkdown([review]))).toContain("| shop | rolling | 2 | 1 | 30–80 s | 30 s | ≤ 30 s |");
    expect(String(await renderHtml([review]))).toContain("Deployments");
    expect(JSON.parse(String(renderJson([review])))).toMatchObject({
      reviews: [
        {
          deployments: [
            {
              service: "shop",
              targetGroup: "aws_lb_target_group.shop",
              strategy: { rolling: {} },
              deployment: { tasks: 2, rounds: 1, total: [30, 80], reconnect: 30, stop: [0, 30] },
            },
          ],
        },
      ],
    });
    for (const text of [renderTerminal([reviewed()]), renderMarkdown([reviewed()])])
      expect(String(text)).not.toContain("Deployments behind");
  });
});

describe("a target group without a rule", () => {
  it("is an error where tasks register with it", () => {
    expect(found(balancedWithout("aws_lb_listener_rule", "shop"), "unused-target-group")).toMatchObject([
      {
        severity: "error",
        message:
          "no listener or rule forwards to aws_lb_target_group.shop, with which tasks of shop register: ECS refuses the service",
      },
    ]);
  });

  it("isn't reported where a rule forwards to a group that isn't known", () => {
    const unknown = balancedWith("aws_lb_listener_rule", "shop", {
      action: { type: "forward", target_group_arn: "${var.group}" },
    });
    expect(found(unknown, "unused-target-group")).toEqual([]);
  });
});

it("reports a closed port on each side of the connection", () => {
  const closed = all(balancedWithout("aws_vpc_security_group_egress_rule", "balancer_to_shop"), (layout) =>
    Object.assign(at(layout, "aws_vpc_security_group_ingress_rule", "shop_from_balancer"), {
      from_port: 80,
      to_port: 80,
    }),
  );
  expect(found(closed, "load-balancer-blocked").map(({ message }) => message)).toEqual([
    "aws_lb.web can't reach tasks of shop on port 4000: no egress rule of aws_security_group.balancer allows it",
    "aws_lb.web can't reach tasks of shop on port 4000: no ingress rule of aws_security_group.shop allows it",
  ]);
});

it("takes AWS's defaults for what isn't set", () => {
  const bare = all(balanced, (layout) => {
    delete at(layout, "aws_lb_target_group", "shop").health_check;
    delete at(layout, "aws_lb_target_group", "shop").deregistration_delay;
    delete at(layout, "aws_lb", "web").idle_timeout;
    delete at(layout, "aws_ecs_service", "shop").health_check_grace_period_seconds;
  });
  expect(reviewed(bare).web[0]?.times).toMatchObject({
    deregistrationDelay: 300,
    idleTimeout: 60,
    gracePeriod: 0,
    healthCheck: { interval: 30, timeout: 5, healthy: 3, unhealthy: 3 },
  });
});
