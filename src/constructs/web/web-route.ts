import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { slowStartSeconds as slowStart } from "../../aws/limits";
import { shortName } from "../../aws/short-name";
import { shiftingOf, type TestHeader } from "../../deployment";
import type { WebTimes } from "../../web-times";
import { deletedLast } from "../lifecycle";
import type { TargetMetrics } from "../monitoring/watched";
import { expression, reference } from "../reference";
import type { LoadBalancer } from "./load-balancer";
import { derivedPriority, testPriority } from "./rule-priority";
import { routeSettings, type WebRouteProps } from "./web-route-props";
import { TrafficShiftRole } from "./traffic-shift-role";
import type { TrafficShift, WebTarget } from "./web-target";

type Settings = ReturnType<typeof routeSettings>;

/** Values in the conditions of one rule, and wildcards in them. Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const maxConditionValues = 5;
const maxWildcards = 6;

/**
 * What a load balancer sends to a service: the names and paths of a listener rule, its target group, its certificate, and its
 * records in DNS. Give it to an `ElixirService` as `web`.
 */
export class WebRoute extends Construct implements WebTarget {
  readonly targetGroupArn: string;
  readonly securityGroupId: string;
  readonly ownsSecurityGroup: boolean;
  readonly domain: string;
  readonly healthCheckGracePeriodSeconds: number;
  readonly metrics: readonly TargetMetrics[];
  readonly dependsOn: readonly ITerraformDependable[];
  readonly trafficShift: TrafficShift | undefined;
  readonly times: Required<WebTarget>["times"];
  /** Where a visitor finds it. */
  readonly url: string;
  /** The DNS records that somebody else has to create, a list token; `undefined` where this stack creates all. */
  readonly recordsToCreate: string[] | undefined;

  constructor(scope: Construct, id: string, props: WebRouteProps) {
    super(scope, id);
    const settings = routeSettings(props);
    const { loadBalancer, domain, paths } = settings;
    this.domain = domain;
    this.securityGroupId = loadBalancer.securityGroupId;
    this.ownsSecurityGroup = loadBalancer.ownsSecurityGroup;
    this.healthCheckGracePeriodSeconds = settings.healthCheckGracePeriodSeconds;
    this.url = `https://${domain}${(paths[0] ?? "").replace(/[*?].*$/, "")}`;
    const domains = [domain, ...settings.extraDomains];
    const targetGroup = this.targetGroup(settings);
    const blue = targetGroup.arn;
    const shifting = shiftingOf(settings.deployment);
    const alternate = shifting && this.targetGroup(settings, "alternate-");
    const production = this.rule(settings, domains, blue, alternate?.arn);
    const shift = shifting && this.shift(settings, domains, [blue, alternate!.arn], shifting.testHeader);
    this.targetGroupArn = blue;
    this.metrics = [targetGroup, ...(alternate ? [alternate] : [])].map(({ arnSuffix }) => ({
      ...loadBalancer.metrics,
      TargetGroup: arnSuffix,
    }));
    this.trafficShift = shift && { productionListenerRule: production.arn, ...shift.parts };
    this.dependsOn = [production, ...(shift?.dependsOn ?? [])];
    const records = this.certificate(settings, domains);
    this.recordsToCreate = this.names(loadBalancer, domains, records);
    this.times = timesOf(settings);
    this.node.addValidation({ validate: () => problems(settings, domains) });
  }

  /** @param kind the start of its id: "alternate-" for the second one, which deployments that shift requests take in turn */
  private targetGroup(
    { fullName, vpcId, httpPort, healthCheck, ...settings }: Settings,
    kind: "" | "alternate-" = "",
  ): LbTargetGroup {
    return new LbTargetGroup(this, `${kind}target-group`, {
      // ECS moves its tasks to the new one before AWS deletes the old one. So a change that replaces it changes its name too.
      name: shortName(fullName, [reference(this, vpcId), String(httpPort), ...(kind ? [kind] : [])]),
      lifecycle: deletedLast,
      vpcId,
      port: httpPort,
      protocol: "HTTP",
      targetType: "ip",
      deregistrationDelay: String(settings.deregistrationDelaySeconds),
      slowStart: settings.slowStartSeconds,
      healthCheck: {
        path: healthCheck.path,
        interval: healthCheck.intervalSeconds,
        timeout: healthCheck.timeoutSeconds,
        healthyThreshold: healthCheck.healthyThreshold,
        unhealthyThreshold: healthCheck.unhealthyThreshold,
        matcher: healthCheck.statusCodes,
      },
      ...(settings.stickiness
        ? { stickiness: { type: "lb_cookie", enabled: true, cookieDuration: settings.stickiness.seconds } }
        : {}),
    });
  }

  private rule(
    { loadBalancer, fullName, name, paths, priority }: Settings,
    hosts: readonly string[],
    targetGroupArn: string,
    alternate: string | undefined,
  ): LbListenerRule {
    // The full name: other environments may have rules on an existing listener.
    const order = priority ?? derivedPriority(fullName, { hosts, paths });
    loadBalancer.addRoute({ name, hosts, paths, priority: order, stated: priority !== undefined });
    return new LbListenerRule(this, "rule", {
      listenerArn: loadBalancer.listenerArn,
      priority: order,
      condition: conditions(hosts, paths),
      ...(alternate === undefined
        ? { action: [{ type: "forward", targetGroupArn }] }
        : { action: [weighted([targetGroupArn, 100], [alternate, 0])], lifecycle: weightsOfEcs }),
    });
  }

  /** The second target group's surroundings: the role with which ECS shifts requests, and the rule of test requests. */
  private shift(
    settings: Settings,
    domains: readonly string[],
    groups: readonly [blue: string, green: string],
    header: TestHeader | undefined,
  ) {
    const test = header && this.testRule(settings, domains, groups, header);
    const role = new TrafficShiftRole(this, "traffic-shift", settings.trafficShiftRole);
    return {
      parts: {
        alternateTargetGroupArn: groups[1],
        ...(test ? { testListenerRule: test.arn } : {}),
        roleArn: role.arn,
      },
      dependsOn: [...(test ? [test] : []), role.policy],
    };
  }

  /** Sends requests with a header to the new tasks, as soon as ECS has set its weights. It comes before the rule of visitors. */
  private testRule(
    { loadBalancer, fullName, name, paths, priority }: Settings,
    hosts: readonly string[],
    [blue, green]: readonly [string, string],
    header: TestHeader,
  ): LbListenerRule {
    const order = testPriority(fullName, priority);
    loadBalancer.addRoute({ name: `${name} (test)`, hosts, paths, priority: order, stated: true });
    return new LbListenerRule(this, "test-rule", {
      listenerArn: loadBalancer.listenerArn,
      priority: order,
      condition: [...conditions(hosts, paths), { httpHeader: { httpHeaderName: header.name, values: [header.value] } }],
      action: [weighted([blue, 100], [green, 0])],
      lifecycle: weightsOfEcs,
    });
  }

  /** @returns the records that prove the ownership, where somebody else has to create them */
  private certificate({ loadBalancer, name, certificate }: Settings, domains: readonly string[]): string[] {
    if (certificate) {
      loadBalancer.addCertificate(name, certificate.arn);
      return [];
    }
    const { zone } = loadBalancer;
    const { recordsToCreate } = loadBalancer.issueCertificate(domains);
    return zone ? [] : [recordsToCreate];
  }

  /** Creates the alias records. @returns those that somebody else has to create, with `others` in front */
  private names(loadBalancer: LoadBalancer, domains: readonly string[], others: string[]): string[] | undefined {
    const { zone } = loadBalancer;
    const elsewhere = domains.filter((name) => !zone?.contains(name));
    for (const name of domains) if (zone?.contains(name)) zone.alias(name, loadBalancer);
    if (elsewhere.length === 0 && others.length === 0) return undefined;
    const target = expression(this, loadBalancer.dnsName);
    const aliases = elsewhere.map((name) => `{ name = "${name}", type = "CNAME", value = ${target} }`);
    return Token.asList(`\${concat(${[...others, `[${aliases.join(", ")}]`].join(", ")})}`);
  }
}

/**
 * ECS sets the weights in each deployment, outside of Terraform: a plan that put them back would send visitors to a target
 * group without tasks. Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html,
 * https://github.com/terraform-aws-modules/terraform-aws-alb/issues/409
 */
const weightsOfEcs = { ignoreChanges: ["action"] };

const weighted = (...groups: readonly (readonly [arn: string, weight: number])[]) => ({
  type: "forward",
  forward: { targetGroup: groups.map(([arn, weight]) => ({ arn, weight })) },
});

const conditions = (hosts: readonly string[], paths: readonly string[]) => [
  { hostHeader: { values: [...hosts] } },
  ...(paths.length > 0 ? [{ pathPattern: { values: [...paths] } }] : []),
];

const timesOf = ({ loadBalancer, healthCheck, ...settings }: Settings): Omit<WebTimes, "stopTimeout"> => ({
  drainer: settings.drainerSeconds,
  deregistrationDelay: settings.deregistrationDelaySeconds,
  idleTimeout: loadBalancer.idleTimeoutSeconds,
  healthCheck: {
    interval: healthCheck.intervalSeconds,
    timeout: healthCheck.timeoutSeconds,
    healthy: healthCheck.healthyThreshold,
    unhealthy: healthCheck.unhealthyThreshold,
  },
});

function problems(
  { loadBalancer, paths, certificate, slowStartSeconds, deployment, priority }: Settings,
  domains: readonly string[],
): string[] {
  const testHeader = shiftingOf(deployment)?.testHeader;
  const values = [...domains, ...paths, ...(testHeader ? [testHeader.value] : [])];
  const wildcards = values.join("").replace(/[^*?]/g, "").length;
  const { zone } = loadBalancer;
  const outside = zone && !certificate ? domains.filter((name) => !zone.contains(name)) : [];
  return [
    ...(values.length > maxConditionValues
      ? [
          `its rule has ${values.length} domains${testHeader ? ", paths and header values" : " and paths"}, and AWS allows ${maxConditionValues} in one rule: use wildcards such as *.example.com or /api/*`,
        ]
      : []),
    ...(wildcards > maxWildcards
      ? [`its rule has ${wildcards} wildcards in domains and paths, and AWS allows ${maxWildcards} in one rule`]
      : []),
    ...(testHeader && priority === 1
      ? ["its web.priority is 1, and the rule of testHeader needs a lower one: set web.priority to 2 or more"]
      : []),
    ...outside.map(
      (name) =>
        `${name} isn't in the zone ${zone!.name}, so you can't prove there that you own the name: use a name that ends in .${zone!.name}, another zone, or an existing certificate (certificate.arn)`,
    ),
    ...(slowStartSeconds > 0 && slowStartSeconds < slowStart.min
      ? [`slowStartSeconds is ${slowStartSeconds}, and AWS allows 0 or ${slowStart.min} to ${slowStart.max}`]
      : []),
  ];
}
