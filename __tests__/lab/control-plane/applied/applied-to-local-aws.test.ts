import { CreateVpcCommand, CreateSubnetCommand, DeleteSecurityGroupCommand } from "@aws-sdk/client-ec2";
import { CreateClusterCommand, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { startLocalAws } from "../../../../src/lab/local-aws/aws";
import type { LocalAws } from "../../../../src/lab/local-aws/aws";
import { readApplied, securityGroupsOf } from "../../../../src/lab/control-plane/applied/applied";
import { awsClients } from "../../../../src/lab/local-aws/aws-clients";
import type { AwsClients } from "../../../../src/lab/local-aws/aws-clients";
import { labPatches } from "../../../../src/lab/lab";
import { TestLayout } from "../../applied-layout";

let aws: LocalAws;
let clients: AwsClients;
/** Regions know nothing of each other: each test takes one. */
const regions = ["us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-central-1", "eu-west-2", "eu-west-3"];
let taken = 0;

describe("what was applied to local AWS", () => {
  beforeAll(async () => {
    aws = await startLocalAws({ patches: labPatches });
    taken = 0;
  });
  beforeEach(() => (clients = awsClients({ endpoint: aws.endpoint, region: regions[taken++]! })));
  afterEach(() => clients.destroy());
  afterAll(() => aws.stop());

  it("has to have an ECS service", async () => {
    // GIVEN a cluster without one
    await clients.ecs.send(new CreateClusterCommand({ clusterName: "empty" }));
    await expect(readApplied(clients)).rejects.toThrow(
      `There is no ECS service in ${clients.region}: the lab runs the services that were applied there. Apply Terraform that has an aws_ecs_service. If its provider has another region, pass that to lab up: --region us-east-1.`,
    );
  });

  it("has to place its tasks in subnets", async () => {
    const layout = await new TestLayout(clients).network();
    await layout.service(await layout.taskDefinition(), { networkConfiguration: undefined });
    await expect(readApplied(clients)).rejects.toThrow(
      'Service "myapp" names no subnets, so its tasks have no place to be. A Fargate service needs a network configuration: network_configuration { subnets = […] } of aws_ecs_service.',
    );
  });

  it("must not name a security group that does not exist", async () => {
    // GIVEN a service whose group was deleted by hand while it had no tasks
    const layout = await new TestLayout(clients).network();
    await layout.service(await layout.taskDefinition(), { desiredCount: 0 });
    await clients.ec2.send(new DeleteSecurityGroupCommand({ GroupId: layout.securityGroupId }));
    await clients.ecs.send(new UpdateServiceCommand({ cluster: layout.cluster, service: "myapp", desiredCount: 2 }));
    await expect(readApplied(clients)).rejects.toThrow(
      `Service "myapp" names security group ${layout.securityGroupId}, which ${layout.vpcId} does not have.`,
    );
  });

  it("has to be in one VPC", async () => {
    // GIVEN two services in two VPCs
    const layout = await new TestLayout(clients).network();
    const definition = await layout.taskDefinition();
    await layout.service(definition);
    const { Vpc } = await clients.ec2.send(new CreateVpcCommand({ CidrBlock: "10.8.0.0/16" }));
    const { Subnet } = await clients.ec2.send(
      new CreateSubnetCommand({ VpcId: Vpc!.VpcId!, CidrBlock: "10.8.0.0/24" }),
    );
    const subnets = [Subnet!.SubnetId!];
    const networkConfiguration = { awsvpcConfiguration: { subnets, securityGroups: [] } };
    await layout.service(definition, { serviceName: "other", networkConfiguration });
    await expect(readApplied(clients)).rejects.toThrow("The lab is one VPC, and the services are in 2:");
  });

  it("gives tasks the VPC's default group where a service names none", async () => {
    const layout = await new TestLayout(clients).network();
    const networkConfiguration = { awsvpcConfiguration: { subnets: layout.subnetIds, securityGroups: [] } };
    await layout.service(await layout.taskDefinition(), { networkConfiguration });
    const applied = await readApplied(clients);
    const [group] = securityGroupsOf(applied.services[0]!, applied.securityGroups);
    expect(group).toBe(applied.securityGroups.defaultId);
    expect(group).toMatch(/^sg-/);
  });

  it("keeps the deployment configuration", async () => {
    const layout = await new TestLayout(clients).network();
    const deploymentConfiguration = { minimumHealthyPercent: 50, maximumPercent: 150 };
    await layout.service(await layout.taskDefinition(), { deploymentConfiguration, healthCheckGracePeriodSeconds: 7 });
    expect((await readApplied(clients)).services[0]).toMatchObject({
      configuration: {
        minimumHealthyPercent: 50,
        maximumPercent: 150,
        circuitBreaker: { enable: false, rollback: false },
      },
      gracePeriodSeconds: 7,
      desiredCount: 2,
    });
  });
});
