import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import type { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { ServiceDiscoveryService } from "@cdktf/provider-aws/lib/service-discovery-service";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import type { ClusterMember } from "../network/cluster-member";
import { taskDefinition } from "./containers/task-definition";
import { fileSystemStatements } from "./containers/volumes";
import { pulledFrom, readByEcs } from "./containers/read-by-ecs";
import { ecsDeployment, lifecycleOf, trafficShiftOf } from "./ecs-deployment";
import { type ElixirServiceProps, type ServiceSettings, settingsOf } from "./elixir-service-props";
import type { ErlangDistribution } from "./erlang-distribution";
import { basename, versionVariable } from "../../containers/variables";
import type { ContainerImage } from "../image/container-image";
import { deletedLast } from "../lifecycle";
import { metricsNodesVariable, metricsValue, metricsVariable } from "../../monitoring/cluster-metrics";
import { literal } from "../literal";
import { reference } from "../reference";
import { scheduleRoleName, securityGroupName } from "../../aws/names";
import { discoveryVariables, type PolledName } from "../../discovery";
import { webDefaults } from "../../aws/defaults";
import { shutdownSeconds } from "../../web-times";
import { EgressGroup } from "../network/egress-group";
import { newSecurityGroup } from "../network/security-group";
import { egress, type NamedGroup } from "../network/security-rules";
import type { TargetMetrics } from "../monitoring/watched";
import { allowHttp } from "../web/http-rules";
import { capacityBefore, capacityOf } from "./capacity";
import { checkService } from "./service-checks";
import { ScheduledTasks } from "./scheduled-tasks";
import { serviceRegistry } from "./service-registry";
import { alwaysRuns, firstTasks, scale } from "./service-scaling";
import { TaskRoles } from "./task-roles";

/**
 * A Fargate service whose tasks are nodes of an Elixir cluster: task definition, the two roles, log group, security
 * group, its name in Cloud Map, and the ECS service itself. An `ErlangCluster` makes its tasks cluster with each other and
 * with those of other members.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AWS_Fargate.html
 */
export class ElixirService extends Construct implements ClusterMember {
  /** Its label in DNS, the name of its container, and the default name of the ECS service. */
  readonly name: string;
  readonly securityGroupId: string;
  readonly distribution: ErlangDistribution;
  /** DNS name that answers with the addresses of its tasks. */
  readonly dnsName: string;
  /** Name of its log group. */
  readonly logGroupName: string;
  /** Name of its ECS service. */
  readonly ecsServiceName: string;
  /** The release's name: the left side of its nodes' names, and the executable in its image. */
  readonly releaseName: string;
  readonly image: ContainerImage;
  /** ARN of its ECS service. */
  readonly ecsServiceArn: string;
  /** Whether a task of it runs at all times. */
  readonly alwaysRuns: boolean;
  /** Dimensions of the load balancer's metrics about its target groups; empty where they aren't known here. */
  readonly targetMetrics: readonly TargetMetrics[];
  /** The image's version in its nodes' names; `undefined` where these have none. */
  private version: string | undefined;
  /** Peers as `basename@dns-name`, in the order in which they were added. */
  private readonly peers = new Set<string>();
  private readonly groups: NamedGroup[];

  /** Where other nodes find it: `basename@dns-name`. */
  get nodeAddress(): string {
    return `${basename(this.releaseName, this.version)}@${this.dnsName}`;
  }

  /** All security groups of its tasks, its own first. */
  get securityGroups(): readonly NamedGroup[] {
    return this.groups;
  }

  constructor(scope: Construct, id: string, props: ElixirServiceProps) {
    super(scope, id);
    const settings = settingsOf(props);
    const { name, names, namespace, cluster } = settings;
    this.name = name;
    this.ecsServiceName = names.service;
    this.releaseName = settings.releaseName;
    this.distribution = settings.distribution;
    this.dnsName = namespace.dnsName(name);
    this.image = settings.image;
    this.alwaysRuns = alwaysRuns(settings.tasks);
    this.targetMetrics = settings.web?.metrics ?? [];
    namespace.register(name, this);
    this.securityGroupId = this.securityGroup(settings);
    this.groups = [
      { securityGroupId: this.securityGroupId, name: securityGroupName(settings.fullName) },
      ...(settings.egress instanceof EgressGroup ? [settings.egress] : []),
      ...settings.extraSecurityGroups.map((id) => ({ securityGroupId: id, name: id })),
    ];
    const logGroup = new CloudwatchLogGroup(this, "log-group", {
      name: names.logGroup,
      retentionInDays: settings.logs.retentionDays,
      kmsKeyId: settings.logs.kmsKeyArn,
      lifecycle: deletedLast,
    });
    this.logGroupName = logGroup.name;
    const roles = new TaskRoles(this, "roles", {
      region: settings.region,
      executionRole: names.executionRole,
      taskRole: names.taskRole,
      logGroupArn: logGroup.arn,
      repositoryArns: pulledFrom(settings),
      secrets: readByEcs(settings),
      environmentFiles: settings.environmentFiles,
      executeCommand: settings.executeCommand,
      execSessions: cluster.execSessions,
      protectedCluster: settings.taskProtection ? cluster.name : undefined,
      statements: settings.taskRoleStatements,
      fileSystems: fileSystemStatements(this, settings.region, settings),
    });
    const definition = taskDefinition(this, settings, roles, this.logGroupName, {
      node: () => this.nodeEnvironment(settings),
      release: () => this.releaseEnvironment(settings),
    });
    this.ecsServiceArn = this.service(settings, definition, serviceRegistry(this, settings), roles);
    this.schedule(settings, definition, roles);
    this.node.addValidation({ validate: () => checkService(this, settings) });
  }

  /** Makes its tasks poll for a peer's, and connect to those that DNS names. @returns whether that is new. */
  addPeer(peer: ClusterMember): boolean {
    if (peer.nodeAddress === this.nodeAddress || this.peers.has(peer.nodeAddress)) return false;
    this.peers.add(peer.nodeAddress);
    return true;
  }

  /**
   * Puts its image's version into the names of its nodes, so that old and new ones don't find each other. Call it before others
   * add it as a peer.
   */
  separateVersions(): void {
    this.version = this.image.version;
  }

  /** Puts its tasks into one more security group. @param name for messages */
  addSecurityGroup(securityGroupId: string, name = securityGroupId): void {
    this.groups.push({ securityGroupId, name });
  }

  private securityGroup({ fullName, network, web, httpPort, ...settings }: ServiceSettings): string {
    const { id } = newSecurityGroup(this, "security-group", {
      name: securityGroupName(fullName),
      description: `Tasks of the service ${fullName}`,
      vpcId: network.vpcId,
    });
    if (!(settings.egress instanceof EgressGroup)) {
      const closed = [...this.distribution.distributionPorts, ...settings.guardedPorts];
      egress(new Construct(this, "egress"), id, settings.egress, closed);
    }
    if (web) allowHttp(this, web, { securityGroupId: id, name: fullName }, httpPort);
    return id;
  }

  /**
   * The plain variables that the release's configuration may read. What the layout sets comes last, so that an option can't
   * contradict it; but the public host name is another one behind a CDN.
   */
  private releaseEnvironment({ web, environment, httpPort }: ServiceSettings): Record<string, string> {
    return {
      // A wildcard does not name a host.
      ...(web?.domain && !web.domain.startsWith("*.") ? { PHX_HOST: web.domain } : {}),
      ...Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, literal(value)])),
      PORT: String(httpPort),
      RELEASE_NAME: this.releaseName,
    };
  }

  /** The plain variables of the container that runs the node. */
  private nodeEnvironment(settings: ServiceSettings): Record<string, string> {
    const { web } = settings;
    return {
      ...(web ? { PHX_SERVER: "true" } : {}),
      ...(web?.times?.drainer === undefined ? {} : { DRAIN_SECONDS: String(web.times.drainer) }),
      ...this.releaseEnvironment(settings),
      SHUTDOWN_TIME: String(shutdownSeconds(settings.stopTimeoutSeconds)),
      NET_TICKTIME: String(settings.netTicktimeSeconds),
      ...(this.version === undefined ? {} : { [versionVariable]: this.version }),
      ...discoveryVariables(settings.discovery, {
        own: this.polledName(this.nodeAddress),
        peers: [...this.peers].map((peer) => this.polledName(peer)),
        pollingIntervalMs: settings.pollingIntervalMs,
      }),
      ...this.metricVariables(settings),
      ...this.distribution.environment,
    };
  }

  private metricVariables({ metrics, discovery }: ServiceSettings): Record<string, string> {
    if (!metrics) return {};
    const polled = [this.nodeAddress, ...this.peers].map((address) => this.polledName(address));
    return {
      [metricsVariable]: metricsValue(metrics, this.name),
      // The other discoveries have a variable with these names.
      ...(discovery === "none"
        ? { [metricsNodesVariable]: polled.map(({ basename, host }) => `${basename}@${host}`).join(",") }
        : {}),
    };
  }

  /** `basename@dns-name` in its two parts. Equal basenames are equal texts, although each has tokens of its own. */
  private polledName(address: string): PolledName {
    const at = address.indexOf("@");
    return { basename: reference(this, address.slice(0, at)), host: address.slice(at + 1) };
  }

  private service(
    settings: ServiceSettings,
    taskDefinition: EcsTaskDefinition,
    registry: ServiceDiscoveryService,
    roles: TaskRoles,
  ): string {
    const { network, web } = settings;
    const container = { containerName: this.name, containerPort: settings.httpPort };
    const service = new EcsService(this, "service", {
      name: this.ecsServiceName,
      cluster: settings.cluster.arn,
      taskDefinition: taskDefinition.arn,
      desiredCount: firstTasks(settings.tasks),
      ...capacityOf(settings.capacity),
      platformVersion: "LATEST",
      networkConfiguration: {
        subnets: network.subnetIds,
        securityGroups: this.securityGroupIds(),
        assignPublicIp: network.publicIp,
      },
      serviceRegistries: { registryArn: registry.arn },
      enableExecuteCommand: settings.executeCommand,
      ...ecsDeployment(this, settings),
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      ...(web
        ? {
            healthCheckGracePeriodSeconds:
              web.healthCheckGracePeriodSeconds ?? webDefaults.healthCheckGracePeriodSeconds,
            loadBalancer: [{ targetGroupArn: web.targetGroupArn, ...container, ...trafficShiftOf(web.trafficShift) }],
          }
        : {}),
      ...lifecycleOf(this, settings, taskDefinition.arn),
      dependsOn: [...roles.policies, ...network.ready, ...(web?.dependsOn ?? []), ...capacityBefore(settings)],
    });
    scale(this, settings, service);
    return service.id;
  }

  /** Clusters add their groups later, so the list is resolved at synthesis. */
  private securityGroupIds(): string[] {
    return Lazy.listValue({ produce: () => this.groups.map(({ securityGroupId }) => securityGroupId) });
  }

  private schedule(settings: ServiceSettings, taskDefinition: EcsTaskDefinition, roles: TaskRoles): void {
    if (Object.keys(settings.schedule).length === 0) return;
    new ScheduledTasks(this, "schedule", {
      ...{ ...settings, roles, taskDefinition },
      roleName: scheduleRoleName(settings.nameTemplates.roles, settings.name),
      // No group of a cluster yet.
      securityGroupIds: this.groups.map(({ securityGroupId }) => securityGroupId),
      clusterSecurityGroupIds: this.securityGroupIds(),
    });
  }
}
