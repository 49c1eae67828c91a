import { readApplied, securityGroupsOf } from "../../../../src/lab/control-plane/applied/applied";
import { ScriptedAws } from "../scripted-aws";

describe("a layout", () => {
  const subnets = [{ SubnetId: "subnet-a", CidrBlock: "10.0.1.0/24", VpcId: "vpc-1", AvailabilityZone: "eu-west-1a" }];
  const denied = { Egress: false, RuleNumber: 32_767, RuleAction: "deny", Protocol: "-1", CidrBlock: "0.0.0.0/0" };
  const echo = { ...denied, RuleNumber: 10, Protocol: "1", IcmpTypeCode: { Type: 8, Code: -1 } };
  const readWith = (Subnets: object[], SecurityGroups: object[] = []) =>
    readApplied(
      new ScriptedAws({
        ListClusters: () => ({ clusterArns: ["c"] }),
        ListServices: () => ({ serviceArns: ["myapp"] }),
        DescribeServices: () => ({
          services: [
            {
              serviceName: "myapp",
              status: "ACTIVE",
              networkConfiguration: {
                awsvpcConfiguration: { subnets: ["subnet-a"], securityGroups: ["sg-1", "sg-2"] },
              },
              deployments: [{ id: "ecs-svc/1", status: "PRIMARY" }],
            },
          ],
        }),
        DescribeSubnets: () => ({ Subnets }),
        DescribeVpcs: () => ({ Vpcs: [{ CidrBlock: "10.0.0.0/16" }] }),
        DescribeNetworkAcls: () => ({ NetworkAcls: [{ VpcId: "vpc-1", IsDefault: true, Entries: [denied, echo] }] }),
        DescribeSecurityGroups: () => ({ SecurityGroups }),
        DescribeSecurityGroupRules: () => ({}),
        DescribeLoadBalancers: () => ({}),
        DescribeTargetGroups: () => ({}),
      }).clients,
    );

  it("must not name a subnet that does not exist", async () => {
    await expect(readWith([])).rejects.toThrow(
      'Service "myapp" names subnet subnet-a, which does not exist. Subnets are: none.',
    );
    await expect(readWith(["b", "c"].map((id) => ({ ...subnets[0], SubnetId: `subnet-${id}` })))).rejects.toThrow(
      'Service "myapp" names subnet subnet-a, which does not exist. Subnets are: subnet-b, subnet-c.',
    );
  });

  it("names all groups that are missing, and those that the VPC has", async () => {
    await expect(readWith(subnets)).rejects.toThrow(
      'Service "myapp" names security group sg-1 and sg-2, which vpc-1 does not have. Its groups are: none.',
    );
    await expect(readWith(subnets, [{ GroupId: "sg-2" }, { GroupId: "sg-3" }])).rejects.toThrow(
      'Service "myapp" names security group sg-1, which vpc-1 does not have. Its groups are: sg-2, sg-3.',
    );
  });

  it("is a VPC with its subnets, groups and services", async () => {
    const applied = await readWith(subnets, [{ GroupId: "sg-1" }, { GroupId: "sg-2" }]);
    expect(applied).toMatchObject({
      vpc: { id: "vpc-1", cidrs: ["10.0.0.0/16"] },
      subnets: new Map([["subnet-a", { id: "subnet-a", vpcId: "vpc-1" }]]),
      subnetNetworks: [
        {
          cidr: "10.0.1.0/24",
          acl: {
            ingress: [
              { number: 32_767, action: "deny" },
              { number: 10, protocol: "1", fromPort: 8, toPort: -1 },
            ],
            egress: [],
          },
        },
      ],
      securityGroups: { all: [{ id: "sg-1" }, { id: "sg-2" }], defaultId: undefined },
      services: [{ name: "myapp" }],
    });
    expect(securityGroupsOf({ ...applied.services[0]!, securityGroupIds: [] }, applied.securityGroups)).toEqual([]);
  });
});
