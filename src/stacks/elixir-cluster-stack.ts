import path from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Annotations, TerraformOutput, TerraformStack } from "cdktf";
import type { App } from "cdktf";
import { Construct } from "constructs";
import { advice } from "../advice";
import { constrainAwsProvider } from "../constructs/aws-provider-range";
import { type ClusterMember, ExternalPeer } from "../constructs/network/cluster-member";
import { ContainerImage, type ImageBuildProps } from "../constructs/image/container-image";
import { DiscoveryNamespace } from "../constructs/service/discovery-namespace";
import { EcsCluster } from "../constructs/service/ecs-cluster";
import { ElixirService } from "../constructs/service/elixir-service";
import { ErlangDistribution } from "../constructs/service/erlang-distribution";
import { ownTags, sharedSecurityGroupName } from "../aws/names";
import { literals } from "../constructs/literal";
import { Network } from "../constructs/network/network";
import { connectDiscovery, Peering, SharedSecurityGroup } from "../constructs/network/peering";
import { reference } from "../constructs/reference";
import { ReleaseSecret, type ReleaseSecretProps } from "../constructs/service/release-secret";
import { shared } from "../constructs/shared-child";
import { configureBackend } from "../constructs/state/state-backend";
import type { Environment, ServiceOptions } from "../environment";
import { UserError } from "../user-error";
import { buildContextDigest } from "./build-context";
import { openDistributionPorts, unguardedEgress } from "./open-ports";
import { groupsOverQuota } from "./rule-quota";

type BuildOptions = Pick<ImageBuildProps, "context" | "dockerfile" | "buildArgs" | "deleteImages">;

/**
 * One environment as one Terraform state: its network, cluster and namespace, its services, and which of them cluster.
 */
export class ElixirClusterStack extends TerraformStack {
  /** Its services by name. */
  readonly services: ReadonlyMap<string, ElixirService>;
  private readonly network: Network;
  private readonly cluster: EcsCluster;
  private readonly namespace: DiscoveryNamespace;
  private readonly secrets = new Map<string, ReleaseSecret>();

  /** @param name the environment's name: the stack's, and the prefix of AWS names. */
  constructor(
    private readonly app: App,
    readonly name: string,
    private readonly environment: Environment,
  ) {
    super(app, name);
    const { account, region, tags, state } = environment;
    new AwsProvider(this, "aws", {
      region,
      ...(account === undefined ? {} : { allowedAccountIds: [account] }),
      defaultTags: [{ tags: { ...ownTags(name), ...literals(tags) } }],
    });
    constrainAwsProvider(this, environment.awsProviderVersion);
    configureBackend(this, state, region);
    this.network = new Network(this, "network", environment);
    this.cluster = new EcsCluster(this, "ecs-cluster", { cluster: environment.ecsCluster });
    this.namespace = new DiscoveryNamespace(this, "namespace", {
      namespace: environment.namespace,
      vpcId: this.network.vpcId,
    });
    // In a scope of their own: a service may be called "network", or "docker".
    const services = new Construct(this, "services");
    this.services = new Map(
      Object.entries(environment.services).map(([service, options]) => [
        service,
        this.service(services, service, options),
      ]),
    );
    this.peer();
    this.warn();
    this.describe();
    this.node.addValidation({ validate: () => openDistributionPorts(this) });
  }

  private service(
    scope: Construct,
    name: string,
    { image, secrets, loadBalancer, ...options }: ServiceOptions,
  ): ElixirService {
    const { environment } = this;
    return new ElixirService(scope, name, {
      ...options,
      web: loadBalancer,
      name,
      namePrefix: `${this.name}-`,
      region: environment.region,
      network: this.network,
      cluster: this.cluster,
      namespace: this.namespace,
      image: this.image(name, image, options.architecture),
      cookie: this.secret(environment.releaseCookie),
      secrets: Object.fromEntries(Object.entries(secrets).map(([key, secret]) => [key, this.secret(secret)])),
      distribution: this.distributionOf(name),
      egress: options.egress ?? environment.egress,
      guardedPorts: this.distributionPorts(),
      dnsTtlSeconds: environment.dnsTtlSeconds,
    });
  }

  private distributionOf(service: string): ErlangDistribution {
    const options = this.environment.services[service]!;
    return distribution(options.distribution ?? this.environment.distribution).withExtraPorts(options.extraPorts);
  }

  /** The distribution ports of all services and peers, which guarded egress closes. */
  private distributionPorts() {
    const peers = Object.values(this.environment.peers).map((peer) =>
      distribution(peer.distribution ?? this.environment.distribution),
    );
    const services = Object.keys(this.environment.services).map((service) => this.distributionOf(service));
    return [...services, ...peers].flatMap((member) => member.distributionPorts);
  }

  /** One construct for each parameter, which services share. */
  private secret(props: ReleaseSecretProps): ReleaseSecret {
    const key = JSON.stringify(props);
    const known = this.secrets.get(key);
    if (known) return known;
    const scope = shared(this, "secrets", (id) => new Construct(this, id));
    const readable = props.ssmParameter.replace(/^\//, "").replace(/\//g, "-");
    // "/a/b-c" and "/a-b/c" read alike, and one parameter may be checked in two ways.
    const id = scope.node.tryFindChild(readable) ? `${readable}-${this.secrets.size}` : readable;
    const secret = new ReleaseSecret(scope, id, props);
    this.secrets.set(key, secret);
    return secret;
  }

  private warn(): void {
    const overQuota = groupsOverQuota(this);
    const ports = this.distributionPorts();
    for (const [name, service] of this.services) {
      const egress = this.environment.services[name]!.egress ?? this.environment.egress;
      const rules = overQuota.get(reference(this, service.securityGroupId));
      const warnings = [...unguardedEgress(egress, ports), ...(rules ? [rules] : [])];
      warnings.forEach((warning) => Annotations.of(service).addWarning(warning));
    }
  }

  private image(
    service: string,
    image: ServiceOptions["image"],
    architecture: ServiceOptions["architecture"],
  ): ContainerImage {
    const images = shared(this, "images", (id) => new Construct(this, id));
    if ("uri" in image) return ContainerImage.uri(images, service, image.uri);
    if ("variable" in image) return ContainerImage.variable(images, service, image.variable);
    const build: BuildOptions = typeof image.build === "string" ? { context: image.build } : image.build;
    const workingFolder = path.resolve(this.app.outdir, "stacks", this.name);
    return ContainerImage.build(images, service, {
      ...build,
      repository: `${this.name}/${service}`,
      // Relative, so that the same sources give the same JSON wherever they are checked out.
      context: path.relative(workingFolder, path.resolve(build.context)),
      contentDigest: this.digestOf(images, build),
      architecture,
    });
  }

  /** A folder that can't be read is reported with all other errors. */
  private digestOf(images: Construct, { context, dockerfile }: BuildOptions): string {
    try {
      return buildContextDigest(context, dockerfile);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      images.node.addValidation({ validate: () => [error.message] });
      return "";
    }
  }

  /** Allows services to reach each other: by rules between pairs, or by one group for all. */
  private peer(): void {
    const { sharedSecurityGroup, peers } = this.environment;
    const external = new Map(Object.keys(peers).map((name) => [name, this.externalPeer(name)]));
    const member = (name: string): ClusterMember => this.services.get(name) ?? external.get(name)!;
    const mesh = new Peering(this, "peering");
    const group = sharedSecurityGroup
      ? new SharedSecurityGroup(this, "shared", {
          group: sharedSecurityGroup,
          name: sharedSecurityGroupName(this.name),
          vpcId: this.network.vpcId,
        })
      : undefined;
    for (const service of this.services.values()) {
      if (group) group.add(service);
      else mesh.allowWithin(service);
    }
    for (const [name, { clustersWith }] of Object.entries(this.environment.services)) {
      for (const peer of clustersWith) {
        // An external peer isn't in the group, so it needs rules of its own.
        if (group && this.services.has(peer)) connectDiscovery(member(name), member(peer));
        else mesh.allowBetween(member(name), member(peer));
      }
    }
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
          command: `bin/${service.releaseName} remote`,
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

function distribution(choice: Environment["distribution"]): ErlangDistribution {
  return "epmd" in choice ? ErlangDistribution.epmd(choice.epmd) : ErlangDistribution.singlePort(choice.singlePort);
}
