import { Construct } from "constructs";
import type { ClusterMember } from "./cluster-member";
import { ElixirService } from "../service/elixir-service";
import { reference } from "../reference";
import { allowEgress, allowIngress } from "./security-rules";
import { shared } from "../stack-child";
import { UserError } from "../../user-error";

/**
 * Allows pairs of services to cluster, by rules between their own security groups: never by CIDR. Two members are open to each
 * other in both directions, since either side may open the connection. The rules grow with the pairs: a mesh of n services in
 * epmd mode has 4n² of them (16 for 2, 400 for 10, 10,000 for 50), and a group takes 60 in one direction unless AWS raises the
 * quota. An `ErlangCluster` needs 4, however many members there are, and always is a full mesh, which Erlang assumes.
 */
export class Peering extends Construct {
  private readonly members = new Map<string, ClusterMember>();
  /** Pairs that are already open, by the ids of their groups: AWS rejects the same rule twice. */
  private readonly opened = new Set<string>();

  /** The tasks of one service may reach each other. */
  allowWithin(service: ElixirService): void {
    this.open(service, service);
  }

  /** The two may reach each other. They don't poll for each other through this. A second call adds nothing. */
  open(a: ClusterMember, b: ClusterMember): void {
    this.allow(a, b);
    if (a !== b) this.allow(b, a);
  }

  /**
   * Nodes of the two cluster: each polls for the other, and may reach it. The order doesn't matter, and a second call adds
   * nothing. Validation rejects distributions that don't fit.
   *
   * @throws UserError when another member has the name of one of the two.
   */
  allowBetween(a: ClusterMember, b: ClusterMember): void {
    this.open(a, b);
    const services = [a, b].filter((member) => member instanceof ElixirService);
    const isNew = services.map((service) => service.addPeer(service === a ? b : a)).includes(true);
    if (!isNew || a.distribution.isCompatibleWith(b.distribution)) return;
    services[0]!.node.addValidation({
      validate: () => [
        `"${a.name}" uses ${a.distribution} and "${b.name}" uses ${b.distribution}: their nodes can't connect. Use the same distribution for both`,
      ],
    });
  }

  /** `from` may connect to `to`: egress from the one and ingress to the other, where the groups are of this stack. */
  private allow(from: ClusterMember, to: ClusterMember): void {
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
