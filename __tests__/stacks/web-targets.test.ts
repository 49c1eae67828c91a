import { all, the } from "../constructs/layout";
import { findingsOf, service, stackJson, stackOf } from "./environment";

const loadBalancer = { create: { zone: "example.com" } };
const web = { domain: "shop.example.com" };
const targetGroup = {
  arn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/0123456789abcdef",
  securityGroupId: "sg-0abc1234",
};

type Output = { value: unknown };
type Looked = { arn: string; lifecycle: { postcondition: object[] } };
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

  it("has alarms on a target group of another project, whose load balancer is looked up", () => {
    const alarms = { topic: "arn:aws:sns:eu-west-1:123456789012:alarms" };
    const json = stackJson({ alarms, services: { shop: service({ web: { ...web, targetGroup } }) } });
    const { aws_lb, aws_lb_target_group } = json.data as unknown as Record<string, Record<string, Looked>>;
    const [[balancerId, balancer], [groupId, group]] = [
      Object.entries(aws_lb!)[0]!,
      Object.entries(aws_lb_target_group!)[0]!,
    ];
    const dimensions = {
      LoadBalancer: `\${data.aws_lb.${balancerId}.arn_suffix}`,
      TargetGroup: `\${data.aws_lb_target_group.${groupId}.arn_suffix}`,
    };
    const named = (name: string) =>
      all(json, "aws_cloudwatch_metric_alarm").find(({ alarm_name }) => alarm_name === name)!;
    expect(named("prod-shop-unhealthy-targets").dimensions).toEqual(dimensions);
    expect(JSON.stringify(named("prod-shop-5xx").metric_query)).toContain(dimensions.TargetGroup);
    // A load balancer of another project has errors of other services too.
    expect(named("prod-load-balancer-errors")).toBeUndefined();
    // AND a plan says why there would be no metrics
    expect(group.arn).toBe(targetGroup.arn);
    expect(balancer.arn).toBe(`\${one(tolist(data.aws_lb_target_group.${groupId}.load_balancer_arns))}`);
    expect(group.lifecycle.postcondition).toEqual([
      {
        condition: "${length(self.load_balancer_arns) == 1}",
        error_message: expect.stringMatching(/^No load balancer forwards to web.targetGroup.arn of shop, so ECS can't/),
      },
    ]);
    expect(balancer.lifecycle.postcondition).toEqual([
      {
        condition: '${self.load_balancer_type == "application"}',
        error_message: expect.stringMatching(/^web.targetGroup.arn of shop belongs to a \$\{self.load_balancer_type\}/),
      },
    ]);
  });

  it("scales by the requests of a target group of another project", () => {
    const tasks = { max: 4, requestsPerTask: 1000 };
    const json = stackJson({ services: { shop: service({ tasks, web: { ...web, targetGroup } }) } });
    const { aws_lb, aws_lb_target_group } = json.data as unknown as Record<string, Record<string, Looked>>;
    const [balancer, group] = [Object.keys(aws_lb!)[0]!, Object.keys(aws_lb_target_group!)[0]!];
    const label = `\${data.aws_lb.${balancer}.arn_suffix}/\${data.aws_lb_target_group.${group}.arn_suffix}`;
    expect(the(json, "aws_appautoscaling_policy").target_tracking_scaling_policy_configuration).toMatchObject({
      predefined_metric_specification: { predefined_metric_type: "ALBRequestCountPerTarget", resource_label: label },
    });
  });

  it("has alarms on both target groups where its deployments shift requests", () => {
    const alarms = { topic: "arn:aws:sns:eu-west-1:123456789012:alarms" };
    const shop = service({ web, deployment: { strategy: { blueGreen: {} } } });
    const json = stackJson({ alarms, loadBalancer, services: { shop } });
    const groups = Object.keys((json.resource as Record<string, object>).aws_lb_target_group!);
    expect(groups).toHaveLength(2);
    const watched = all(json, "aws_cloudwatch_metric_alarm").flatMap(({ alarm_name, dimensions }) =>
      (alarm_name as string).includes("unhealthy-targets")
        ? [[alarm_name, (dimensions as Record<string, string>).TargetGroup]]
        : [],
    );
    expect(watched.sort()).toEqual([
      ["prod-shop-unhealthy-targets", expect.stringContaining(groups.find((id) => !id.includes("alternate"))!)],
      [
        "prod-shop-unhealthy-targets-alternate",
        expect.stringContaining(groups.find((id) => id.includes("alternate"))!),
      ],
    ]);
  });

  it("looks nothing up without alarms", () => {
    const json = stackJson({ services: { shop: service({ web: { ...web, targetGroup } }) } });
    expect(json.data).not.toHaveProperty("aws_lb_target_group");
    expect(json.data).not.toHaveProperty("aws_lb");
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
