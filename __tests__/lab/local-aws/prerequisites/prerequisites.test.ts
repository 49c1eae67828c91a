import { DescribeSecurityGroupsCommand, DescribeSubnetsCommand, DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import { DescribeClustersCommand } from "@aws-sdk/client-ecs";
import { ListNamespacesCommand } from "@aws-sdk/client-servicediscovery";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { parseEnvironments } from "../../../../src/environment";
import { type LocalAws, startLocalAws } from "../../../../src/lab/local-aws/aws";
import { type AwsClients, awsClients } from "../../../../src/lab/local-aws/aws-clients";
import { createPrerequisites, type Prerequisites } from "../../../../src/lab/local-aws/prerequisites/prerequisites";
import { labPatches } from "../../../../src/lab/lab";
import { example } from "../../../environment/example";

const environmentOf = (changes: object) => {
  const prod = { ...example.prod, vpc: { tags: { Name: "prod" } }, ...changes };
  return parseEnvironments(JSON.stringify({ prod }), "environments.json").prod!;
};

describe("createPrerequisites", () => {
  let aws: LocalAws;
  let clients: AwsClients;
  let existing: Prerequisites;

  beforeAll(async () => {
    aws = await startLocalAws({ patches: labPatches });
    clients = awsClients(aws);
    existing = await createPrerequisites(
      aws,
      environmentOf({
        namespace: { existing: "organization.local" },
        subnets: { tags: { tier: "app" } },
        peers: {
          billing: { cluster: "web", node: "billing@billing.other.local", securityGroup: { name: "billing-service" } },
        },
      }),
    );
  });
  afterAll(async () => {
    clients.destroy();
    await aws.stop();
  });

  it("makes the VPC with its tags, and two tagged subnets in two zones", async () => {
    const { Vpcs } = await clients.ec2.send(new DescribeVpcsCommand({ VpcIds: [existing.vpcId!] }));
    expect(Vpcs![0]!.Tags).toEqual([{ Key: "Name", Value: "prod" }]);
    const Filters = [{ Name: "tag:tier", Values: ["app"] }];
    const { Subnets } = await clients.ec2.send(new DescribeSubnetsCommand({ Filters }));
    expect(Subnets!.map(({ AvailabilityZone }) => AvailabilityZone).sort()).toEqual(["eu-west-1a", "eu-west-1b"]);
    expect(Subnets!.map(({ SubnetId }) => SubnetId).sort()).toEqual([...existing.subnetIds].sort());
  });

  it("makes cluster, namespace and the peers' security groups by their names", async () => {
    const { clusters } = await clients.ecs.send(new DescribeClustersCommand({ clusters: ["my-cluster"] }));
    expect(clusters![0]!.status).toBe("ACTIVE");
    const { Namespaces } = await clients.serviceDiscovery.send(new ListNamespacesCommand({}));
    expect(Namespaces!.map(({ Name }) => Name)).toEqual(["organization.local"]);
    const Filters = [{ Name: "group-name", Values: ["billing-service"] }];
    const { SecurityGroups } = await clients.ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
    expect(SecurityGroups!.map(({ VpcId }) => VpcId)).toEqual([existing.vpcId]);
  });

  it("makes the secrets with values that nobody can guess, and tells them", async () => {
    const name = "/my-org/prod/release-cookie";
    const read = new GetParameterCommand({ Name: name, WithDecryption: true });
    const { Parameter } = await clients.ssm.send(read);
    expect(Parameter).toMatchObject({ Type: "SecureString", Value: existing.secrets[name] });
    expect(existing.secrets[name]).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ["The VPC", { vpc: { id: "vpc-0abc1234" } }],
    ["A subnet", { subnets: { ids: ["subnet-0abc1234"] } }],
    ['The security group of the cluster "web"', { distributionRules: { groups: { web: "sg-0abc1234" } } }],
    [
      'The security group of the peer "billing"',
      { peers: { billing: { cluster: "web", node: "b@b.local", securityGroup: { id: "sg-0abc1234" } } } },
    ],
    [
      'The security group of the server "cache"',
      {
        services: {
          myapp: {
            image: { uri: "acme/myapp:1" },
            connectsTo: { cache: { securityGroup: { id: "sg-0abc1234" }, port: 6379 } },
          },
        },
      },
    ],
  ])("refuses what is named by an id: %s", async (what, changes) => {
    await expect(
      createPrerequisites(aws, environmentOf({ vpc: { tags: { Name: what } }, ...changes })),
    ).rejects.toThrow(
      `${what} is named by its id, and local AWS gives ids of its own: name it by tags or by name in the environment for local AWS`,
    );
  });
});
