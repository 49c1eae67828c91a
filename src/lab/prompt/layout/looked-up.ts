import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { CreateSecurityGroupCommand, CreateSubnetCommand, CreateVpcCommand } from "@aws-sdk/client-ec2";
import type { Tag } from "@aws-sdk/client-ec2";
import { CreateClusterCommand } from "@aws-sdk/client-ecs";
import { CreateHostedZoneCommand } from "@aws-sdk/client-route-53";
import { CreatePrivateDnsNamespaceCommand } from "@aws-sdk/client-servicediscovery";
import { type AwsClients, type AwsEndpoint, awsClients } from "../../local-aws/aws-clients";
import { type Block, blocksIn, literalText } from "./blocks";

/** Ids of resources in a real account, as Terraform has them. */
const idPattern = /\b(?:vpc|subnet|sg)-[0-9a-f]{8,17}\b/g;
/** Data sources that look up something in a VPC. */
const inVpc = ["aws_vpc", "aws_subnets", "aws_subnet", "aws_security_group", "aws_service_discovery_dns_namespace"];

/**
 * Makes in local AWS what a folder of Terraform takes for given: every VPC, subnet and security group that it names by
 * id, whose ids are replaced by those of local AWS; and what its JSON files look up by tags or names: the VPC with two
 * subnets, ECS clusters, DNS namespaces, zones and security groups. All of it is in one VPC. A security group that is only looked up has no ingress rules here.
 *
 * @param copy the folder; its files are changed. @returns what was made, each in a few words
 */
export async function makeLookedUp(aws: AwsEndpoint, copy: string): Promise<string[]> {
  const files = readdirSync(copy)
    .filter((file) => /\.(tf|tf\.json|tfvars|tfvars\.json)$/.test(file))
    .map((file) => path.join(copy, file));
  const ids = [...new Set(files.flatMap((file) => readFileSync(file, "utf8").match(idPattern) ?? []))];
  const data = blocksIn(copy).filter(({ kind }) => kind !== "resource");
  const clients = awsClients(aws);
  try {
    const needsVpc = ids.length > 0 || data.some(({ type }) => inVpc.includes(type));
    const network = needsVpc ? await makeNetwork(clients, ids, data) : undefined;
    if (network) for (const file of files) replaceIds(file, network.localIds);
    return [...(network?.made ?? []), ...(await makeNamed(clients, data, network?.vpcId))];
  } finally {
    clients.destroy();
  }
}

function replaceIds(file: string, localIds: ReadonlyMap<string, string>): void {
  const text = readFileSync(file, "utf8");
  const changed = text.replaceAll(idPattern, (id) => localIds.get(id) ?? id);
  if (changed !== text) writeFileSync(file, changed);
}

const tagsOf = (block: Block["values"] | undefined): Tag[] =>
  Object.entries((block?.["tags"] ?? {}) as Record<string, string>).map(([Key, Value]) => ({ Key, Value }));

const tagged = (ResourceType: "vpc" | "subnet" | "security-group", Tags: Tag[]) =>
  Tags.length > 0 ? { TagSpecifications: [{ ResourceType, Tags }] } : {};

async function makeNetwork({ ec2, region }: AwsClients, ids: readonly string[], data: readonly Block[]) {
  const blocks = (type: string) => data.filter((each) => each.type === type).map(({ values }) => values);
  const localIds = new Map<string, string>();
  const idsOf = (kind: string) => ids.filter((id) => id.startsWith(`${kind}-`));
  const vpcTags = tagged("vpc", blocks("aws_vpc").flatMap(tagsOf));
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16", ...vpcTags }));
  const VpcId = Vpc!.VpcId!;
  for (const id of idsOf("vpc")) localIds.set(id, VpcId);
  const byId = idsOf("subnet");
  const subnets = byId.length > 0 ? byId : ["one", "other"];
  const subnetTags = tagged("subnet", [...blocks("aws_subnets"), ...blocks("aws_subnet")].flatMap(tagsOf));
  for (const [index, id] of subnets.entries()) {
    const place = { CidrBlock: `10.0.${index + 1}.0/24`, AvailabilityZone: `${region}${index % 2 === 0 ? "a" : "b"}` };
    const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, ...place, ...subnetTags }));
    localIds.set(id, Subnet!.SubnetId!);
  }
  const named = blocks("aws_security_group").filter((block) => typeof block["name"] === "string" || block["tags"]);
  const groups = [...idsOf("sg").map((id) => ({ id, name: id })), ...named];
  for (const group of groups as Block["values"][]) {
    const GroupName = String(group["name"] ?? `looked-up-${localIds.size}`).replace(/^sg-/, "looked-up-");
    const request = { VpcId, GroupName, Description: "looked up", ...tagged("security-group", tagsOf(group)) };
    const { GroupId } = await ec2.send(new CreateSecurityGroupCommand(request));
    localIds.set(String(group["id"] ?? GroupName), GroupId!);
  }
  const made = [
    "a VPC",
    `${subnets.length} subnets`,
    ...(groups.length > 0 ? [`${groups.length} security groups`] : []),
  ];
  return { vpcId: VpcId, localIds, made };
}

/** What is looked up by a literal name. */
async function makeNamed(
  { ecs, route53, serviceDiscovery }: AwsClients,
  data: readonly Block[],
  Vpc: string | undefined,
): Promise<string[]> {
  const names = (type: string, key: string): string[] => {
    const values = data.filter((each) => each.type === type).map(({ values }) => literalText(values[key]) ?? []);
    return [...new Set(values.flat())];
  };
  const clusters = names("aws_ecs_cluster", "cluster_name");
  for (const clusterName of clusters) await ecs.send(new CreateClusterCommand({ clusterName }));
  const namespaces = names("aws_service_discovery_dns_namespace", "name");
  for (const Name of namespaces) await serviceDiscovery.send(new CreatePrivateDnsNamespaceCommand({ Name, Vpc }));
  const zones = names("aws_route53_zone", "name");
  for (const Name of zones) await route53.send(new CreateHostedZoneCommand({ Name, CallerReference: Name }));
  return [
    ...clusters.map((name) => `ECS cluster ${name}`),
    ...namespaces.map((name) => `namespace ${name}`),
    ...zones.map((name) => `zone ${name}`),
  ];
}
