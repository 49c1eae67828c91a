import { readSubnets, readVpc } from "../../../../src/lab/control-plane/applied/subnets";
import { ScriptedAws } from "../scripted-aws";

it("reads all subnets of the region, by id", async () => {
  const subnet = { CidrBlock: "10.0.1.0/24", VpcId: "vpc-1", AvailabilityZone: "eu-west-1a" };
  const { clients } = new ScriptedAws({
    DescribeSubnets: () => ({ Subnets: [{ SubnetId: "subnet-a", ...subnet }] }),
  });
  expect([...(await readSubnets(clients))]).toEqual([
    ["subnet-a", { id: "subnet-a", cidr: "10.0.1.0/24", vpcId: "vpc-1", availabilityZone: "eu-west-1a" }],
  ]);
  expect(await readSubnets(new ScriptedAws({ DescribeSubnets: () => ({}) }).clients)).toEqual(new Map());
});

it("reads a VPC's CIDR blocks, the primary one first and each once", async () => {
  const aws = new ScriptedAws({
    DescribeVpcs: () => ({
      Vpcs: [
        {
          CidrBlock: "10.0.0.0/16",
          CidrBlockAssociationSet: [{ CidrBlock: "100.64.0.0/16" }, { CidrBlock: "10.0.0.0/16" }],
        },
      ],
    }),
  });
  expect(await readVpc(aws.clients, "vpc-1")).toEqual({ id: "vpc-1", cidrs: ["10.0.0.0/16", "100.64.0.0/16"] });
  expect(aws.requests("DescribeVpcs")).toEqual([{ VpcIds: ["vpc-1"] }]);
  aws.answer({ DescribeVpcs: () => ({ Vpcs: [{ CidrBlock: "10.0.0.0/16" }] }) });
  expect(await readVpc(aws.clients, "vpc-1")).toEqual({ id: "vpc-1", cidrs: ["10.0.0.0/16"] });
});
