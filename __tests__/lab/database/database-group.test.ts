import { databaseGroup } from "../../../src/lab/database/database-group";
import { ScriptedAws } from "../control-plane/scripted-aws";

const tcp = { IpProtocol: "tcp", FromPort: 5432, ToPort: 5432 };
const ingress = (GroupId: string, more: object) => ({
  GroupId,
  IsEgress: false,
  CidrIpv4: "10.0.0.0/16",
  ...tcp,
  ...more,
});
const egress = (GroupId: string, to: string, more: object = {}) => ({
  GroupId,
  IsEgress: true,
  ReferencedGroupInfo: { GroupId: to },
  ...tcp,
  ...more,
});

/** The group of the database in a VPC with a service's group, a load balancer's, and two others. */
async function found(rules: readonly object[], wanted?: string) {
  const names = { "sg-tasks": "tasks", "sg-alb": "alb", "sg-db": "shop-database", "sg-cache": "cache" };
  const aws = new ScriptedAws({
    DescribeSecurityGroups: () => ({
      SecurityGroups: Object.entries(names).map(([GroupId, GroupName]) => ({
        GroupId,
        GroupName,
        Tags: [{ Key: "Name", Value: `${GroupName} (prod)` }],
      })),
    }),
    DescribeSecurityGroupRules: () => ({ SecurityGroupRules: rules }),
  });
  const layout = {
    securityGroups: { all: Object.keys(names).map((id) => ({ id, ingress: [], egress: [] })) },
    services: [{ securityGroupIds: ["sg-tasks"] }],
    loadBalancing: { loadBalancers: [{ securityGroupIds: ["sg-alb"] }] },
  };
  return (await databaseGroup(aws.clients, layout as never, wanted)).id;
}

describe("the database's security group", () => {
  it.each<[string, readonly object[]]>([
    ["an egress rule of a service refers to", [egress("sg-tasks", "sg-db")]],
    ["admits a network at the port", [ingress("sg-db", {})]],
    ["admits a range with the port", [ingress("sg-db", { FromPort: 5000, ToPort: 6000 })]],
    [
      "is the only one besides those of tasks and load balancers",
      [ingress("sg-db", {}), ingress("sg-tasks", {}), ingress("sg-alb", {})],
    ],
  ])("is the one that %s", async (_, rules) => {
    expect(await found(rules)).toBe("sg-db");
  });

  it.each<[string, readonly object[]]>([
    ["rules for all protocols", [ingress("sg-db", { IpProtocol: "-1" })]],
    ["rules for UDP", [ingress("sg-db", { IpProtocol: "udp" })]],
    ["rules for other ports", [ingress("sg-db", { FromPort: 6379, ToPort: 6379 })]],
    ["rules of groups without tasks", [egress("sg-cache", "sg-db")]],
  ])("isn't found by %s", async (_, rules) => {
    await expect(found(rules)).rejects.toThrow(
      "--postgres: no security group without tasks has a rule for TCP port 5432, and no service has an egress rule to one. Name the database's group: --postgres NAME. Groups are: shop-database, cache.",
    );
  });

  it("is the one of a name where several fit: its own, its tag's, its id, or the server's in connectsTo", async () => {
    const rules = [
      ingress("sg-db", { Description: "main from shop" }),
      egress("sg-tasks", "sg-cache", { Description: "shop to replica" }),
    ];
    await expect(found(rules)).rejects.toThrow(
      "--postgres: several security groups could be the database's: shop-database, cache. Give one of their names or ids: --postgres NAME.",
    );
    for (const name of ["shop-database", "shop-database (prod)", "sg-db", "main"])
      expect(await found(rules, name)).toBe("sg-db");
    expect(await found(rules, "replica")).toBe("sg-cache");
    await expect(found(rules, "shop-databse")).rejects.toThrow(
      "--postgres shop-databse: there is no security group of that name or id. Did you mean shop-database? Groups are: shop-database, cache.",
    );
  });
});
