import {
  CreateNetworkInterfaceCommand,
  DeleteNetworkInterfaceCommand,
  paginateDescribeNetworkInterfaces,
} from "@aws-sdk/client-ec2";
import type { AppliedSubnet } from "./applied/subnets";
import type { AwsClients } from "../local-aws/aws-clients";

/** A task's elastic network interface, as EC2's API knows it. */
export interface NetworkInterface {
  /** `eni-…` */
  readonly id: string;
  readonly address: string;
  readonly macAddress: string;
  readonly privateDnsName: string;
}

/** Makes a task's interface known to EC2, so that the address has an owner there as well. */
export async function createNetworkInterface(
  { ec2 }: AwsClients,
  subnet: AppliedSubnet,
  address: string,
  securityGroupIds: readonly string[],
  taskArn: string,
): Promise<NetworkInterface> {
  const { NetworkInterface: eni } = await ec2.send(
    new CreateNetworkInterfaceCommand({
      SubnetId: subnet.id,
      PrivateIpAddress: address,
      Groups: [...securityGroupIds],
      Description: taskArn,
    }),
  );
  return {
    id: eni!.NetworkInterfaceId!,
    address,
    macAddress: eni!.MacAddress ?? "",
    privateDnsName: eni!.PrivateDnsName ?? "",
  };
}

export async function deleteNetworkInterface({ ec2 }: AwsClients, id: string): Promise<void> {
  await ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: id }));
}

/** Addresses of a VPC that somebody has already, such as its endpoints. */
export async function takenAddresses({ ec2: client }: AwsClients, vpcId: string): Promise<string[]> {
  const addresses: string[] = [];
  const filters = { Filters: [{ Name: "vpc-id", Values: [vpcId] }] };
  for await (const page of paginateDescribeNetworkInterfaces({ client }, filters)) {
    for (const eni of page.NetworkInterfaces ?? []) addresses.push(eni.PrivateIpAddress ?? "");
  }
  return addresses;
}
