import { Construct } from "constructs";
import type { ClusterMember } from "./cluster-member";
import { ElixirService } from "../service/elixir-service";
import { Peering } from "./peering";
import { reference } from "../reference";
import { defaultDistributionRules, defaultVersions } from "../../aws/defaults";
import { usesEpmd } from "../../distribution";
import { inseparableVersions } from "./inseparable-versions";
import { newSecurityGroup } from "./security-group";
import { allowAllWithin, allowEgress, allowIngress, type NamedGroup } from "./security-rules";

/**
 * How the services of a cluster may reach each other:
 * - `group`: one security group for all of them, with rules for the ports of distribution;
 * - `all-traffic`: the same with one rule for everything;
 * - `pairs`: rules between the services' own groups, for each pair;
 * - an id: an existing group that contains the rules. Its owner sets them.
 */
export type DistributionRules = "group" | "all-traffic" | "pairs" | { readonly id: string };

/** Properties of an {@link ErlangCluster}. */
export interface ErlangClusterProps {
  /** Name of the cluster's security group, unique in the VPC. */
  readonly name: string;
  /** Id of the VPC, which the cluster's security group is in. */
  readonly vpcId: string;
  /** How its services may reach each other. @default "group" */
  readonly rules?: DistributionRules;
  /**
   * Whether old and new nodes connect during a deployment. `apart`, their names contain the version of the image, which all
   * services of the cluster must run. @default "together"
   */
  readonly versions?: "together" | "apart";
}

/**
 * A full mesh of nodes: every member polls for every other and may connect to it, since either side may open a connection.
 * With one group there are two rules in and two out, however many services there are. A peer of another project isn't in the
 * group, so each peer's group adds as many.
 * Source: https://www.erlang.org/doc/system/distributed.html
 */
export class ErlangCluster extends Construct {
  /** The group that its services are in; `undefined` with rules by pairs. */
  readonly group: NamedGroup | undefined;
  private readonly rules: DistributionRules;
  private readonly versions: "together" | "apart";
  private readonly members: ClusterMember[] = [];
  private readonly pairs: Peering;
  /** Two peers may be in one group, and AWS rejects the same rule twice: one scope for each group, by its reference. */
  private readonly peerScopes = new Map<string, Construct>();

  constructor(scope: Construct, id: string, props: ErlangClusterProps) {
    super(scope, id);
    const { name, vpcId, rules = defaultDistributionRules, versions = defaultVersions } = props;
    this.rules = rules;
    this.versions = versions;
    this.pairs = new Peering(this, "pairs");
    const created = () =>
      newSecurityGroup(this, "security-group", { name, description: `Nodes of the cluster ${name}`, vpcId }).id;
    if (rules !== "pairs") this.group = { name, securityGroupId: typeof rules === "string" ? created() : rules.id };
    this.node.addValidation({
      validate: () => [
        ...differentDistributions(this.members),
        ...(versions === "apart" ? inseparableVersions(this.members) : []),
      ],
    });
  }

  /** Adds a service, or a peer of another project, and connects it with all members. */
  add(member: ClusterMember): void {
    if (this.versions === "apart" && member instanceof ElixirService) member.separateVersions();
    for (const other of this.members) {
      if (member instanceof ElixirService) member.addPeer(other);
      if (other instanceof ElixirService) other.addPeer(member);
    }
    if (member instanceof ElixirService && this.group) {
      member.addSecurityGroup(this.group.securityGroupId, this.group.name);
    }
    this.members.push(member);
    if (this.group && typeof this.rules === "string") this.openGroup(this.group, member);
    else this.openPairs(member);
  }

  private openGroup(group: NamedGroup, member: ClusterMember): void {
    if (!(member instanceof ElixirService)) {
      const services = this.members.filter((other) => other instanceof ElixirService);
      services.forEach((service) => this.openToPeer(group, service, member));
      return;
    }
    if (this.rules === "all-traffic") allowAllWithin(this, group);
    else {
      allowIngress(this, group, group, member.distribution.ports);
      allowEgress(this, group, group, member.distribution.ports);
    }
    const peers = this.members.filter((other) => !(other instanceof ElixirService));
    peers.forEach((peer) => this.openToPeer(group, member, peer));
  }

  private openToPeer(group: NamedGroup, service: ElixirService, peer: ClusterMember): void {
    const key = reference(this, peer.securityGroupId);
    const rules = this.peerScopes.get(key) ?? new Construct(this, `peer-${peer.name}`);
    this.peerScopes.set(key, rules);
    allowIngress(rules, peer, group, service.distribution.ports);
    allowEgress(rules, group, peer, peer.distribution.ports);
  }

  /** Between services where no group is, and to peers of other projects where the group's owner sets its rules. */
  private openPairs(member: ClusterMember): void {
    for (const other of this.members) {
      const inGroup = this.group && member instanceof ElixirService && other instanceof ElixirService;
      if (!inGroup) this.pairs.open(member, other);
    }
  }
}

/** Nodes find each other's port through epmd or know it, and encrypt or don't. Members that do it differently never connect. */
function differentDistributions(members: readonly ClusterMember[]): string[] {
  const kinds: ClusterMember[][] = [];
  for (const member of members) {
    const kind = kinds.find(([first]) => first!.distribution.isCompatibleWith(member.distribution));
    if (kind) kind.push(member);
    else kinds.push([member]);
  }
  if (kinds.length < 2) return [];
  const described = kinds.map((kind) => {
    const { distribution } = kind[0]!;
    const names = kind.map(({ name }) => `"${name}"`).join(", ");
    return `${names} ${kind.length === 1 ? "uses" : "use"} ${usesEpmd(distribution.mode) ? "epmd" : distribution}`;
  });
  return [`${described.join("; ")}: their nodes can't connect. Use the same distribution in the whole cluster`];
}
