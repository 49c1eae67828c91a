import { z } from "zod";
import { loadBalancerDefaults, webDefaults } from "../../../aws/defaults";
import { maxRulePriority, maxSubnets, slowStartSeconds, stopTimeoutSeconds } from "../../../aws/limits";
import { heartbeatSeconds, serverIdleSeconds } from "../../../web-times";
import * as format from "../formats";
import { choice, either, filledList, flag, mapOf, object, oneOf, option, range, seconds, wholeNumber } from "../shapes";

const tags = mapOf(format.anyTagKey, format.anyTagValue)
  .refine((value) => Object.keys(value).length > 0, { error: "at least one tag to look for" })
  .meta({ minProperties: 1 });

const zone = either(
  [format.dnsName, z.literal(false)],
  'a public Route 53 zone of the account such as "example.com", or false',
).meta({ examples: ["example.com"] });
const zoneHelp = "The public Route 53 zone for records and certificates, or false if DNS is elsewhere";

const subnets = choice({
  ids: filledList(format.subnetId, "subnet ids", maxSubnets).describe("These subnets, in at least two zones."),
  tags: tags.describe("The subnets of the VPC that have these tags.").meta({ examples: [{ tier: "public" }] }),
});

const create = object({
  zone: zone.describe(`${zoneHelp}.`),
  scheme: option(
    oneOf("public", "internal"),
    loadBalancerDefaults.scheme,
    '"public" has addresses in the internet, "internal" has private ones only',
  ),
  subnets: subnets
    .optional()
    .describe(
      'One subnet in each of at least two zones: ids or tags; default: the VPC\'s public subnets, which assign a public address at launch, or with scheme "internal" those of the tasks.',
    )
    .meta({ examples: [{ tags: { tier: "public" } }] }),
  addresses: option(
    oneOf("ipv4", "dual-stack"),
    loadBalancerDefaults.addresses,
    '"dual-stack" adds IPv6, which the subnets must have',
  ),
  allowedClients: choice({
    cidrs: filledList(format.cidr, "networks").describe("These networks."),
    prefixList: format.prefixListId.describe("The members of a managed prefix list, such as CloudFront's."),
  })
    .optional()
    .describe("Who may send requests: cidrs or prefixList; default: everyone."),
  idleTimeoutSeconds: option(
    seconds(heartbeatSeconds + 1, 4000).meta({ examples: [50] }),
    loadBalancerDefaults.idleTimeoutSeconds,
    `Seconds of silence after which it closes a connection: above the heartbeat of Phoenix's client, and below the idle timeout of the HTTP server, which is ${serverIdleSeconds} in Bandit and Cowboy`,
  ),
  accessLogs: object({
    bucket: format.bucketName
      .describe("An existing bucket that load balancers may write to.")
      .meta({ examples: ["acme-load-balancer-logs"] }),
    prefix: format.stateKey
      .optional()
      .describe("Prefix of the logs' keys; default: none.")
      .meta({ examples: ["prod"] }),
  })
    .optional()
    .describe("Where access logs are written; default: nowhere."),
  deletionProtection: option(
    flag,
    loadBalancerDefaults.deletionProtection,
    "Whether AWS refuses to delete it. Before you delete it, set this to false and apply",
  ),
  webAclArn: format.webAclArn.optional().describe("ARN of a regional AWS WAF web ACL; default: none."),
});

const existing = object({
  listenerArn: format.listenerArn.describe("ARN of its HTTPS listener."),
  securityGroupId: format.securityGroupId.describe("Its security group, which must allow egress to the tasks."),
  zone: option(zone, false, zoneHelp),
});

/** The load balancer of an environment. */
export const loadBalancer = choice({
  create: create.describe("A new Application Load Balancer: HTTPS, and a redirect from HTTP."),
  existing: existing.describe("A load balancer that another project owns, found by its listener."),
}).meta({ id: "loadBalancer" });

const check = webDefaults.healthCheck;
/** Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
const healthCheck = object({
  path: format.httpPath
    .optional()
    .describe("Path that it requests over HTTP; default: that of the service's healthCheck."),
  intervalSeconds: option(seconds(5, 300).meta({ examples: [15] }), check.intervalSeconds, "Seconds between checks"),
  timeoutSeconds: option(
    seconds(2, 120).meta({ examples: [10] }),
    check.timeoutSeconds,
    "Seconds until a check fails, below the interval",
  ),
  healthyThreshold: option(
    wholeNumber(2, 10).meta({ examples: [3] }),
    check.healthyThreshold,
    "Checks in a row that make an unhealthy task healthy; a new task needs one",
  ),
  unhealthyThreshold: option(
    wholeNumber(2, 10).meta({ examples: [4] }),
    check.unhealthyThreshold,
    "Failed checks in a row that make a task unhealthy",
  ),
  statusCodes: option(format.statusCodes, check.statusCodes, "Status codes of a healthy task"),
});

const priority = wholeNumber(1, maxRulePriority);
/** Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html */
const stickySeconds = seconds(1, 604_800);
const deregistrationDelay = seconds(0, 3600);

/** What of a service is in the web. Options that a target group of another project excludes have no default here. */
export const web = object({
  domain: format.webDomain
    .optional()
    .describe("Its public name, in the container's PHX_HOST; default: none, which only targetGroup allows."),
  extraDomains: filledList(format.webDomain, "public names")
    .optional()
    .describe("Further names; default: none.")
    .meta({ examples: [["www.example.com"]] }),
  paths: filledList(format.pathPattern, "paths")
    .optional()
    .describe("Paths that it serves, with * and ? as wildcards; default: all."),
  priority: priority
    .optional()
    .describe(`Priority of its listener rule, ${range(priority)}; default: derived from its name.`)
    .meta({ examples: [500] }),
  healthCheck: healthCheck
    .optional()
    .describe("The load balancer's health check; default: the defaults below.")
    .meta({ examples: [{ path: "/healthz", statusCodes: "200,204" }] }),
  healthCheckGracePeriodSeconds: option(
    seconds(0, 2147483647).meta({ examples: [120] }),
    webDefaults.healthCheckGracePeriodSeconds,
    "Seconds after a task's start in which ECS ignores the load balancer's health checks",
  ),
  stickiness: object({
    seconds: stickySeconds.describe(`How long, ${range(stickySeconds)}.`).meta({ examples: [3600] }),
  })
    .optional()
    .describe("Sends a visitor's requests to one task, by cookie; default: none."),
  deregistrationDelaySeconds: deregistrationDelay
    .optional()
    .describe(
      `Seconds that a deregistered task has to finish its requests, ${range(deregistrationDelay)}; default: ${webDefaults.deregistrationDelaySeconds}, or stopTimeoutSeconds if that is less.`,
    )
    .meta({ examples: [60] }),
  slowStartSeconds: seconds(0, slowStartSeconds.max)
    .optional()
    .describe(
      `Seconds in which a new task's share of requests grows, 0 or ${slowStartSeconds.min} to ${slowStartSeconds.max}; default ${webDefaults.slowStartSeconds}.`,
    )
    .meta({ examples: [30] }),
  drainerSeconds: option(
    seconds(0, stopTimeoutSeconds.max - 1).meta({ examples: [60] }),
    webDefaults.drainerSeconds,
    "Maximum seconds in which the endpoint asks its sockets to reconnect, in the container's DRAIN_SECONDS",
  ),
  certificate: object({ arn: format.certificateArn.describe("ARN of an ACM certificate for all its names.") })
    .optional()
    .describe("An existing certificate; default: a new one."),
  targetGroup: object({
    arn: format.targetGroupArn.describe("ARN of the target group. Its target type must be ip."),
    securityGroupId: format.securityGroupId.describe("The load balancer's security group: it may reach httpPort."),
  })
    .optional()
    .describe(
      "A target group that another project owns, instead of the environment's load balancer. With it, only domain, healthCheckGracePeriodSeconds and drainerSeconds are allowed; default: none.",
    ),
}).meta({ id: "web" });
