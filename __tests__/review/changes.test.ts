import { reviewFixture } from "./fixtures";

describe("what a plan changes", () => {
  const { changes } = reviewFixture("changed");
  const of = (address: string) => changes!.resources.find((change) => change.address === address);

  it("is counted as Terraform counts it", () => {
    // THEN it is what terraform plan printed: "Plan: 7 to add, 18 to change, 8 to destroy."
    expect(changes).toMatchObject({ toAdd: 7, toChange: 18, toDestroy: 8, toImport: 0 });
  });

  it("names the attribute that forces a replacement, and what it means", () => {
    expect(of("aws_service_discovery_service.stock")).toEqual({
      address: "aws_service_discovery_service.stock",
      action: "replace",
      attributes: ["name"],
      meaning: expect.stringContaining("ECS does not re-register running tasks") as string,
    });
  });

  it("says how many tasks a rolling deployment runs at once", () => {
    expect(of("aws_ecs_service.shop")?.meaning).toBe("new task definition: rolling deployment, up to 4 tasks at once");
  });

  it("says what a removed rule does to connections that stand", () => {
    expect(of("aws_vpc_security_group_ingress_rule.stock_from_shop_epmd")).toMatchObject({
      action: "delete",
      meaning: "connections that stand stay up; new ones are refused",
    });
  });
});
