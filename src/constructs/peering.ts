import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Annotations } from "cdktf";
import { Construct } from "constructs";
import type { ClusterMember } from "./cluster-member";
import { ElixirService } from "./elixir-service";
import { admit, admitEverythingWithin, letOut, type NamedGroup, rulesPerSecurityGroup } from "./security-rules";

const what = "Erlang distribution";

/**
 * Who may cluster with whom, by rules between security groups: never by CIDR. Two members are open to each other in both
 * directions, since either side may be the one that dials. The rules grow with the pairs: a mesh of n services in epmd
 * mode has 4n² of them (16 for 2, 400 for 10, 10,000 for 50), and a group takes {@link rulesPerSecurityGroup} in one
 * direction. A {@link SharedSecurityGroup} needs 4, however many members there are.
 */
export class Peering extends Construct {
  private readonly rulesInto = new Map<string, number>();

  /** The tasks of one service may reach each other. */
  allowWithin(service: ElixirService): void {
    this.open(service, service);
  }

  /** Nodes of the two cluster: each polls for the other, and may reach it. Modes that don't fit are refused when validated. */
  allowBetween(a: ClusterMember, b: ClusterMember): void {
    if (!a.distribution.isCompatibleWith(b.distribution)) {
      this.node.addValidation({
        validate: () => [
          `${a.name} uses ${a.distribution} and ${b.name} uses ${b.distribution}: nodes of the two never find each other's port. Give both the same`,
        ],
      });
    }
    this.open(a, b);
    this.open(b, a);
    introduce(a, b);
  }

  /** `from` may dial `to`: let out of the one, admitted to the other, as far as these are ours. */
  private open(from: ClusterMember, to: ClusterMember): void {
    const rules = childOf(this, from === to ? `within-${from.name}` : `${from.name}-to-${to.name}`);
    if (to instanceof ElixirService) {
      admit(rules, from, to, to.distribution.ports, what);
      this.count(to);
    }
    if (from instanceof ElixirService) letOut(rules, from, to, to.distribution.ports, what);
  }

  private count(to: ElixirService): void {
    const before = this.rulesInto.get(to.name) ?? 0;
    const now = before + to.distribution.ports.length;
    this.rulesInto.set(to.name, now);
    if (before <= rulesPerSecurityGroup && now > rulesPerSecurityGroup) {
      Annotations.of(to).addWarning(
        `its security group gets more than ${rulesPerSecurityGroup} ingress rules, AWS's default quota: use a shared security group`,
      );
    }
  }
}

/** Properties of a {@link SharedSecurityGroup}. */
export interface SharedSecurityGroupProps {
  /** A new group and what its members allow each other, or the id of one whose rules its owner keeps. */
  readonly group: { readonly create: "distribution" | "all-traffic" } | { readonly id: string };
  /** Name of a new group. */
  readonly name: string;
  /** VPC of a new group. */
  readonly vpcId: string;
}

/**
 * One security group that all members are in, and in which members admit each other: the alternative to rules by pairs.
 * Everyone in it can reach everyone, peers or not; the number of rules doesn't grow.
 */
export class SharedSecurityGroup extends Construct implements NamedGroup {
  readonly securityGroupId: string;
  readonly name: string;
  private readonly allows: "distribution" | "all-traffic" | "what its owner says";

  constructor(scope: Construct, id: string, { group, name, vpcId }: SharedSecurityGroupProps) {
    super(scope, id);
    this.name = name;
    this.allows = "id" in group ? "what its owner says" : group.create;
    this.securityGroupId =
      "id" in group
        ? group.id
        : new SecurityGroup(this, "security-group", {
            name,
            description: `Members of the cluster ${name}`,
            vpcId,
            tags: { Name: name },
          }).id;
  }

  /** Puts a service's tasks into the group. */
  add(service: ElixirService): void {
    service.join(this.securityGroupId);
    if (this.allows === "all-traffic") admitEverythingWithin(this, this);
    if (this.allows !== "distribution") return;
    admit(this, this, this, service.distribution.ports, what);
    letOut(this, this, this, service.distribution.ports, what);
  }
}

/** Makes the nodes of two members poll for each other: all that is needed where the network is open already. */
export function introduce(a: ClusterMember, b: ClusterMember): void {
  if (a instanceof ElixirService) a.poll(b);
  if (b instanceof ElixirService) b.poll(a);
}

function childOf(scope: Construct, id: string): Construct {
  return (scope.node.tryFindChild(id) as Construct | undefined) ?? new Construct(scope, id);
}
