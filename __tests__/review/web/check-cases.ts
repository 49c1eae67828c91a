import { balanced, balancedWith, balancedWithout, checkedWith, containerWith } from "./balanced";
import { all, at, put } from "../edits";
import { planned } from "../planned";

/** A load balancer that is updated, and its security group that is replaced in this VPC. */
const replacedGroup = (vpc_id: string) =>
  planned((plan) => {
    const lb = { id: "arn", security_groups: ["sg-lb"], enable_deletion_protection: true };
    const group = { id: "sg-lb", vpc_id: "vpc-a" };
    plan.resource_changes.push(
      {
        address: "aws_lb.web",
        mode: "managed",
        type: "aws_lb",
        name: "web",
        change: { actions: ["update"], before: lb, after: lb },
      },
      {
        address: "aws_security_group.lb",
        mode: "managed",
        type: "aws_security_group",
        name: "lb",
        change: { actions: ["create", "delete"], before: group, after: { vpc_id }, after_unknown: { id: true } },
      },
    );
  });

/** A case for each check of load balancers, as in checks.test.ts. */
export const webCases = {
  "unused-target-group": {
    wrong: all(balanced, (layout) =>
      put(layout, "aws_lb_target_group", "old", { ...at(layout, "aws_lb_target_group", "shop"), name: "old" }),
    ),
    address: "aws_lb_target_group.old",
    says: "no listener or rule forwards to aws_lb_target_group.old",
    // Weighted, and by the default action.
    nearly: all(balancedWithout("aws_lb_listener_rule", "shop"), (layout) =>
      Object.assign(at(layout, "aws_lb_listener", "https"), {
        default_action: {
          type: "forward",
          forward: { target_group: [{ arn: "${aws_lb_target_group.shop.arn}", weight: 1 }] },
        },
      }),
    ),
  },
  "target-type": {
    wrong: all(balanced, (layout) => delete at(layout, "aws_lb_target_group", "shop").target_type),
    address: "aws_lb_target_group.shop",
    says: "tasks of shop register by address, and aws_lb_target_group.shop has the target type instance",
    nearly: all(balancedWith("aws_lb_target_group", "shop", { target_type: "instance" }), (layout) =>
      Object.assign(at(layout, "aws_ecs_task_definition", "shop"), {
        network_mode: "bridge",
        requires_compatibilities: ["EC2"],
      }),
    ),
  },
  "load-balancer-blocked": {
    wrong: balancedWith("aws_vpc_security_group_ingress_rule", "shop_from_balancer", {
      from_port: 4001,
      to_port: 4001,
    }),
    address: "aws_ecs_service.shop",
    says: "aws_lb.web can't reach tasks of shop on port 4000: no ingress rule of aws_security_group.shop allows it",
    // Its addresses are in the VPC.
    nearly: balancedWith("aws_vpc_security_group_ingress_rule", "shop_from_balancer", {
      referenced_security_group_id: undefined,
      cidr_ipv4: "10.0.0.0/16",
    }),
  },
  "load-balancer-kept": {
    wrong: replacedGroup("vpc-b"),
    address: "aws_lb.web",
    says: "aws_lb.web stays in vpc-a, and its security group aws_security_group.lb moves to vpc-b",
    nearly: replacedGroup("vpc-a"),
  },
  "health-check-redirect": {
    wrong: checkedWith({ matcher: "200,301" }),
    address: "aws_lb_target_group.shop",
    says: "shop is healthy with the status 200,301, which includes redirects such as force_ssl's 301",
    nearly: checkedWith({ matcher: "200-299,404" }),
  },
  "health-check-timeout": {
    wrong: checkedWith({ timeout: 10 }),
    address: "aws_lb_target_group.shop",
    says: "shop: a health check may take 10 s, and the next one begins after 10 s",
    nearly: checkedWith({ timeout: 9 }),
  },
  "grace-period": {
    wrong: balancedWith("aws_ecs_service", "shop", { health_check_grace_period_seconds: 19 }),
    address: "aws_lb_target_group.shop",
    says: "shop: a task needs up to 20 s to become healthy (2 checks, 10 s apart), and ECS replaces it 19 s after its start",
    nearly: balancedWith("aws_ecs_service", "shop", { health_check_grace_period_seconds: 20 }),
  },
  "deregistration-delay": {
    wrong: all(balanced, (layout) => delete at(layout, "aws_lb_target_group", "shop").deregistration_delay),
    address: "aws_lb_target_group.shop",
    says: "shop: the load balancer keeps a stopping task for 300 s, and stopTimeout is 30 s",
    nearly: balanced,
  },
  "idle-timeout": {
    wrong: balancedWith("aws_lb", "web", { idle_timeout: 30 }),
    address: "aws_lb_target_group.shop",
    says: "shop: the load balancer closes a connection after 30 s of silence",
    nearly: balancedWith("aws_lb", "web", { idle_timeout: 31 }),
  },
  drainer: {
    wrong: containerWith(({ environment }) => environment.push({ name: "DRAIN_SECONDS", value: "30" })),
    address: "aws_lb_target_group.shop",
    says: "shop: the drainer takes up to 30 s to ask all sockets to reconnect, and ECS kills the task 30 s after SIGTERM",
    nearly: containerWith(({ environment }) => environment.push({ name: "DRAIN_SECONDS", value: "29" })),
  },
  "shutdown-time": {
    wrong: containerWith(({ environment }) => environment.push({ name: "SHUTDOWN_TIME", value: "30" })),
    address: "aws_lb_target_group.shop",
    says: "shop: the release takes up to 30 s to stop, and ECS kills it 30 s after SIGTERM",
    nearly: containerWith(({ environment }) => environment.push({ name: "SHUTDOWN_TIME", value: "29" })),
  },
};
