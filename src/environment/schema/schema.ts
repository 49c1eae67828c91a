import { defaultDistributionPorts, defaultDnsTtl } from "../../distribution";
import { z } from "zod";
import { distribution, egress, secret } from "./distribution-schema";
import {
  accountId,
  anyTagKey,
  anyTagValue,
  dnsLabel,
  dnsName,
  ecsClusterName,
  environmentName,
  nodeAddress,
  region,
  securityGroupId,
  securityGroupName,
  subnetId,
  tagKey,
  tagValue,
  versionConstraint,
  vpcId,
} from "./formats";
import { service } from "./service-schema";
import { choice, filledList, flag, mapOf, object, oneOf, wholeNumber } from "./shapes";
import { state } from "./state-schema";

const filter = mapOf(anyTagKey, anyTagValue)
  .refine((value) => Object.keys(value).length > 0, { error: "at least one tag to look for" })
  .meta({ minProperties: 1 });

const vpc = choice({
  id: vpcId.describe("The VPC by its id."),
  tags: filter.describe("The one VPC that has these tags."),
});

/** awsvpc takes 16. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html */
const subnets = choice({
  ids: filledList(subnetId, "subnet ids", 16).describe("These subnets, 1 to 16."),
  tags: filter.describe("The subnets of the VPC that have these tags."),
  private: z
    .literal(true, { error: "true" })
    .describe("The VPC's private subnets, those that give no public address at launch."),
});

const peer = object({
  node: nodeAddress.describe("Its nodes: basename@dns-name."),
  securityGroup: choice({
    id: securityGroupId.describe("By its id."),
    name: securityGroupName.describe("By its name, looked up in the VPC."),
  }).describe("The security group that its tasks are in."),
  distribution: distribution.optional().describe("Where its nodes listen; default: the environment's."),
});

const environment = object({
  account: accountId
    .optional()
    .describe(
      "The AWS account's id: Terraform then refuses to work in any other, and environments of different accounts may share names; default: the account of your credentials.",
    ),
  region: region.describe("AWS region."),
  state: state.describe("Where the Terraform state is: s3, cloud or local."),
  vpc: vpc.describe("An existing VPC: id or tags."),
  subnets: subnets.default({ private: true }).describe("The VPC's subnets: ids, tags or private; default: private."),
  publicIp: flag.default(false).describe("Whether tasks get a public address; default false."),
  ecsCluster: choice({
    name: ecsClusterName.describe("An existing ECS cluster's name."),
    create: ecsClusterName.describe(
      "The name of a new ECS cluster, with Container Insights and logged ECS Exec sessions.",
    ),
  }).describe("The ECS cluster: name of an existing one, or create."),
  namespace: choice({
    create: dnsName.describe("The name of a new private DNS namespace, such as organization.local."),
    existing: dnsName.describe("The name of a private DNS namespace that is there already."),
  }).describe("The Cloud Map namespace in which services are found: create or existing."),
  dnsTtlSeconds: wholeNumber(0, 86400, "seconds")
    .default(defaultDnsTtl)
    .describe(`Seconds that resolvers keep a DNS answer, 0 to 86400; default ${defaultDnsTtl}.`),
  releaseCookie: secret.describe("The cookie that all nodes share, their RELEASE_COOKIE."),
  distribution: distribution
    .default({ epmd: { ...defaultDistributionPorts } })
    .describe(
      `Where nodes listen: epmd or singlePort; default: epmd with ${defaultDistributionPorts.from} to ${defaultDistributionPorts.to}.`,
    ),
  egress: egress
    .default("guarded")
    .describe(
      'What tasks may open to the rest of the world: "guarded" is everything but distribution ports, "open" everything, a list just that; default "guarded".',
    ),
  sharedSecurityGroup: choice({
    create: oneOf("distribution", "all-traffic").describe("A new group, and what its members allow each other."),
    id: securityGroupId.describe("An existing group, whose rules its owner keeps."),
  })
    .optional()
    .describe("One security group that all services are in, rather than rules between pairs; default: pairs."),
  peers: mapOf(dnsLabel, peer)
    .default({})
    .describe("Services that another project owns, by the names that clustersWith calls them; default: none."),
  services: mapOf(dnsLabel, service)
    .refine((value) => Object.keys(value).length > 0, { error: "at least one service" })
    .meta({ minProperties: 1 })
    .describe("The services by name: the name is also their ECS service's and their label in DNS."),
  tags: mapOf(tagKey, tagValue)
    .default({})
    .describe("Tags on everything, beside Environment and ManagedBy; default: none."),
  awsProviderVersion: versionConstraint
    .optional()
    .describe("Terraform version constraint for the AWS provider; default: the version this was built with."),
}).meta({ id: "environment" });

/** The whole file: environments by name, and `$schema` for editors. */
export const environmentsSchema = z
  .object({ $schema: z.string().optional().describe("Where an editor finds this schema.") })
  .catchall(environment)
  .meta({
    title: "Environments of Elixir clusters",
    propertyNames: { anyOf: [{ const: "$schema" }, { pattern: z.toJSONSchema(environmentName).pattern }] },
  });

export { environment as environmentSchema, environmentName };
export type Environment = z.output<typeof environment>;
export type ServiceOptions = z.output<typeof service>;
