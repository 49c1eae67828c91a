import { Construct } from "constructs";
import { ErlangDistribution } from "../service/erlang-distribution";
import { type ExistingGroup, groupIdOf } from "./existing-group";
import type { NamedGroup } from "./security-rules";

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
  readonly securityGroup: ExistingGroup;
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
    this.securityGroupId = groupIdOf(scope, props.securityGroup, props.vpcId);
  }
}
