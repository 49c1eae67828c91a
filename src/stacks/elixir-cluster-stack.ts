import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Annotations, TerraformOutput, TerraformStack } from "cdktf";
import type { App } from "cdktf";
import { Construct } from "constructs";
import { advice } from "../advice";
import { merged, type PortRange } from "../aws/network/ports";
import { constrainAwsProvider } from "../constructs/aws-provider-range";
import { ExternalPeer } from "../constructs/network/cluster-member";
import { EgressGroup } from "../constructs/network/egress-group";
import { ErlangCluster } from "../constructs/network/erlang-cluster";
import { DiscoveryNamespace } from "../constructs/service/discovery-namespace";
import { EcsCluster } from "../constructs/service/ecs-cluster";
import { ElixirService } from "../constructs/service/elixir-service";
import type { ErlangDistribution } from "../constructs/service/erlang-distribution";
import { clusterGroupName, egressGroupName, nameTemplatesOf, ownTags } from "../aws/names";
import { literals } from "../constructs/literal";
import { Monitoring } from "../constructs/monitoring/monitoring";
import type { Network } from "../constructs/network/network";
import type { Egress } from "../constructs/network/security-rules";
import { reference } from "../constructs/reference";
import { shared } from "../constructs/stack-child";
import { configureBackend } from "../constructs/state/state-backend";
import { remoteShell } from "../containers/remote-shell";
import {
  certificatesOf,
  clusterOf,
  clustersOf,
  type Environment,
  hasOwnEgress,
  misspeltClusters,
  rulesOf,
  type ServiceOptions,
  versionsOf,
} from "../environment";
import { logRouterName } from "../containers/node-container";
import { openDistributionPorts, unguardedEgress } from "./open-ports";
import { distribution } from "./distribution";
import { exhaustedConnections } from "./connection-pools";
import { connect } from "./connections";
import { keepMovedResources } from "./moved";
import { networkOf } from "./network";
import { organizationRules } from "./organization-rules";
import { groupsOverQuota } from "./rule-quota";
import { ServiceImages } from "./service-images";
import { SharedSecrets } from "./shared-secrets";
import { WebTargets } from "./web-targets";

/**
 * One environment as one Terraform state: its network, cluster and namespace, its services, and which of them cluster.
 */
export class ElixirClusterStack extends TerraformStack {
  /** Its services by name. */
  readonly services: ReadonlyMap<string, ElixirService>;
  private readonly nameTemplates: ReturnType<typeof nameTemplatesOf>;
  private readonly network: Network;
  readonly cluster: EcsCluster;
  readonly namespace: DiscoveryNamespace;
  private readonly web: WebTargets;
  private readonly secrets = new SharedSecrets(this);
  private readonly images: ServiceImages;
  /** The distribution ports of all services and peers, which guarded egress closes. */
  private readonly distributionPorts: readonly PortRange[];

  /** @param name the environment's name: the stack's, and the prefix of AWS names. */
  constructor(
    app: App,
    readonly name: string,
    private readonly environment: Environment,
  ) {
    super(app, name);
    const { account, region, state } = environment;
    new AwsProvider(this, "aws", {
      region,
      ...(account === undefined ? {} : { allowedAccountIds: [account] }),
      ...(environment.assumeRole ? { assumeRole: [environment.assumeRole] } : {}),
      defaultTags: [{ tags: literals(ownTags(name, environment)) }],
    });
    constrainAwsProvider(this, environment.awsProviderVersion);
    this.nameTemplates = nameTemplatesOf({ ...environment, environment: name });
    this.distributionPorts = this.portsOfAll();
    configureBackend(this, state, region);
    this.network = networkOf(this, environment);
    this.cluster = new EcsCluster(this, "ecs-cluster", {
      cluster: environment.ecsCluster,
      execSessions: environment.execSessions,
      logsKmsKeyArn: environment.kmsKeys?.logs,
      spot: Object.values(environment.services).some(({ capacity }) => capacity !== undefined),
    });
    this.namespace = new DiscoveryNamespace(this, "namespace", {
      namespace: environment.namespace,
      vpcId: this.network.vpcId,
    });
    this.web = new WebTargets(this, environment, this.network);
    this.images = new ServiceImages(this, app, environment.services, this.nameTemplates.repositories);
    // In a scope of their own: a service may be called "network", or "docker".
    const services = new Construct(this, "services");
    this.services = new Map(
      Object.entries(environment.services).map(([service, options]) => [
        service,
        this.service(services, service, options),
      ]),
    );
    organizationRules(this, environment);
    this.connect();
    keepMovedResources(this);
    this.monitor();
    this.warn();
    this.describe();
    this.web.describe();
    this.node.addValidation({ validate: () => openDistributionPorts(this) });
  }

  private service(scope: Construct, name: string, options: ServiceOptions): ElixirService {
    const { environment, secrets } = this;
    const { connectsTo, ...own } = options;
    const service = new ElixirService(scope, name, {
      ...own,
      web: this.web.of(name, options),
      name,
      nameTemplates: this.nameTemplates,
      region: environment.region,
      network: this.network,
      cluster: this.cluster,
      namespace: this.namespace,
      ...this.containers(name, options),
      cookie: secrets.secret(environment.releaseCookie),
      secrets: secrets.byVariable(options.secrets),
      environmentFiles: secrets.files(options.environmentFiles),
      distribution: this.distributionOf(name),
      egress: this.egress(options),
      guardedPorts: this.distributionPorts,
      dnsTtlSeconds: environment.dnsTtlSeconds,
      metrics: environment.alarms && { environment: this.name, cluster: clusterOf(name, options) },
    });
    const egress = options.egress ?? environment.egress;
    connect(service, connectsTo, { vpcId: this.network.vpcId, egress, closedPorts: this.distributionPorts });
    return service;
  }

  /** What its containers run and read. */
  private containers(name: string, { registryCredentials, sidecars, logs }: ServiceOptions) {
    const { images, secrets } = this;
    const { driver } = logs;
    return {
      image: images.of(name),
      registryCredentials: registryCredentials && secrets.secret(registryCredentials),
      sidecars: Object.fromEntries(
        Object.entries(sidecars).map(([sidecar, options]) => [
          sidecar,
          {
            ...options,
            image: images.ofSidecar(name, sidecar, options.image),
            secrets: secrets.byVariable(options.secrets),
            registryCredentials: options.registryCredentials && secrets.secret(options.registryCredentials),
          },
        ]),
      ),
      logs: {
        ...logs,
        driver:
          "awslogs" in driver
            ? driver
            : {
                awsfirelens: {
                  ...driver.awsfirelens,
                  image: images.ofSidecar(name, logRouterName(name), driver.awsfirelens.image),
                  secretOptions: secrets.byVariable(driver.awsfirelens.secretOptions),
                },
              },
      },
    };
  }

  private distributionOf(service: string): ErlangDistribution {
    const options = this.environment.services[service]!;
    const certificates = certificatesOf(this.environment, options);
    const choice = options.distribution ?? this.environment.distribution;
    return distribution(choice, certificates && this.secrets.secret(certificates)).withExtraPorts(options.extraPorts);
  }

  private portsOfAll(): readonly PortRange[] {
    const peers = Object.values(this.environment.peers).map((peer) =>
      distribution(peer.distribution ?? this.environment.distribution),
    );
    const services = Object.keys(this.environment.services).map((service) => this.distributionOf(service));
    return merged([...services, ...peers].flatMap((member) => member.distributionPorts));
  }

  private warn(): void {
    const { egress, distributionRules, services } = this.environment;
    const remedy =
      distributionRules === "pairs" ? 'use distributionRules "group"' : "name fewer networks in egress, or fewer peers";
    const overQuota = groupsOverQuota(this, remedy);
    const ports = this.distributionPorts;
    const warn = (construct: Construct, groupId: string | undefined, own: Egress | EgressGroup) => {
      const rules = groupId && overQuota.get(reference(this, groupId));
      const warnings = [...(own instanceof EgressGroup ? [] : unguardedEgress(own, ports)), ...(rules ? [rules] : [])];
      warnings.forEach((warning) => Annotations.of(construct).addWarning(warning));
    };
    const group = this.node.tryFindChild("egress");
    if (group instanceof EgressGroup) warn(group, group.securityGroupId, egress);
    for (const [name, service] of this.services) warn(service, service.securityGroupId, this.egress(services[name]!));
    for (const { service, message } of exhaustedConnections(this.environment))
      Annotations.of(this.services.get(service)!).addWarning(message);
    for (const { service, cluster, suggestion } of misspeltClusters(this.environment)) {
      Annotations.of(this.services.get(service)!).addWarning(
        `it is alone in the cluster "${cluster}". Did you mean "${suggestion}"? If not, remove cluster: the service is a cluster of its own then`,
      );
    }
    for (const cluster of this.node.findChild("clusters").node.children) {
      if (cluster instanceof ErlangCluster) warn(cluster, cluster.group?.securityGroupId, "guarded");
    }
  }

  /** Connects the members of each cluster with each other. */
  private connect(): void {
    const { environment } = this;
    // In a scope of their own: a cluster may be called "network", or "docker".
    const clusters = new Construct(this, "clusters");
    for (const { name, services, peers } of clustersOf(environment)) {
      const cluster = new ErlangCluster(clusters, name, {
        name: clusterGroupName(this.nameTemplates.resources, name),
        vpcId: this.network.vpcId,
        rules: rulesOf(environment, name),
        versions: versionsOf(environment, name),
      });
      services.forEach((service) => cluster.add(this.services.get(service)!));
      peers.forEach((peer) => cluster.add(this.externalPeer(peer)));
    }
  }

  private monitor(): void {
    const { environment } = this;
    if (!environment.alarms) return;
    new Monitoring(this, "monitoring", {
      environment: this.name,
      nameTemplate: this.nameTemplates.resources,
      region: environment.region,
      ecsClusterName: this.cluster.name,
      clusters: clustersOf(environment).map(({ name, services }) => ({
        name,
        services: services.map((service) => this.services.get(service)!),
      })),
      loadBalancer: this.web.metrics,
      topicArn: environment.alarms.topic,
    });
  }

  /** A service's own egress rules, or the group that contains those of all others. */
  private egress(service: Pick<ServiceOptions, "egress">): Egress | EgressGroup {
    const { environment, network } = this;
    if (hasOwnEgress(environment, service)) return service.egress ?? environment.egress;
    return shared(this, "egress", (id) => {
      const { egress } = environment;
      const closedPorts = this.distributionPorts;
      const name = egressGroupName(this.nameTemplates.resources);
      return new EgressGroup(this, id, { name, vpcId: network.vpcId, egress, closedPorts });
    });
  }

  private externalPeer(name: string): ExternalPeer {
    const { node, securityGroup, distribution: own } = this.environment.peers[name]!;
    return new ExternalPeer(this, `peer-${name}`, {
      name,
      node,
      securityGroup,
      vpcId: this.network.vpcId,
      distribution: distribution(own ?? this.environment.distribution),
    });
  }

  /** The output that an operator needs after `apply`. */
  private describe(): void {
    const value = Object.fromEntries(
      [...this.services].map(([name, service]) => {
        const { executeCommand } = this.environment.services[name]!;
        const console = advice.execute({
          region: this.environment.region,
          cluster: this.cluster.name,
          task: "TASK_ID",
          container: name,
          command: remoteShell(service.releaseName),
        });
        const reached = {
          service: service.ecsServiceName,
          security_group_id: service.securityGroupId,
          dns_name: service.dnsName,
          log_group: service.logGroupName,
          ...(executeCommand ? { console } : {}),
        };
        return [name, reached];
      }),
    );
    const output = new TerraformOutput(this, "output-services", {
      value,
      description: "Each service, and how to reach it",
    });
    output.overrideLogicalId("services");
  }
}
