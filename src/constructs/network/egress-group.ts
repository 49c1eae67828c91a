import { Construct } from "constructs";
import { serviceDefaults } from "../../aws/defaults";
import type { PortRange } from "../../aws/network/ports";
import { newSecurityGroup } from "./security-group";
import { type Egress, egress, type NamedGroup } from "./security-rules";

/** Properties of an {@link EgressGroup}. */
export interface EgressGroupProps {
  /** Name of the group, unique in the VPC. */
  readonly name: string;
  /** Id of the VPC, which the group is in. */
  readonly vpcId: string;
  /** What its members may connect to. @default "guarded" */
  readonly egress?: Egress;
  /** The distribution ports that `guarded` egress closes. */
  readonly closedPorts: readonly PortRange[];
}

/**
 * A security group that contains only the egress rules of its members: ten rules for `guarded`, however many services are
 * in it. A service joins through its property `egress`.
 */
export class EgressGroup extends Construct implements NamedGroup {
  readonly securityGroupId: string;
  readonly name: string;

  constructor(scope: Construct, id: string, props: EgressGroupProps) {
    super(scope, id);
    const { name, vpcId, closedPorts } = props;
    this.name = name;
    const description = `Egress of the services in ${name}`;
    this.securityGroupId = newSecurityGroup(this, "security-group", { name, description, vpcId }).id;
    egress(this, this.securityGroupId, props.egress ?? serviceDefaults.egress, closedPorts);
  }
}
