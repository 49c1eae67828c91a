import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { shortName } from "../../aws/short-name";
import type { WebTimes } from "../../web-times";
import { deletedLast } from "../lifecycle";
import type { TargetMetrics } from "../monitoring/watched";
import { expression, reference } from "../reference";
import type { LoadBalancer } from "./load-balancer";
import { derivedPriority } from "./rule-priority";
import { routeSettings, type WebRouteProps } from "./web-route-props";
import type { WebTarget } from "./web-target";

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
  readonly metrics: TargetMetrics;
  readonly dependsOn: readonly ITerraformDependable[];
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
    this.targetGroupArn = targetGroup.arn;
    this.metrics = { ...loadBalancer.metrics, TargetGroup: targetGroup.arnSuffix };
    this.dependsOn = [this.rule(settings, domains, targetGroup.arn)];
    const records = this.certificate(settings, domains);
    this.recordsToCreate = this.names(loadBalancer, domains, records);
    this.times = timesOf(settings);
    this.node.addValidation({ validate: () => problems(settings, domains) });
  }

  private targetGroup({ fullName, vpcId, httpPort, healthCheck, ...settings }: Settings): LbTargetGroup {
    return new LbTargetGroup(this, "target-group", {
      // ECS moves its tasks to the new one before AWS deletes the old one. So a change that replaces it changes its name too.
      name: shortName(fullName, [reference(this, vpcId), String(httpPort)]),
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
  ): LbListenerRule {
    // The full name: other environments may have rules on an existing listener.
    const order = priority ?? derivedPriority(fullName, { hosts, paths });
    loadBalancer.addRoute({ name, hosts, paths, priority: order, stated: priority !== undefined });
    return new LbListenerRule(this, "rule", {
      listenerArn: loadBalancer.listenerArn,
      priority: order,
      condition: [
        { hostHeader: { values: [...hosts] } },
        ...(paths.length > 0 ? [{ pathPattern: { values: [...paths] } }] : []),
      ],
      action: [{ type: "forward", targetGroupArn }],
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
  { loadBalancer, paths, certificate, slowStartSeconds }: Settings,
  domains: readonly string[],
): string[] {
  const values = [...domains, ...paths];
  const wildcards = values.join("").replace(/[^*?]/g, "").length;
  const { zone } = loadBalancer;
  const outside = zone && !certificate ? domains.filter((name) => !zone.contains(name)) : [];
  return [
    ...(values.length > maxConditionValues
      ? [
          `its rule has ${values.length} domains and paths, and AWS allows ${maxConditionValues} in one rule: use wildcards such as *.example.com or /api/*`,
        ]
      : []),
    ...(wildcards > maxWildcards
      ? [`its rule has ${wildcards} wildcards in domains and paths, and AWS allows ${maxWildcards} in one rule`]
      : []),
    ...outside.map(
      (name) =>
        `${name} isn't in the zone ${zone!.name}, so nobody can prove there that the name is yours: use a name that ends in .${zone!.name}, another zone, or an existing certificate (certificate.arn)`,
    ),
    ...(slowStartSeconds > 0 && slowStartSeconds < 30
      ? [`slowStartSeconds is ${slowStartSeconds}, and AWS allows 0 or 30 to 900`]
      : []),
  ];
}
