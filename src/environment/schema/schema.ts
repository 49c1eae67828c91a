import { awsProviderRange } from "../../aws/provider-versions";
import { z } from "zod";
import { defaultDistributionRules, defaultVersions, networkDefaults, serviceDefaults } from "../../aws/defaults";
import { defaultDistributionPorts } from "../../distribution";
import { securityGroup } from "./service/connection-schema";
import { distribution, egress } from "./service/distribution-schema";
import * as format from "./formats";
import { organization } from "./organization-schema";
import { secret } from "./service/secret-schema";
import { service } from "./service/service-schema";
import { choice, either, flag, mapOf, object, oneOf, option, seconds } from "./shapes";
import { environmentSnippets } from "./snippets";
import { state } from "./state-schema";
import type { ValidParts } from "./valid-parts";
import { subnets, vpc } from "./vpc-schema";
import { loadBalancer } from "./service/web-schema";

const peer = object({
  cluster: format.dnsLabel.describe("The cluster of this environment that it belongs to."),
  node: format.nodeAddress.describe("The peer's nodes: basename@dns-name."),
  securityGroup: securityGroup
    .describe("The security group that its tasks are in: id or name.")
    .meta({ examples: [{ name: "billing-service" }] }),
  distribution: distribution.optional().describe("Where its nodes listen; default: the environment's."),
}).meta({ id: "peer" });

const peerExample = {
  cluster: "shop",
  node: "billing@billing.payments.local",
  securityGroup: { name: "billing-service" },
};

/** Existing groups by cluster; a cluster that isn't named gets a new group. */
const existingGroups = object({
  groups: mapOf(format.dnsLabel, format.securityGroupId).describe(
    "Existing security groups by cluster. Their owner sets their rules. Other clusters get new groups.",
  ),
});
const distributionRules = either(
  [oneOf("group", "all-traffic", "pairs"), existingGroups],
  '"group", "all-traffic", "pairs" or { "groups": { "<cluster>": "sg-…" } }',
);

const eachVersion = oneOf("together", "apart");
const versions = either(
  [eachVersion, mapOf(format.dnsLabel, eachVersion)],
  '"together", "apart" or { "<cluster>": "apart" }',
).meta({ examples: ["apart", { shop: "apart" }] });

const environment = object({
  account: format.accountId
    .optional()
    .describe(
      "The AWS account's id. Terraform then rejects any other account, and environments in different accounts may share names; default: the account of your credentials.",
    ),
  region: format.region.describe("The AWS region of everything in the environment."),
  state: state.describe("Where the Terraform state is: s3, cloud or local."),
  vpc: vpc.describe("The VPC: id or tags of an existing one, or create."),
  subnets,
  publicIp: option(
    flag,
    networkDefaults.publicIp,
    "Whether tasks get a public address; in public subnets without NAT they need one to pull images",
  ),
  ecsCluster: choice({
    name: format.ecsClusterName.describe("An existing ECS cluster's name."),
    create: format.ecsClusterName.describe(
      "The name of a new ECS cluster, with Container Insights and logged ECS Exec sessions.",
    ),
  }).describe("The ECS cluster: name of an existing one, or create."),
  namespace: choice({
    create: format.dnsName.describe("The name of a new private DNS namespace."),
    existing: format.dnsName.describe("The name of an existing private DNS namespace."),
  }).describe("The Cloud Map namespace for the DNS names <service>.<namespace>: create or existing."),
  loadBalancer: loadBalancer
    .optional()
    .describe("The load balancer that services with the option web share: create or existing; default: none."),
  alarms: object({
    topic: format.topicArn.describe(
      "ARN of an SNS topic in this region. Its policy must allow cloudwatch.amazonaws.com and events.amazonaws.com to publish.",
    ),
  })
    .optional()
    .describe(
      "Alarms on clusters, services and deployments, and a dashboard. Nodes must report metrics (adopt --metrics), see docs/monitoring.md; default: none.",
    ),
  dnsTtlSeconds: option(
    seconds(0, 86400).meta({ examples: [5] }),
    serviceDefaults.dnsTtlSeconds,
    "Seconds that resolvers keep a DNS answer",
  ),
  releaseCookie: secret.describe("The cookie that all nodes share, in RELEASE_COOKIE."),
  distribution: distribution
    .default({ epmd: { ...defaultDistributionPorts } })
    .describe(
      `The TCP ports that nodes listen on, and whether they encrypt: epmd, singlePort or tls; default: ${JSON.stringify({ epmd: defaultDistributionPorts })}.`,
    )
    .meta({ examples: [{ singlePort: defaultDistributionPorts.from }] }),
  egress: option(
    egress,
    serviceDefaults.egress,
    'What tasks may connect to outside the cluster: "guarded" is everything except distribution ports, "open" is everything, a list is only what it contains',
  ),
  distributionRules: distributionRules
    .default(defaultDistributionRules)
    .describe(
      `How the services of a cluster reach each other: "group" creates one security group that opens the distribution ports, "all-traffic" one that opens every port, "pairs" rules between the services' own groups; { groups } uses existing groups; default ${JSON.stringify(defaultDistributionRules)}.`,
    )
    .meta({ examples: ["pairs"] }),
  versions: versions
    .default(defaultVersions)
    .describe(
      'Whether old and new tasks of a cluster connect during a deployment: "together" connects them, with "apart" each version of the image forms its own cluster. To set it for some clusters only, use an object with their names; default "together".',
    ),
  peers: option(
    mapOf(format.dnsLabel, peer).meta({ examples: [{ billing: peerExample }] }),
    {},
    "Services that another project owns, by name",
  ),
  services: mapOf(format.dnsLabel, service)
    .refine((value) => Object.keys(value).length > 0, { error: "at least one service" })
    .meta({ minProperties: 1 })
    .describe(
      "The services by name, at least one. The name is also that of the ECS service and the container, and the label in DNS.",
    ),
  tags: option(
    mapOf(format.tagKey, format.tagValue),
    {},
    "Tags on everything, in addition to defaultTags. Keys must differ in more than case",
  ),
  ...organization,
  awsProviderVersion: format.versionConstraint
    .optional()
    .describe(`Terraform version constraint of the AWS provider; default: "${awsProviderRange()}".`),
}).meta({ id: "environment", defaultSnippets: environmentSnippets });

const { pattern, errorMessage } = z.toJSONSchema(format.environmentName);
/** One pattern: for two alternatives, an editor lists those that are constant, and shows no message. */
const keys = { pattern: `^\\$schema$|${pattern}`, errorMessage };

/** The whole file: environments by name, and `$schema` for editors. */
export const environmentsSchema = z
  .object({
    $schema: z
      .string()
      .optional()
      .describe("Where an editor finds this schema.")
      .meta({ examples: ["./environments.schema.json"] }),
  })
  .catchall(environment)
  .meta({
    title: "Environments of Elixir clusters",
    propertyNames: keys,
  });

export { environment as environmentSchema };
export type Environment = z.output<typeof environment>;
export type ServiceOptions = z.output<typeof service>;
/** The valid parts of an environment or a service. */
export type EnvironmentParts = Extract<ValidParts<Environment>, object>;
export type ServiceParts = Extract<ValidParts<ServiceOptions>, object>;
