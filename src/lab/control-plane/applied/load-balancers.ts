import {
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeRulesCommand,
  paginateDescribeLoadBalancers,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Action, Listener, LoadBalancer, Rule, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsClients } from "../../local-aws/aws-clients";
import type { ActionSpec, ListenerSpec, RuleSpec } from "../../data-plane/data-plane";
import { type AppliedTargetGroup, readTargetGroups } from "./target-groups";

/** An Application Load Balancer of the VPC. */
export interface AppliedLoadBalancer {
  readonly arn: string;
  readonly name: string;
  readonly dnsName: string;
  readonly internetFacing: boolean;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly idleTimeoutSeconds: number;
  readonly listeners: readonly ListenerSpec[];
}

export interface AppliedLoadBalancing {
  readonly loadBalancers: readonly AppliedLoadBalancer[];
  readonly targetGroups: readonly AppliedTargetGroup[];
  /** What the lab can't do of it, a sentence each. */
  readonly limitations: readonly string[];
}

/** The load balancers of a VPC and the target groups of its services. */
export async function readLoadBalancing(clients: AwsClients, vpcId: string): Promise<AppliedLoadBalancing> {
  const client = clients.loadBalancing;
  const balancers: LoadBalancer[] = [];
  for await (const page of paginateDescribeLoadBalancers({ client }, {})) balancers.push(...(page.LoadBalancers ?? []));
  const own = balancers.filter(({ VpcId, Type }) => VpcId === vpcId && Type === "application");
  const limitations: string[] = [];
  const loadBalancers = await Promise.all(own.map((each) => loadBalancer(clients, each, limitations)));
  const targetGroups = await readTargetGroups(clients, vpcId, limitations);
  return { loadBalancers, targetGroups, limitations };
}

async function loadBalancer(
  clients: AwsClients,
  balancer: LoadBalancer,
  limitations: string[],
): Promise<AppliedLoadBalancer> {
  const { loadBalancing } = clients;
  const LoadBalancerArn = balancer.LoadBalancerArn!;
  const [{ Attributes = [] }, { Listeners = [] }] = await Promise.all([
    loadBalancing.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn })),
    loadBalancing.send(new DescribeListenersCommand({ LoadBalancerArn })),
  ]);
  const idle = Attributes.find(({ Key }) => Key === "idle_timeout.timeout_seconds")?.Value;
  return {
    arn: LoadBalancerArn,
    name: balancer.LoadBalancerName!,
    dnsName: balancer.DNSName!,
    internetFacing: balancer.Scheme !== "internal",
    subnetIds: (balancer.AvailabilityZones ?? []).map(({ SubnetId }) => SubnetId!),
    securityGroupIds: balancer.SecurityGroups ?? [],
    idleTimeoutSeconds: Number(idle ?? 60),
    listeners: await Promise.all(Listeners.map((listener) => listenerOf(clients, listener, balancer, limitations))),
  };
}

async function listenerOf(
  { loadBalancing }: AwsClients,
  listener: Listener,
  balancer: LoadBalancer,
  limitations: string[],
): Promise<ListenerSpec> {
  const { ListenerArn } = listener;
  const { Rules = [] } = await loadBalancing.send(new DescribeRulesCommand({ ListenerArn }));
  const rules = Rules.filter(({ IsDefault }) => !IsDefault)
    .sort((a, b) => Number(a.Priority) - Number(b.Priority))
    .flatMap((rule) => ruleOf(rule, `Rule ${rule.Priority} of ${balancer.LoadBalancerName}`, limitations));
  const where = `The default action at port ${listener.Port} of ${balancer.LoadBalancerName}`;
  const names = new Set([balancer.DNSName!.toLowerCase(), ...rules.flatMap(({ hosts = [] }) => hosts)]);
  return {
    port: listener.Port!,
    protocol: listener.Protocol === "HTTPS" ? "HTTPS" : "HTTP",
    names: [...names].filter((name) => /^(\*\.)?[a-z0-9.-]+$/.test(name)),
    rules,
    defaultAction: actionOf(listener.DefaultActions ?? [], where, limitations) ?? { fixedResponse: { status: 503 } },
  };
}

function ruleOf({ Conditions = [], Actions = [] }: Rule, where: string, limitations: string[]): RuleSpec[] {
  const unknown = Conditions.filter(({ Field }) => Field !== "host-header" && Field !== "path-pattern");
  if (unknown.length > 0) {
    limitations.push(`${where} has no effect in the lab, which knows no condition ${unknown[0]!.Field}.`);
    return [];
  }
  const action = actionOf(Actions, where, limitations);
  if (!action) return [];
  const valuesOf = (field: string) => {
    const found = Conditions.find(({ Field }) => Field === field);
    return found && patterns(found);
  };
  const [hosts, paths] = [valuesOf("host-header"), valuesOf("path-pattern")];
  return [
    { action, ...(hosts ? { hosts: hosts.map((host) => host.toLowerCase()) } : {}), ...(paths ? { paths } : {}) },
  ];
}

const patterns = ({ HostHeaderConfig, PathPatternConfig, Values }: RuleCondition): readonly string[] =>
  HostHeaderConfig?.Values ?? PathPatternConfig?.Values ?? Values ?? [];

/** The last action is the one that answers; those before it authenticate. */
function actionOf(actions: readonly Action[], where: string, limitations: string[]): ActionSpec | undefined {
  const action = [...actions].sort((a, b) => (a.Order ?? 0) - (b.Order ?? 0)).at(-1);
  if (actions.length > 1) limitations.push(`${where} doesn't authenticate in the lab.`);
  const groups = (action?.ForwardConfig?.TargetGroups ?? []).filter(({ Weight }) => Weight !== 0);
  if (groups.length > 1) limitations.push(`${where} forwards to the first of its target groups in the lab.`);
  const group = groups[0]?.TargetGroupArn ?? action?.TargetGroupArn;
  if (action?.Type === "forward" && group) return { forward: group };
  const { RedirectConfig: redirect, FixedResponseConfig: fixed } = action ?? {};
  if (redirect) {
    return {
      redirect: {
        status: redirect.StatusCode === "HTTP_302" ? 302 : 301,
        protocol: redirect.Protocol ?? "#{protocol}",
        host: redirect.Host ?? "#{host}",
        port: redirect.Port ?? "#{port}",
        path: redirect.Path ?? "/#{path}",
        query: redirect.Query ?? "#{query}",
      },
    };
  }
  if (!fixed) return void limitations.push(`${where} has no effect in the lab, which knows no ${action?.Type}.`);
  const { StatusCode, ContentType, MessageBody } = fixed;
  return { fixedResponse: { status: Number(StatusCode), contentType: ContentType, body: MessageBody } };
}
