import path from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Annotations, TerraformOutput, TerraformStack } from "cdktf";
import type { App } from "cdktf";
import { Construct } from "constructs";
import { type ClusterMember, ExternalPeer } from "../constructs/cluster-member";
import { ContainerImage } from "../constructs/container-image";
import { DiscoveryNamespace } from "../constructs/discovery-namespace";
import { EcsCluster } from "../constructs/ecs-cluster";
import { ElixirService } from "../constructs/elixir-service";
import { ErlangDistribution } from "../constructs/erlang-distribution";
import { Network } from "../constructs/network";
import { introduce, Peering, SharedSecurityGroup } from "../constructs/peering";
import { ReleaseSecret, type ReleaseSecretProps } from "../constructs/release-secret";
import { shared } from "../constructs/shared";
import { keepStateIn } from "../constructs/state-backend";
import type { Environment, ServiceOptions } from "../environment";
import { buildContextDigest } from "./build-context";
import { openDistributionPorts } from "./open-ports";

/**
 * One environment as one Terraform state: its network, cluster and namespace, its services, and who of them clusters
 * with whom.
 */
export class ElixirClusterStack extends TerraformStack {
  /** Its services by name. */
  readonly services: ReadonlyMap<string, ElixirService>;
  private readonly network: Network;
  private readonly cluster: EcsCluster;
  private readonly namespace: DiscoveryNamespace;

  /** @param name the environment's name: the stack's, and what AWS names begin with. */
  constructor(
    private readonly app: App,
    readonly name: string,
    private readonly environment: Environment,
  ) {
    super(app, name);
    const { region, tags, state } = environment;
    new AwsProvider(this, "aws", {
      region,
      defaultTags: [{ tags: { Environment: name, ManagedBy: "terraform", ...tags } }],
    });
    if (environment.awsProviderVersion) {
      this.addOverride("terraform.required_providers.aws.version", environment.awsProviderVersion);
    }
    keepStateIn(this, state, region);
    this.network = new Network(this, "network", environment);
    this.cluster = new EcsCluster(this, "ecs-cluster", { cluster: environment.ecsCluster });
    this.namespace = new DiscoveryNamespace(this, "namespace", {
      namespace: environment.namespace,
      vpcId: this.network.vpcId,
    });
    this.services = new Map(
      Object.entries(environment.services).map(([service, options]) => [service, this.service(service, options)]),
    );
    this.peer();
    this.describe();
    this.node.addValidation({
      validate: () => openDistributionPorts(this).map(({ construct, message }) => `${construct.node.path} ${message}`),
    });
  }

  private service(name: string, { image, secrets, ...options }: ServiceOptions): ElixirService {
    const { environment } = this;
    const egress = options.egress ?? environment.egress;
    const service = new ElixirService(this, name, {
      ...withoutUndefined(options),
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
      egress,
      guardedPorts: this.distributionPorts(),
      dnsTtlSeconds: environment.dnsTtlSeconds,
    });
    if (egress === "open") {
      Annotations.of(service).addWarning(
        'its egress is "open": a stranger who is registered under its DNS name would be dialled, and could join if it knows the cookie. "guarded" prevents that',
      );
    }
    return service;
  }

  private distributionOf(service: string): ErlangDistribution {
    const options = this.environment.services[service]!;
    return distribution(options.distribution ?? this.environment.distribution).withExtraPorts(options.extraPorts);
  }

  /** The distribution ports of everyone in this environment: what guarded egress keeps strangers from. */
  private distributionPorts() {
    const peers = Object.values(this.environment.peers).map((peer) =>
      distribution(peer.distribution ?? this.environment.distribution),
    );
    const services = Object.keys(this.environment.services).map((service) => this.distributionOf(service));
    return [...services, ...peers].flatMap((member) => member.distributionPorts);
  }

  /** One construct a parameter, however many services take it. */
  private secret({ ssmParameter, ...options }: ReleaseSecretProps): ReleaseSecret {
    const secrets = shared(this, "secrets", (id) => new Construct(this, id));
    const id = ssmParameter.replace(/^\//, "").replace(/\//g, "-");
    return shared(secrets, id, () => new ReleaseSecret(secrets, id, { ssmParameter, ...options }));
  }

  private image(
    service: string,
    image: ServiceOptions["image"],
    architecture: ServiceOptions["architecture"],
  ): ContainerImage {
    const id = `${service}-image`;
    if ("uri" in image) return ContainerImage.uri(this, id, image.uri);
    if ("variable" in image) return ContainerImage.variable(this, id, image.variable);
    const build =
      typeof image.build === "string" ? { context: image.build, dockerfile: "Dockerfile", buildArgs: {} } : image.build;
    const workingFolder = path.resolve(this.app.outdir, "stacks", this.name);
    return ContainerImage.build(this, id, {
      repository: `${this.name}/${service}`,
      // Relative, so that the same sources give the same JSON wherever they are checked out.
      context: path.relative(workingFolder, path.resolve(build.context)),
      contentDigest: buildContextDigest(build.context, build.dockerfile),
      dockerfile: build.dockerfile,
      buildArgs: build.buildArgs,
      architecture,
    });
  }

  /** Opens who may reach whom: by pairs, or by one group that all are in. */
  private peer(): void {
    const { sharedSecurityGroup, peers } = this.environment;
    const external = new Map(Object.keys(peers).map((name) => [name, this.externalPeer(name)]));
    const member = (name: string): ClusterMember => this.services.get(name) ?? external.get(name)!;
    const mesh = new Peering(this, "peering");
    const group = sharedSecurityGroup
      ? new SharedSecurityGroup(this, "shared", {
          group: sharedSecurityGroup,
          name: `${this.name}-cluster`,
          vpcId: this.network.vpcId,
        })
      : undefined;
    for (const service of this.services.values()) {
      if (group) group.add(service);
      else mesh.allowWithin(service);
    }
    for (const [name, { clustersWith }] of Object.entries(this.environment.services)) {
      for (const peer of clustersWith) {
        // An external peer is not in our group: only rules of its own let it in.
        if (group && this.services.has(peer)) introduce(member(name), member(peer));
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

  /** What an operator needs after `apply`. */
  private describe(): void {
    const value = Object.fromEntries(
      [...this.services].map(([name, service]) => [
        name,
        {
          service: name,
          security_group_id: service.securityGroupId,
          dns_name: service.dnsName,
          log_group: service.logGroupName,
          console:
            `aws ecs execute-command --region ${this.environment.region} --cluster ${this.cluster.name} --container ${name} ` +
            `--interactive --command "bin/${service.releaseName} remote" --task <task id>`,
        },
      ]),
    );
    const output = new TerraformOutput(this, "services", { value, description: "Each service, and how to reach it" });
    output.overrideLogicalId("services");
  }
}

function distribution(choice: Environment["distribution"]): ErlangDistribution {
  return "epmd" in choice ? ErlangDistribution.epmd(choice.epmd) : ErlangDistribution.singlePort(choice.singlePort);
}

/** An option that isn't given must not stand where a construct has its default. */
function withoutUndefined<Options extends object>(
  options: Options,
): { [Key in keyof Options]: Exclude<Options[Key], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
