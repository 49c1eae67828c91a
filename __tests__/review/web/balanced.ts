import { all, at, container, group, put, type Edit } from "../edits";
import type { Layout } from "../good-layout";

const vpc_id = "${aws_vpc.main.id}";
const targetGroup = "${aws_lb_target_group.shop.arn}";
const http = { ip_protocol: "tcp", from_port: 4000, to_port: 4000 };

/** Puts the service shop behind a load balancer, as it should be. */
export const balanced: Edit = (layout) => {
  put(layout, "aws_security_group", "balancer", { name: "balancer", vpc_id });
  put(layout, "aws_lb", "web", {
    name: "web",
    internal: false,
    idle_timeout: 55,
    security_groups: [group("balancer")],
    subnets: ["${aws_subnet.one.id}", "${aws_subnet.two.id}"],
  });
  put(layout, "aws_lb_target_group", "shop", {
    name: "shop",
    vpc_id,
    port: 4000,
    protocol: "HTTP",
    target_type: "ip",
    deregistration_delay: "30",
    health_check: {
      path: "/health",
      interval: 10,
      timeout: 5,
      healthy_threshold: 2,
      unhealthy_threshold: 3,
      matcher: "200",
    },
  });
  put(layout, "aws_lb_listener", "https", {
    load_balancer_arn: "${aws_lb.web.arn}",
    port: 443,
    protocol: "HTTPS",
    default_action: { type: "fixed-response", fixed_response: { content_type: "text/plain", status_code: "404" } },
  });
  put(layout, "aws_lb_listener_rule", "shop", {
    listener_arn: "${aws_lb_listener.https.arn}",
    condition: { host_header: { values: ["shop.example.com"] } },
    action: { type: "forward", target_group_arn: targetGroup },
  });
  put(layout, "aws_vpc_security_group_egress_rule", "balancer_to_shop", {
    security_group_id: group("balancer"),
    referenced_security_group_id: group("shop"),
    ...http,
  });
  put(layout, "aws_vpc_security_group_ingress_rule", "shop_from_balancer", {
    security_group_id: group("shop"),
    referenced_security_group_id: group("balancer"),
    ...http,
  });
  Object.assign(at(layout, "aws_ecs_service", "shop"), {
    health_check_grace_period_seconds: 60,
    load_balancer: { target_group_arn: targetGroup, container_name: "shop", container_port: 4000 },
  });
};

/** The same with other values of a resource. */
export const balancedWith = (type: string, name: string, values: Record<string, unknown>): Edit =>
  all(balanced, (layout) => Object.assign(at(layout, type, name), values));

/** The same with other values of the target group's health check. */
export const checkedWith = (values: Record<string, unknown>): Edit =>
  all(balanced, (layout) => Object.assign(at(layout, "aws_lb_target_group", "shop").health_check as object, values));

/** The same without a resource. */
export const balancedWithout = (type: string, name: string): Edit =>
  all(balanced, (layout: Layout) => delete layout.resource[type]![name]);

/** Sets variables or limits of shop's container, behind a load balancer. */
export const containerWith = (edit: Parameters<typeof container>[0]): Edit => all(balanced, container(edit));
