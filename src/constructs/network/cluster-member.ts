import { DataAwsSecurityGroup } from "@cdktf/provider-aws/lib/data-aws-security-group";
import { Construct } from "constructs";
import { ErlangDistribution } from "../service/erlang-distribution";
import { literal } from "../literal";
import type { NamedGroup } from "./security-rules";
import { shared } from "../stack-child";

/** A service whose nodes cluster with those of others: of this project, or of another. */
export interface ClusterMember extends NamedGroup {
  /** Where other nodes find it: `basename@dns-name`. */
  readonly nodeAddress: string;
  /** Where its nodes listen. */
  readonly distribution: ErlangDistribution;
}

/** Properties of an {@link ExternalPeer}. */
export interface ExternalPeerProps {
  /** The peer's name here. */
  readonly name: string;
  /** Its nodes: `basename@dns-name`. */
  readonly node: string;
  /** Its security group, by id, or by a name that is looked up in the VPC. */
  readonly securityGroup: { readonly id: string } | { readonly name: string };
  /** VPC of the group that is looked up. */
  readonly vpcId: string;
  /** Where its nodes listen. @default epmd with 9000–9010 */
  readonly distribution?: ErlangDistribution;
}

/**
 * A service that another project owns. Rules here open this stack's groups to it; its owner opens its own group.
 */
export class ExternalPeer extends Construct implements ClusterMember {
  readonly name: string;
  readonly nodeAddress: string;
  readonly securityGroupId: string;
  readonly distribution: ErlangDistribution;

  constructor(scope: Construct, id: string, props: ExternalPeerProps) {
    super(scope, id);
    this.name = props.name;
    this.nodeAddress = props.node;
    this.distribution = props.distribution ?? ErlangDistribution.epmd();
    const { securityGroup, vpcId } = props;
    this.securityGroupId =
      "id" in securityGroup ? securityGroup.id : groupNamed(scope, literal(securityGroup.name), vpcId).id;
  }
}

/** One data source for each group: two peers may be in the same one, and rules are identified by it. */
function groupNamed(scope: Construct, name: string, vpcId: string): DataAwsSecurityGroup {
  const groups = shared(scope, "security-groups", (id) => new Construct(scope, id));
  const known = groups.node.children.find(
    (group) => group instanceof DataAwsSecurityGroup && group.nameInput === name && group.vpcIdInput === vpcId,
  );
  return (
    (known as DataAwsSecurityGroup | undefined) ??
    new DataAwsSecurityGroup(groups, `${groups.node.children.length}`, { name, vpcId })
  );
}
