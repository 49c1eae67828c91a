import { readSecurityGroups } from "../../../../src/lab/control-plane/applied/security-groups";
import { pages, ScriptedAws } from "../scripted-aws";

const rule = (id: string, change: object) => ({
  SecurityGroupRuleId: id,
  GroupId: "sg-tasks",
  IsEgress: false,
  IpProtocol: "tcp",
  FromPort: 4369,
  ToPort: 4369,
  ...change,
});

const awsWith = (...rules: object[]) =>
  new ScriptedAws({
    DescribeSecurityGroups: pages(
      "NextToken",
      { SecurityGroups: [{ GroupId: "sg-tasks", GroupName: "tasks" }] },
      {},
      { SecurityGroups: [{ GroupId: "sg-default", GroupName: "default" }, { GroupId: "sg-nameless" }] },
    ),
    DescribeSecurityGroupRules: () => ({ SecurityGroupRules: rules }),
    GetManagedPrefixListEntries: () => ({ Entries: [{ Cidr: "52.218.0.0/17" }] }),
  });

it("reads the groups of the VPC with their rules, whatever their source or destination is", async () => {
  const aws = awsWith(
    rule("sgr-1", { ReferencedGroupInfo: { GroupId: "sg-other" } }),
    rule("sgr-2", { CidrIpv4: "10.0.0.0/8", FromPort: 9000, ToPort: 9010 }),
    rule("sgr-3", { IsEgress: true, CidrIpv6: "::/0", IpProtocol: "-1", FromPort: undefined, ToPort: undefined }),
    rule("sgr-4", { IsEgress: true, PrefixListId: "pl-1", FromPort: 443, ToPort: 443 }),
    rule("sgr-5", { GroupId: "sg-default", IpProtocol: undefined, CidrIpv4: "0.0.0.0/0" }),
  );
  const tcp = { protocol: "tcp", fromPort: 4369, toPort: 4369 };
  expect(await readSecurityGroups(aws.clients, "vpc-1")).toEqual({
    all: [
      {
        id: "sg-tasks",
        ingress: [
          { ...tcp, id: "sgr-1", peer: { group: "sg-other" } },
          { id: "sgr-2", protocol: "tcp", fromPort: 9000, toPort: 9010, peer: { cidr4: "10.0.0.0/8" } },
        ],
        egress: [
          { id: "sgr-3", protocol: "-1", fromPort: undefined, toPort: undefined, peer: { cidr6: "::/0" } },
          {
            id: "sgr-4",
            protocol: "tcp",
            fromPort: 443,
            toPort: 443,
            peer: { prefixList: "pl-1", cidrs: ["52.218.0.0/17"] },
          },
        ],
      },
      {
        id: "sg-default",
        ingress: [{ ...tcp, id: "sgr-5", protocol: "-1", peer: { cidr4: "0.0.0.0/0" } }],
        egress: [],
      },
      { id: "sg-nameless", ingress: [], egress: [] },
    ],
    defaultId: "sg-default",
  });
  expect(aws.requests("DescribeSecurityGroups")[0]).toMatchObject({ Filters: [{ Name: "vpc-id", Values: ["vpc-1"] }] });
});

it("refuses a rule whose other side is unknown", async () => {
  await expect(readSecurityGroups(awsWith(rule("sgr-1", {})).clients, "vpc-1")).rejects.toThrow(
    "Rule sgr-1 of security group sg-tasks names no source or destination.",
  );
});
