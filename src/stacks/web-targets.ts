import { TerraformOutput, type TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { loadBalancerName, nameTemplatesOf } from "../aws/names";
import type { Network } from "../constructs/network/network";
import type { LoadBalancerMetrics } from "../constructs/monitoring/watched";
import { LoadBalancer } from "../constructs/web/load-balancer";
import { WebRoute } from "../constructs/web/web-route";
import { targetGroupMetrics } from "../constructs/web/target-group-metrics";
import type { WebTarget } from "../constructs/web/web-target";
import type { Environment, ServiceOptions } from "../environment";

/** Where the services of an environment get HTTP from: its load balancer, with a route for each, or target groups elsewhere. */
export class WebTargets {
  private readonly loadBalancer: LoadBalancer | undefined;
  private readonly scope: Construct;
  private readonly nameTemplates: ReturnType<typeof nameTemplatesOf>;
  /** Whether the environment has alarms. */
  private readonly watched: boolean;
  private readonly routes = new Map<string, WebRoute>();

  constructor(
    private readonly stack: TerraformStack & { readonly name: string },
    { loadBalancer, ...environment }: Environment,
    private readonly network: Network,
  ) {
    this.nameTemplates = nameTemplatesOf({ ...environment, environment: stack.name });
    this.watched = environment.alarms !== undefined;
    const name = loadBalancerName(this.nameTemplates.resources);
    this.loadBalancer = loadBalancer && new LoadBalancer(stack, "load-balancer", { loadBalancer, name, network });
    // In a scope of their own: the services' names are theirs.
    this.scope = new Construct(stack, "web");
  }

  /** The target of a service; `undefined` where nothing sends it HTTP. */
  of(
    name: string,
    { web, tasks, httpPort, stopTimeoutSeconds, healthCheck, deployment }: Omit<ServiceOptions, "image">,
  ): WebTarget | undefined {
    if (!web) return undefined;
    const { targetGroup, domain, drainerSeconds, healthCheckGracePeriodSeconds, ...options } = web;
    if (targetGroup) {
      const { arn, securityGroupId } = targetGroup;
      const times = { drainer: drainerSeconds };
      // Looked up only for alarms and scaling: without them, nobody needs the permission.
      const countsRequests = typeof tasks === "object" && tasks.requestsPerTask !== undefined;
      const metrics =
        this.watched || countsRequests ? [targetGroupMetrics(this.scope, name, { service: name, arn })] : undefined;
      return { targetGroupArn: arn, securityGroupId, domain, healthCheckGracePeriodSeconds, times, metrics };
    }
    const route = new WebRoute(this.scope, name, {
      ...options,
      drainerSeconds,
      healthCheckGracePeriodSeconds,
      // The file's checks have made sure of both.
      domain: domain!,
      loadBalancer: this.loadBalancer!,
      name,
      nameTemplates: this.nameTemplates,
      vpcId: this.network.vpcId,
      httpPort,
      deployment,
      stopTimeoutSeconds,
      healthCheck: { ...(healthCheck && { path: healthCheck.path }), ...options.healthCheck },
    });
    this.routes.set(name, route);
    return route;
  }

  /** Dimensions of the metrics of the load balancer that this stack creates. Another one's errors may be of other services. */
  get metrics(): LoadBalancerMetrics | undefined {
    return this.loadBalancer?.ownsSecurityGroup ? this.loadBalancer.metrics : undefined;
  }

  /** Outputs: where each service is found, and the DNS records that somebody else has to create. */
  describe(): void {
    if (this.routes.size === 0) return;
    const output = (id: string, description: string, value: object) =>
      new TerraformOutput(this.stack, `output-${id}`, { value, description }).overrideLogicalId(id);
    const routes = [...this.routes];
    output(
      "urls",
      "Each service in the web, and where it is found",
      Object.fromEntries(routes.map(([name, { url }]) => [name, url])),
    );
    const records = routes.flatMap(([name, { recordsToCreate }]) => (recordsToCreate ? [[name, recordsToCreate]] : []));
    if (records.length > 0)
      output("dns_records_to_create", "DNS records that you create, by service", Object.fromEntries(records) as object);
  }
}
