import { serviceDefaults } from "../../aws/service-defaults";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { ServiceDiscoveryService } from "@cdktf/provider-aws/lib/service-discovery-service";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { defaultDnsTtl, defaultNetTicktime, defaultPollingIntervalMs } from "../../distribution";
import type { ClusterMember } from "../network/cluster-member";
import { containerDefinition, writableVolumes } from "./container-definition";
import { maximumPercentFor } from "./deployment-percent";
import type { ElixirServiceProps } from "./elixir-service-props";
import { ErlangDistribution } from "./erlang-distribution";
import { literal } from "../literal";
import { defaultReleaseName, logGroupName, roleName, securityGroupName } from "../../aws/names";
import { egress } from "../network/security-rules";
import { checkService } from "./service-checks";
import { TaskRoles } from "./task-roles";

/**
 * A Fargate service whose tasks are nodes of an Elixir cluster: task definition, the two roles, log group, security
 * group, its name in Cloud Map, and the ECS service itself. Its tasks cluster among themselves and with peers once a
 * {@link Peering} says so.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AWS_Fargate.html
 */
export class ElixirService extends Construct implements ClusterMember {
  /** Its label in DNS, the name of its container, and of the ECS service where that has none of its own. */
  readonly name: string;
  /** How other nodes find this one: `basename@dns-name`. */
  readonly nodeAddress: string;
  readonly securityGroupId: string;
  readonly distribution: ErlangDistribution;
  /** DNS name that answers with the addresses of its tasks. */
  readonly dnsName: string;
  /** Name of its log group. */
  readonly logGroupName: string;
  /** What the release is called: the left side of its nodes' names, and the executable in its image. */
  readonly releaseName: string;
  /** Peers as `basename@dns-name`, in the order in which they were added. */
  private readonly peers = new Set<string>();
  /** Security groups that its tasks are in beside its own. */
  private readonly furtherGroups: string[];

  /** Every security group that its tasks are in, its own first. */
  get securityGroupIds(): readonly string[] {
    return [this.securityGroupId, ...this.furtherGroups];
  }

  /** DNS names that its nodes poll: its own first, then its peers'. */
  get polledNames(): readonly string[] {
    return [this.nodeAddress, ...this.peers].map((address) => address.slice(address.indexOf("@") + 1));
  }

  constructor(scope: Construct, id: string, props: ElixirServiceProps) {
    super(scope, id);
    const { name, namespace, namePrefix = "" } = props;
    const fullName = `${namePrefix}${name}`;
    this.name = name;
    this.releaseName = props.releaseName ?? defaultReleaseName(name);
    this.distribution = props.distribution ?? ErlangDistribution.epmd();
    this.dnsName = namespace.dnsName(name);
    this.nodeAddress = `${this.releaseName}@${this.dnsName}`;
    this.furtherGroups = [...(props.extraSecurityGroups ?? [])];
    namespace.register(name, this);
    this.securityGroupId = this.securityGroup(fullName, props);
    const logGroup = new CloudwatchLogGroup(this, "log-group", {
      name: props.names?.logGroup ?? logGroupName(fullName),
      retentionInDays: props.logRetentionDays ?? serviceDefaults.logRetentionDays,
    });
    this.logGroupName = logGroup.name;
    const roles = new TaskRoles(this, "roles", {
      executionRole: props.names?.executionRole ?? roleName(fullName, "execution"),
      taskRole: props.names?.taskRole ?? roleName(fullName, "task"),
      logGroupArn: logGroup.arn,
      repositoryArn: props.image.repositoryArn,
      secrets: [props.cookie, ...Object.values(props.secrets ?? {})],
      executeCommand: props.executeCommand ?? true,
      execLogGroupArn: props.cluster.execLogGroupArn,
      statements: props.taskRoleStatements ?? [],
    });
    const taskDefinition = this.taskDefinition(fullName, props, roles);
    this.service(props, taskDefinition, this.registry(props), roles);
    this.node.addValidation({ validate: () => checkService(this, props) });
  }

  /** Makes its tasks poll for a peer's, and dial those that DNS names. @returns whether that is new. */
  addPeer(peer: ClusterMember): boolean {
    if (peer.nodeAddress === this.nodeAddress || this.peers.has(peer.nodeAddress)) return false;
    this.peers.add(peer.nodeAddress);
    return true;
  }

  /** Puts its tasks into one more security group. */
  addSecurityGroup(securityGroupId: string): void {
    this.furtherGroups.push(securityGroupId);
  }

  private securityGroup(
    fullName: string,
    { network, loadBalancer, httpPort = serviceDefaults.httpPort, ...props }: ElixirServiceProps,
  ): string {
    const group = new SecurityGroup(this, "security-group", {
      name: securityGroupName(fullName),
      description: `Tasks of the service ${fullName}`,
      vpcId: network.vpcId,
      // No rules within the group itself: these would fight with the rule resources that peers add.
      tags: { Name: securityGroupName(fullName) },
    });
    const { id } = group;
    egress(new Construct(this, "egress"), id, props.egress ?? "guarded", [
      ...this.distribution.distributionPorts,
      ...(props.guardedPorts ?? []),
    ]);
    if (loadBalancer) {
      new VpcSecurityGroupIngressRule(this, "from-load-balancer", {
        securityGroupId: id,
        referencedSecurityGroupId: loadBalancer.securityGroupId,
        ipProtocol: "tcp",
        fromPort: httpPort,
        toPort: httpPort,
        description: "HTTP from the load balancer",
      });
    }
    return id;
  }

  /** Everything the container is told in plain text. What the layout decides comes last: an adopter can't contradict it. */
  private containerEnvironment(props: ElixirServiceProps): Record<string, string> {
    const own = Object.entries(props.environment ?? {}).map(([key, value]) => [key, literal(value)]);
    return {
      ...(Object.fromEntries(own) as Record<string, string>),
      PORT: String(props.httpPort ?? serviceDefaults.httpPort),
      NET_TICKTIME: String(props.netTicktimeSeconds ?? defaultNetTicktime.ours),
      RELEASE_NAME: this.releaseName,
      CLUSTER_NODES: [this.nodeAddress, ...this.peers].join(","),
      CLUSTER_RESOLVER: props.resolver ?? "members",
      CLUSTER_POLLING_INTERVAL: String(props.pollingIntervalMs ?? defaultPollingIntervalMs.ours),
      ...this.distribution.environment,
    };
  }

  private taskDefinition(fullName: string, props: ElixirServiceProps, roles: TaskRoles): EcsTaskDefinition {
    const readonlyRootFilesystem = props.readonlyRootFilesystem ?? false;
    const volumes = readonlyRootFilesystem && (props.writableVolumes ?? true) ? writableVolumes : {};
    return new EcsTaskDefinition(this, "task-definition", {
      family: fullName,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(props.cpu ?? serviceDefaults.cpu),
      memory: String(props.memory ?? serviceDefaults.memory),
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: props.architecture ?? "X86_64" },
      executionRoleArn: roles.executionRoleArn,
      taskRoleArn: roles.taskRoleArn,
      volume: Object.keys(volumes)
        .sort()
        .map((name) => ({ name })),
      // Peers are added after this; the definition is written when everything is known.
      containerDefinitions: Lazy.stringValue({
        produce: () =>
          containerDefinition({
            name: this.name,
            image: props.image.uri,
            environment: this.containerEnvironment(props),
            secrets: { ...props.secrets, RELEASE_COOKIE: props.cookie },
            httpPort: props.httpPort ?? serviceDefaults.httpPort,
            healthCheck: props.healthCheck ?? serviceDefaults.healthCheck,
            stopTimeoutSeconds: props.stopTimeoutSeconds ?? serviceDefaults.stopTimeoutSeconds,
            readonlyRootFilesystem,
            volumes,
            logGroup: this.logGroupName,
            region: props.region,
          }),
      }),
    });
  }

  private registry({ namespace, dnsTtlSeconds = defaultDnsTtl }: ElixirServiceProps): ServiceDiscoveryService {
    return new ServiceDiscoveryService(this, "discovery", {
      name: this.name,
      dnsConfig: {
        namespaceId: namespace.id,
        routingPolicy: "MULTIVALUE",
        dnsRecords: [{ type: "A", ttl: dnsTtlSeconds }],
      },
      // An empty block forces a replacement on every plan (terraform-provider-aws#44285).
      healthCheckCustomConfig: { failureThreshold: 1 },
      // Instances that ECS has not deregistered yet would make a destroy fail.
      forceDestroy: true,
    });
  }

  private service(
    props: ElixirServiceProps,
    taskDefinition: EcsTaskDefinition,
    registry: ServiceDiscoveryService,
    roles: TaskRoles,
  ): void {
    const { network, loadBalancer, tasks = serviceDefaults.tasks } = props;
    const maximumPercent = props.maximumPercent ?? maximumPercentFor(tasks);
    new EcsService(this, "service", {
      name: props.names?.service ?? this.name,
      cluster: props.cluster.arn,
      taskDefinition: taskDefinition.arn,
      desiredCount: tasks,
      launchType: "FARGATE",
      platformVersion: "LATEST",
      networkConfiguration: {
        subnets: network.subnetIds,
        securityGroups: Lazy.listValue({ produce: () => [...this.securityGroupIds] }),
        assignPublicIp: network.publicIp,
      },
      serviceRegistries: { registryArn: registry.arn },
      enableExecuteCommand: props.executeCommand ?? true,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: maximumPercent,
      // ECS can only move a task between zones by starting the new one first.
      availabilityZoneRebalancing: maximumPercent > 100 ? "ENABLED" : "DISABLED",
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      ...(loadBalancer
        ? {
            healthCheckGracePeriodSeconds: loadBalancer.healthCheckGracePeriodSeconds,
            loadBalancer: [
              {
                targetGroupArn: loadBalancer.targetGroupArn,
                containerName: this.name,
                containerPort: props.httpPort ?? serviceDefaults.httpPort,
              },
            ],
          }
        : {}),
      ...(props.autoscaled ? { lifecycle: { ignoreChanges: ["desired_count"] } } : {}),
      dependsOn: [...roles.policies],
    });
  }
}
