import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Construct } from "constructs";
import type { ClusterMember } from "./cluster-member";
import { ElixirService } from "../service/elixir-service";
import { reference } from "../reference";
import { allowIngress, allowAllWithin, allowEgress, type NamedGroup } from "./security-rules";
import { shared } from "../shared-child";
import { UserError } from "../../user-error";

/**
 * Allows services to cluster, by rules between security groups: never by CIDR. Two members are open to each other in both
 * directions, since either side may open the connection. The rules grow with the pairs: a mesh of n services in epmd
 * mode has 4n² of them (16 for 2, 400 for 10, 10,000 for 50), and a group takes 60 in one direction unless AWS raises the
 * quota. A {@link SharedSecurityGroup} needs 4, however many members there are.
 */
export class Peering extends Construct {
  private readonly members = new Map<string, ClusterMember>();
  /** Pairs that are already open, by the ids of their groups: AWS rejects the same rule twice. */
  private readonly opened = new Set<string>();

  /** The tasks of one service may reach each other. */
  allowWithin(service: ElixirService): void {
    this.open(service, service);
  }

  /**
   * Nodes of the two cluster: each polls for the other, and may reach it. The order doesn't matter, and a second call adds
   * nothing. Validation rejects distributions that don't fit.
   *
   * @throws UserError when another member has the name of one of the two.
   */
  allowBetween(a: ClusterMember, b: ClusterMember): void {
    this.open(a, b);
    this.open(b, a);
    connectDiscovery(a, b);
  }

  /** `from` may connect to `to`: egress from the one and ingress to the other, where the groups are of this stack. */
  private open(from: ClusterMember, to: ClusterMember): void {
    for (const member of [from, to]) this.know(member);
    // A scope for each end: names joined into one, "a-to-b" and "c" would be "a" and "b-to-c".
    const scope = shared(this, from.name, (id) => new Construct(this, id));
    const id = from === to ? "within" : `to-${to.name}`;
    const rules = shared(scope, id, () => new Construct(scope, id));
    const groups = `${reference(this, from.securityGroupId)} ${reference(this, to.securityGroupId)}`;
    const ports = to.distribution.ports.filter((range) => {
      const opening = `${groups} ${range.from} ${range.to}`;
      return !this.opened.has(opening) && this.opened.add(opening);
    });
    if (to instanceof ElixirService) allowIngress(rules, from, to, ports);
    if (from instanceof ElixirService) allowEgress(rules, from, to, ports);
  }

  private know(member: ClusterMember): void {
    const known = this.members.get(member.name) ?? member;
    this.members.set(member.name, known);
    if (known !== member) {
      throw new UserError(`two members of ${this.node.path} have the name "${member.name}": give each a different one`);
    }
  }
}

/** Properties of a {@link SharedSecurityGroup}. */
export interface SharedSecurityGroupProps {
  /** A new group and the traffic its members allow each other, or the id of a group whose rules its owner sets. */
  readonly group: { readonly create: "distribution" | "all-traffic" } | { readonly id: string };
  /** Name of a new group. */
  readonly name: string;
  /** VPC of a new group. */
  readonly vpcId: string;
}

/**
 * One security group for all members, in which they allow each other: the alternative to rules between pairs. Each member
 * can reach every other, peers or not; the number of rules doesn't grow.
 */
export class SharedSecurityGroup extends Construct implements NamedGroup {
  readonly securityGroupId: string;
  readonly name: string;
  private readonly allows: "distribution" | "all-traffic" | "what its owner sets";

  constructor(scope: Construct, id: string, { group, name, vpcId }: SharedSecurityGroupProps) {
    super(scope, id);
    this.name = name;
    this.allows = "id" in group ? "what its owner sets" : group.create;
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
    service.addSecurityGroup(this.securityGroupId);
    if (this.allows === "all-traffic") allowAllWithin(this, this);
    if (this.allows !== "distribution") return;
    allowIngress(this, this, this, service.distribution.ports);
    allowEgress(this, this, this, service.distribution.ports);
  }
}

/**
 * Makes the nodes of two members poll for each other, which is enough where the network is already open. Validation rejects
 * distributions that don't fit.
 */
export function connectDiscovery(a: ClusterMember, b: ClusterMember): void {
  const services = [a, b].filter((member) => member instanceof ElixirService);
  const isNew = services.map((service) => service.addPeer(service === a ? b : a)).includes(true);
  if (!isNew || a.distribution.isCompatibleWith(b.distribution)) return;
  services[0]!.node.addValidation({
    validate: () => [
      `"${a.name}" uses ${a.distribution} and "${b.name}" uses ${b.distribution}: their nodes can't find each other's port. Use the same distribution for both`,
    ],
  });
}
