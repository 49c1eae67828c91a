import { Network } from "../../../src/constructs/network/network";
import { all, emptyStack, jsonOf, the } from "../layout";

const subnetsOf = (props: Partial<ConstructorParameters<typeof Network>[2]> = {}) => {
  const stack = emptyStack();
  new Network(stack, "network", { vpc: { id: "vpc-0abc1234" }, ...props });
  return the(jsonOf(stack), "aws_subnets", "data");
};

describe("Network", () => {
  it("finds the VPC by id", () => {
    const stack = emptyStack();
    new Network(stack, "network", { vpc: { id: "vpc-0abc1234" } });
    expect(the(jsonOf(stack), "aws_vpc", "data")).toEqual({ id: "vpc-0abc1234" });
  });

  it("finds the VPC by tags", () => {
    const stack = emptyStack();
    new Network(stack, "network", { vpc: { tags: { Name: "prod" } } });
    expect(the(jsonOf(stack), "aws_vpc", "data")).toEqual({ tags: { Name: "prod" } });
  });

  it("takes the private subnets of the VPC, 1 to 16, unless told otherwise", () => {
    const { filter, lifecycle } = subnetsOf();
    expect(filter).toEqual([
      { name: "vpc-id", values: [expect.stringMatching(/^\$\{data\.aws_vpc\.\w+\.id\}$/)] },
      { name: "map-public-ip-on-launch", values: ["false"] },
    ]);
    expect(lifecycle).toEqual({
      postcondition: [
        {
          condition: "${length(self.ids) > 0 && length(self.ids) <= 16}",
          error_message:
            "The VPC must have 1 to 16 private subnets (those that give no public address at launch): name the subnets by id or by tags.",
        },
      ],
    });
  });

  it("takes subnets by id, all of which must be in the VPC", () => {
    const { filter, lifecycle } = subnetsOf({ subnets: { ids: ["subnet-0abc1234", "subnet-0abc1235"] } });
    expect(filter).toContainEqual({ name: "subnet-id", values: ["subnet-0abc1234", "subnet-0abc1235"] });
    expect(lifecycle).toEqual({
      postcondition: [
        {
          condition: "${length(self.ids) == 2}",
          error_message: "Not all of subnet-0abc1234, subnet-0abc1235 are in the VPC: check the ids.",
        },
      ],
    });
  });

  it("takes subnets by tags", () => {
    const { tags, lifecycle } = subnetsOf({ subnets: { tags: { tier: "app" } } });
    expect(tags).toEqual({ tier: "app" });
    expect(JSON.stringify(lifecycle)).toContain("The VPC must have 1 to 16 subnets tagged tier = app.");
  });

  it("gives no public address unless asked", () => {
    expect(new Network(emptyStack(), "network", { vpc: { id: "vpc-0abc1234" } }).publicIp).toBe(false);
    expect(new Network(emptyStack(), "network", { vpc: { id: "vpc-0abc1234" }, publicIp: true }).publicIp).toBe(true);
  });

  it("makes nothing", () => {
    const stack = emptyStack();
    new Network(stack, "network", { vpc: { id: "vpc-0abc1234" } });
    expect(jsonOf(stack).resource).toBeUndefined();
    expect(all(jsonOf(stack), "aws_subnets", "data")).toHaveLength(1);
  });
});
