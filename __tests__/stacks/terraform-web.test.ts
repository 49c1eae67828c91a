import { reviewPlan } from "../../src/review/review";
import { describeWithTerraform } from "../terraform-here";
import { image, WebExample } from "./web-example";

describeWithTerraform("examples/phoenix-on-the-web on local AWS", () => {
  const example = new WebExample();
  beforeAll(() => example.start());
  afterAll(() => example.stop());

  it("plans load balancer, listeners, certificate and records, and the review finds nothing", async () => {
    const terraform = await example.terraform("planned");
    await terraform.plan("planned", ...image);
    const plan = JSON.parse(await terraform.show("planned")) as { resource_changes: { type: string }[] };
    const web = /^aws_(lb|acm|route53)/;
    const types = plan.resource_changes.map(({ type }) => type).filter((type) => web.test(type));
    expect([...new Set(types)].sort()).toEqual([
      "aws_acm_certificate",
      "aws_acm_certificate_validation",
      "aws_lb",
      "aws_lb_listener",
      "aws_lb_listener_certificate",
      "aws_lb_listener_rule",
      "aws_lb_target_group",
      "aws_route53_record",
    ]);
    const { findings, web: services } = reviewPlan(plan);
    expect(findings).toEqual([]);
    expect(services.map(({ deployment }) => deployment?.total)).toEqual([
      [30, 90],
      [30, 90],
    ]);
  });

  it("says which zones there are when there are too few", async () => {
    const terraform = await example.terraform("nowhere", { subnets: { tags: { Tier: "public" } } });
    await expect(terraform.plan("nowhere", ...image)).rejects.toThrow(
      /at least two availability zones\. The VPC has subnets tagged Tier\s+= public in: none\. Name the subnets/,
    );
  });
});
