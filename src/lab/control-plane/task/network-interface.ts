import {
  CreateNetworkInterfaceCommand,
  DeleteNetworkInterfaceCommand,
  paginateDescribeNetworkInterfaces,
} from "@aws-sdk/client-ec2";
import type { AppliedSubnet } from "../applied/subnets";
import type { AwsClients } from "../../local-aws/aws-clients";
import { addressAt } from "../../../aws/network/ipv4";
import { reservedAddresses, usableAddresses } from "../../../aws/network/vpc-cidrs";

/** A task's elastic network interface, as EC2's API knows it. */
export interface NetworkInterface {
  /** `eni-…` */
  readonly id: string;
  readonly address: string;
  readonly macAddress: string;
  readonly privateDnsName: string;
}

/** Makes a task's interface known to EC2, so that the address has an owner there too. */
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

/** Addresses of a VPC that are in use already, such as those of its endpoints. */
export async function takenAddresses({ ec2: client }: AwsClients, vpcId: string): Promise<string[]> {
  const addresses: string[] = [];
  const filters = { Filters: [{ Name: "vpc-id", Values: [vpcId] }] };
  for await (const page of paginateDescribeNetworkInterfaces({ client }, filters)) {
    for (const eni of page.NetworkInterfaces ?? []) addresses.push(eni.PrivateIpAddress ?? "");
  }
  return addresses;
}

/**
 * Private IPv4 addresses for network interfaces. Every subnet is walked through upwards and an address is used again only
 * after all others were: EC2 promises no order, and a node that comes back under a dead one's name is a case to provoke, not
 * to meet by accident.
 */
export class AddressPool {
  readonly #taken = new Set<string>();
  readonly #next = new Map<string, number>();

  /** @param taken addresses that other interfaces have already */
  constructor(taken: Iterable<string> = []) {
    for (const address of taken) this.#taken.add(address);
  }

  /** @throws Error when the subnet has no free address left. */
  allocate(subnet: Pick<AppliedSubnet, "id" | "cidr">): string {
    const usable = usableAddresses(subnet.cidr);
    const first = this.#next.get(subnet.id) ?? 0;
    for (let step = 0; step < usable; step++) {
      const offset = (first + step) % usable;
      const address = addressAt(subnet.cidr, reservedAddresses.first + offset);
      if (this.#taken.has(address)) continue;
      this.#taken.add(address);
      this.#next.set(subnet.id, offset + 1);
      return address;
    }
    throw new Error(
      `Subnet ${subnet.id} (${subnet.cidr}) has no free address left: all ${Math.max(0, usable)} are in use. ` +
        `Use a larger subnet or fewer tasks.`,
    );
  }

  /** Keeps an address from being allocated. */
  reserve(address: string): void {
    this.#taken.add(address);
  }

  release(address: string): void {
    this.#taken.delete(address);
  }
}
