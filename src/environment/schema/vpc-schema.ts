import { z } from "zod";
import { createdVpcDefaults, networkDefaults } from "../../aws/defaults";
import { logRetentionDays, maxSubnets } from "../../aws/limits";
import { createdVpcCidr, maxZones } from "../../aws/network/vpc-cidrs";
import * as format from "./formats";
import {
  choice,
  either,
  filledList,
  flag,
  mapOf,
  object,
  oneNumberOf,
  oneOf,
  option,
  text,
  wholeNumber,
} from "./shapes";

const filter = mapOf(format.anyTagKey, format.anyTagValue)
  .refine((value) => Object.keys(value).length > 0, { error: "at least one tag to look for" })
  .meta({ minProperties: 1 });

const { allowed, isAllowed } = createdVpcCidr;
const vpcCidr = text(/^[0-9.]+\/\d{2}$/, allowed, "10.0.0.0/16").refine(isAllowed, { error: allowed });

/** Source: https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html */
const endpointName = text(
  /^[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)*$/,
  'the end of a VPC endpoint service\'s name, "sqs" for com.amazonaws.<region>.sqs',
  "sqs",
);

const create = object({
  cidr: vpcCidr.describe(
    "Its private IPv4 network, /16 to /22. Choose one that doesn't overlap with any VPC that you may later connect. A change replaces the VPC.",
  ),
  zones: option(
    wholeNumber(1, maxZones).meta({ examples: [2] }),
    createdVpcDefaults.zones,
    "Availability zones, each with a private subnet; more can be added later",
  ),
  nat: option(
    oneOf("one", "each-zone", "none").meta({ examples: ["each-zone"] }),
    createdVpcDefaults.nat,
    'NAT gateways, through which tasks in private subnets reach the internet: "one" serves all zones, "each-zone" keeps egress when a zone fails, "none" gives no internet egress',
  ),
  endpoints: option(
    either([flag, filledList(endpointName, "endpoint names")], 'true, false or a list of more endpoints, ["sqs"]').meta(
      {
        examples: [["sqs"]],
      },
    ),
    createdVpcDefaults.endpoints,
    "Whether tasks reach the AWS services that they need to start and run through VPC endpoints; a list adds endpoints for the application",
  ),
  flowLogs: choice({
    cloudWatch: object({
      retentionDays: option(
        oneNumberOf(logRetentionDays, "days").meta({ examples: [365] }),
        createdVpcDefaults.flowLogRetentionDays,
        "Days that the flow logs are kept",
      ),
    }).describe("To a new log group."),
    s3: format.flowLogArn.describe(
      "To an existing bucket, whose policy must allow delivery.logs.amazonaws.com to write.",
    ),
  })
    .optional()
    .describe("Where the VPC records accepted and rejected connections: cloudWatch or s3; default: nowhere.")
    .meta({ examples: [{ cloudWatch: { retentionDays: 30 } }] }),
});

export const vpc = choice({
  id: format.vpcId.describe("The VPC by its id."),
  tags: filter.describe("The one VPC that has these tags."),
  create: create.describe(
    "A new VPC with private subnets, and public subnets if something needs them, see docs/vpc.md.",
  ),
});

export const subnets = choice({
  ids: filledList(format.subnetId, "subnet ids", maxSubnets).describe(`These subnets, 1 to ${maxSubnets}.`),
  tags: filter.describe("The subnets of the VPC that have these tags.").meta({ examples: [{ tier: "private" }] }),
  private: z
    .literal(true, { error: "true" })
    .describe("The VPC's private subnets: those that don't assign a public address at launch."),
})
  .default(networkDefaults.subnets)
  .describe('The VPC\'s subnets that tasks run in: ids, tags or private; default: {"private":true}.')
  .meta({ examples: [{ tags: { tier: "private" } }] });
