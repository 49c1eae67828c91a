import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  DescribeVpcsCommand,
  ModifySubnetAttributeCommand,
} from "@aws-sdk/client-ec2";
import { CreateClusterCommand } from "@aws-sdk/client-ecs";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreatePrivateDnsNamespaceCommand } from "@aws-sdk/client-servicediscovery";
import { CreateHostedZoneCommand } from "@aws-sdk/client-route-53";
import type { Environment } from "../../../environment";
import { type AwsClients, type AwsEndpoint, awsClients } from "../aws-clients";
import { existingGroups } from "./group-prerequisites";
import { createSecrets } from "./secret-prerequisites";
import { unnameable } from "./unnameable";

/** What was created for an environment to find. */
export interface Prerequisites {
  /** `undefined` where the environment creates its VPC. */
  readonly vpcId: string | undefined;
  readonly subnetIds: readonly string[];
  /** The secrets' values by name, with the JSON key where a secret has several: what must not be found in any file afterwards. */
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * Creates in local AWS the prerequisites that `environment` refers to: the VPC and its subnets, the ECS cluster, the namespace, the
 * secrets (with values from the operating system's random source), environment files, the security groups of peers and of what
 * services connect to, the load balancer's subnets and zone, and where state is kept.
 *
 * @throws Error when the environment names a thing by an id: local AWS gives its own ids, so things must be named by tags or names.
 */
export async function createPrerequisites(aws: AwsEndpoint, environment: Environment): Promise<Prerequisites> {
  const clients = awsClients(aws);
  try {
    const { vpcId, subnetIds } = await existingNetwork(clients, environment);
    if ("name" in environment.ecsCluster) {
      await clients.ecs.send(new CreateClusterCommand({ clusterName: environment.ecsCluster.name }));
    }
    if ("existing" in environment.namespace) {
      const Name = environment.namespace.existing;
      await clients.serviceDiscovery.send(new CreatePrivateDnsNamespaceCommand({ Name, Vpc: vpcId }));
    }
    await existingGroups(clients, environment, vpcId);
    await aroundLoadBalancer(clients, environment, vpcId);
    await existingState(aws, environment.state);
    return { vpcId, subnetIds, secrets: await createSecrets(clients, environment) };
  } finally {
    clients.destroy();
  }
}

const awsTags = (tags: Record<string, string>) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

async function existingNetwork(
  clients: AwsClients,
  { vpc, subnets }: Environment,
): Promise<Pick<Prerequisites, "vpcId" | "subnetIds">> {
  if ("create" in vpc) return { vpcId: undefined, subnetIds: [] };
  const vpcId = await existingVpc(clients, vpc);
  return { vpcId, subnetIds: await existingSubnets(clients, subnets, vpcId) };
}

type ExistingVpc = Exclude<Environment["vpc"], { readonly create: unknown }>;

async function existingVpc({ ec2 }: AwsClients, vpc: ExistingVpc): Promise<string> {
  if ("id" in vpc) throw unnameable("The VPC");
  const Filters = Object.entries(vpc.tags).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] }));
  const { Vpcs: [found] = [] } = await ec2.send(new DescribeVpcsCommand({ Filters }));
  if (found) return found.VpcId!;
  const TagSpecifications = [{ ResourceType: "vpc" as const, Tags: awsTags(vpc.tags) }];
  return (await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16", TagSpecifications }))).Vpc!.VpcId!;
}

/** Two private subnets in two zones. */
async function existingSubnets(
  { ec2, region }: AwsClients,
  subnets: Environment["subnets"],
  VpcId: string,
): Promise<string[]> {
  if ("ids" in subnets) throw unnameable("A subnet");
  const ids = await subnetsInTwoZones({ ec2, region }, VpcId, 1);
  if ("tags" in subnets) await ec2.send(new CreateTagsCommand({ Resources: ids, Tags: awsTags(subnets.tags) }));
  return ids;
}

/** @param first third number of the first one's network */
async function subnetsInTwoZones(
  { ec2, region }: Pick<AwsClients, "ec2" | "region">,
  VpcId: string,
  first: number,
): Promise<string[]> {
  const ids: string[] = [];
  for (const [index, zone] of ["a", "b"].entries()) {
    const CidrBlock = `10.0.${first + index}.0/24`;
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone: `${region}${zone}` }),
    );
    ids.push(Subnet!.SubnetId!);
  }
  return ids;
}

/** Two public subnets, and the zone of its names. An internal load balancer is in the tasks' subnets. */
async function aroundLoadBalancer(
  { ec2, region, route53 }: AwsClients,
  { loadBalancer }: Environment,
  vpcId: string | undefined,
): Promise<void> {
  if (loadBalancer === undefined) return;
  if ("existing" in loadBalancer) throw unnameable("The load balancer's listener");
  const { subnets, scheme, zone } = loadBalancer.create;
  if (subnets && "ids" in subnets) throw unnameable("A subnet of the load balancer");
  if (vpcId !== undefined && (subnets || scheme === "public")) {
    const ids = await subnetsInTwoZones({ ec2, region }, vpcId, 101);
    const MapPublicIpOnLaunch = { Value: true };
    for (const SubnetId of ids) await ec2.send(new ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch }));
    if (subnets) await ec2.send(new CreateTagsCommand({ Resources: ids, Tags: awsTags(subnets.tags) }));
  }
  if (zone) await route53.send(new CreateHostedZoneCommand({ Name: zone, CallerReference: zone }));
}

async function existingState({ endpoint, region }: AwsEndpoint, state: Environment["state"]): Promise<void> {
  if (!("s3" in state)) return;
  const options = { endpoint, region, credentials: { accessKeyId: "local", secretAccessKey: "local" } };
  const { bucket, dynamodbTable, bucketStack } = state.s3;
  if (!bucketStack) {
    const s3 = new S3Client({ ...options, forcePathStyle: true });
    const place = region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: region as never } };
    await s3.send(new CreateBucketCommand({ Bucket: bucket, ...place }));
    s3.destroy();
  }
  if (dynamodbTable) {
    const dynamodb = new DynamoDBClient(options);
    await dynamodb.send(
      new CreateTableCommand({
        TableName: dynamodbTable,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "LockID", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "LockID", KeyType: "HASH" }],
      }),
    );
    dynamodb.destroy();
  }
}
