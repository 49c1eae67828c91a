import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  DescribeSubnetsCommand,
} from "@aws-sdk/client-ec2";
import { UpdateServiceCommand } from "@aws-sdk/client-ecs";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  ModifyTargetGroupAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { serviceDefaults } from "../../../aws/defaults";
import type { AwsClients } from "../../local-aws/aws-clients";
import { AppliedChanges } from "../steps/applied-changes";

/** Name that the rule forwards. */
export const host = "shop.example.com";

const { httpPort } = serviceDefaults;

/** Seconds after the start of a task in which the load balancer's health checks have no consequence. */
const graceSeconds = 15;

/** The load balancer's health checks: as often as AWS allows. Seconds, and how many make a task healthy or unhealthy. */
export const healthCheck = { interval: 5, timeout: 4, healthy: 2, unhealthy: 2 } as const;

/** What it needs to know to change it later. */
export interface WebLayout {
  readonly loadBalancerArn: string;
  readonly targetGroupArn: string;
}

/**
 * Puts a service behind a load balancer, through AWS's API: two public subnets, security groups, a rule for {@link host}, a
 * target group. By Terraform an `aws_lb` takes a minute, in which the provider itself waits.
 */
export async function putBehindLoadBalancer(
  clients: AwsClients,
  name: string,
  deregistrationDelaySeconds: number,
  healthCheckGracePeriodSeconds = graceSeconds,
): Promise<WebLayout> {
  const service = await new AppliedChanges(clients).service(name);
  const { loadBalancing, ec2, ecs } = clients;
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [...service.subnetIds] }));
  const VpcId = Subnets[0]!.VpcId!;
  const subnets = await publicSubnets(clients, VpcId);
  const balancerGroup = await openBetween(clients, VpcId, service.securityGroupIds[0]!);
  const { LoadBalancers } = await loadBalancing.send(
    new CreateLoadBalancerCommand({ Name: "lab", Subnets: subnets, SecurityGroups: [balancerGroup] }),
  );
  const loadBalancerArn = LoadBalancers![0]!.LoadBalancerArn!;
  const { TargetGroups } = await loadBalancing.send(
    new CreateTargetGroupCommand({
      ...{ Name: name, TargetType: "ip", Protocol: "HTTP", Port: httpPort, VpcId },
      ...{ HealthCheckPath: "/health", Matcher: { HttpCode: "200" } },
      ...{ HealthCheckIntervalSeconds: healthCheck.interval, HealthCheckTimeoutSeconds: healthCheck.timeout },
      ...{ HealthyThresholdCount: healthCheck.healthy, UnhealthyThresholdCount: healthCheck.unhealthy },
    }),
  );
  const targetGroupArn = TargetGroups![0]!.TargetGroupArn!;
  await setDeregistrationDelay(clients, targetGroupArn, deregistrationDelaySeconds);
  const { Listeners } = await loadBalancing.send(
    new CreateListenerCommand({
      ...{ LoadBalancerArn: loadBalancerArn, Port: 80, Protocol: "HTTP" },
      DefaultActions: [
        { Type: "fixed-response", FixedResponseConfig: { StatusCode: "404", ContentType: "text/plain" } },
      ],
    }),
  );
  await loadBalancing.send(
    new CreateRuleCommand({
      ListenerArn: Listeners![0]!.ListenerArn!,
      Priority: 1,
      Conditions: [{ Field: "host-header", HostHeaderConfig: { Values: [host] } }],
      Actions: [{ Type: "forward", TargetGroupArn: targetGroupArn }],
    }),
  );
  await ecs.send(
    new UpdateServiceCommand({
      cluster: service.clusterArn,
      service: name,
      loadBalancers: [{ targetGroupArn, containerName: name, containerPort: httpPort }],
      healthCheckGracePeriodSeconds,
    }),
  );
  return { loadBalancerArn, targetGroupArn };
}

export async function setDeregistrationDelay(
  { loadBalancing }: AwsClients,
  TargetGroupArn: string,
  seconds: number,
): Promise<void> {
  const Attributes = [{ Key: "deregistration_delay.timeout_seconds", Value: String(seconds) }];
  await loadBalancing.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
}

async function publicSubnets({ ec2, region }: AwsClients, VpcId: string): Promise<string[]> {
  const ids: string[] = [];
  for (const [index, zone] of ["a", "b"].entries()) {
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({ VpcId, CidrBlock: `10.0.${101 + index}.0/24`, AvailabilityZone: `${region}${zone}` }),
    );
    ids.push(Subnet!.SubnetId!);
  }
  return ids;
}

/** Lets the world reach a new group at port 80, and that group the tasks. @returns the new group */
async function openBetween({ ec2 }: AwsClients, VpcId: string, tasks: string): Promise<string> {
  const { GroupId } = await ec2.send(
    new CreateSecurityGroupCommand({ VpcId, GroupName: "load-balancer", Description: "Load balancer" }),
  );
  const port = (at: number) => ({ IpProtocol: "tcp", FromPort: at, ToPort: at });
  const world = { ...port(80), IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
  const fromBalancer = { ...port(httpPort), UserIdGroupPairs: [{ GroupId: GroupId! }] };
  const toTasks = { ...port(httpPort), UserIdGroupPairs: [{ GroupId: tasks }] };
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: GroupId!, IpPermissions: [world] }));
  await ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId: GroupId!, IpPermissions: [toTasks] }));
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: tasks, IpPermissions: [fromBalancer] }));
  return GroupId!;
}
