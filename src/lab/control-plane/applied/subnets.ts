import { DescribeSubnetsCommand, DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import type { AwsClients } from "../../local-aws/aws-clients";

export interface AppliedSubnet {
  /** Such as `subnet-0123…`. */
  readonly id: string;
  /** IPv4 CIDR block. */
  readonly cidr: string;
  readonly vpcId: string;
  readonly availabilityZone: string;
}

export interface AppliedVpc {
  readonly id: string;
  /** IPv4, the first one its resolver's. */
  readonly cidrs: readonly string[];
}

/** All subnets of the region, by id. */
export async function readSubnets({ ec2 }: AwsClients): Promise<ReadonlyMap<string, AppliedSubnet>> {
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  return new Map(
    Subnets.map((subnet) => [
      subnet.SubnetId!,
      {
        id: subnet.SubnetId!,
        cidr: subnet.CidrBlock!,
        vpcId: subnet.VpcId!,
        availabilityZone: subnet.AvailabilityZone!,
      },
    ]),
  );
}

export async function readVpc({ ec2 }: AwsClients, id: string): Promise<AppliedVpc> {
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [id] }));
  const vpc = Vpcs[0]!;
  const associated = (vpc.CidrBlockAssociationSet ?? []).map((association) => association.CidrBlock!);
  return { id, cidrs: [...new Set([vpc.CidrBlock!, ...associated])] };
}
