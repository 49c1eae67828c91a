import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { connectionDefaults } from "../../aws/defaults";
import { type ExistingGroup, groupIdOf } from "./existing-group";
import type { NamedGroup } from "./security-rules";

/** Properties of a {@link Connection}. */
export interface ConnectionProps {
  /** The server's name, for descriptions. */
  readonly name: string;
  /** Whose tasks connect: their own security group is the source. */
  readonly service: NamedGroup;
  /** The server's security group, by id, or by a name that is looked up in the VPC. */
  readonly securityGroup: ExistingGroup;
  /** Id of the VPC, in which a group is looked up by name. */
  readonly vpcId: string;
  /** TCP port on which the server listens. */
  readonly port: number;
  /** Whether to add a rule to the server's group; `false` where its owner adds it. @default true */
  readonly allowIngress?: boolean;
  /** Whether to add a rule to the service's group; `false` where its egress covers the server already. @default true */
  readonly allowEgress?: boolean;
}

/**
 * Lets a service's tasks connect to a database, cache or other server of another project: from the service's own security
 * group, in which no other tasks are, to one port of the server's group.
 * Source: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html#security-group-referencing
 */
export class Connection extends Construct {
  constructor(scope: Construct, id: string, props: ConnectionProps) {
    super(scope, id);
    const { name, service, port, allowIngress = connectionDefaults.allowIngress, allowEgress = true } = props;
    const theirs = groupIdOf(scope, props.securityGroup, props.vpcId);
    const tcp = { ipProtocol: "tcp", fromPort: port, toPort: port };
    if (allowIngress) {
      new VpcSecurityGroupIngressRule(this, "in", {
        securityGroupId: theirs,
        referencedSecurityGroupId: service.securityGroupId,
        ...tcp,
        description: `${name} from ${service.name}`,
      });
    }
    if (allowEgress) {
      new VpcSecurityGroupEgressRule(this, "out", {
        securityGroupId: service.securityGroupId,
        referencedSecurityGroupId: theirs,
        ...tcp,
        description: `${service.name} to ${name}`,
      });
    }
  }
}
