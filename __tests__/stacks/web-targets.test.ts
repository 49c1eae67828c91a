import { all, the } from "../constructs/layout";
import { findingsOf, service, stackJson, stackOf } from "./environment";

const loadBalancer = { create: { zone: "example.com" } };
const web = { domain: "shop.example.com" };
const targetGroup = {
  arn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/0123456789abcdef",
  securityGroupId: "sg-0abc1234",
};

type Output = { value: unknown };
const outputs = (json: ReturnType<typeof stackJson>) => json.output as unknown as Record<string, Output | undefined>;

describe("a service in the web", () => {
  it("has a route on the environment's load balancer, named after the environment", () => {
    const json = stackJson({ loadBalancer, services: { shop: service({ web }), jobs: service() } });
    expect(the(json, "aws_lb").name).toMatch(/^prod-/);
    expect(the(json, "aws_lb_target_group").name).toMatch(/^prod-shop-/);
    expect(all(json, "aws_ecs_service").filter((one) => "load_balancer" in one)).toEqual([
      expect.objectContaining({ name: "shop" }),
    ]);
    expect(outputs(json).urls?.value).toEqual({ shop: "https://shop.example.com" });
    expect(outputs(json)).not.toHaveProperty("dns_records_to_create");
  });

  it("is checked at the path of its own health check, on its own port, within its own stopTimeout", () => {
    const options = { httpPort: 8080, stopTimeoutSeconds: 20, healthCheck: { path: "/up" } };
    const shop = service({ ...options, web: { ...web, drainerSeconds: 10 } });
    expect(the(stackJson({ loadBalancer, services: { shop } }), "aws_lb_target_group")).toMatchObject({
      port: 8080,
      deregistration_delay: "20",
      health_check: { path: "/up" },
    });
    const without = service({ healthCheck: false, web });
    expect(the(stackJson({ loadBalancer, services: { shop: without } }), "aws_lb_target_group")).toMatchObject({
      health_check: { path: "/health" },
    });
    const own = service({ ...options, web: { ...web, drainerSeconds: 10, healthCheck: { path: "/ready" } } });
    expect(the(stackJson({ loadBalancer, services: { shop: own } }), "aws_lb_target_group")).toMatchObject({
      health_check: { path: "/ready" },
    });
  });

  it("lists the records to create where DNS is elsewhere", () => {
    const json = stackJson({ loadBalancer: { create: { zone: false } }, services: { shop: service({ web }) } });
    expect(outputs(json).dns_records_to_create?.value).toEqual({ shop: expect.stringContaining("shop.example.com") });
  });

  it("registers with a target group of another project", () => {
    const json = stackJson({ services: { shop: service({ web: { ...web, targetGroup } }) } });
    expect(the(json, "aws_ecs_service").load_balancer).toEqual([
      { target_group_arn: targetGroup.arn, container_name: "shop", container_port: 4000 },
    ]);
    expect(the(json, "aws_ecs_task_definition").container_definitions).toContain(
      '{"name":"PHX_HOST","value":"shop.example.com"}',
    );
    expect(all(json, "aws_lb_target_group")).toEqual([]);
    expect(outputs(json)).not.toHaveProperty("urls");
  });

  it("has times that fit by default, and gets an error where they don't", () => {
    expect(findingsOf(stackOf({ loadBalancer, services: { shop: service({ web }) } }))).toEqual({
      errors: [],
      warnings: [],
    });
    const slow = service({ stopTimeoutSeconds: 30, web: { ...web, deregistrationDelaySeconds: 60 } });
    expect(findingsOf(stackOf({ loadBalancer, services: { shop: slow } })).errors).toEqual([
      expect.stringMatching(/^the drainer takes up to 30 s .*, and the release ends 25 s after SIGTERM/),
      expect.stringMatching(/^the load balancer keeps a stopping task for 60 s, and stopTimeout is 30 s/),
    ]);
  });
});
