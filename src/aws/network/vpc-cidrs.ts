import { isIPv4 } from "node:net";
import { ipv4Range, isInside, numberToIpv4, parseIpv4Range, prefixLength, privateNetworks } from "./ipv4";

/** Availability zones that a created VPC may have subnets in: us-east-1 has six. */
export const maxZones = 6;

// A load balancer wants a /27 in each zone, and a public subnet is a 32nd of the VPC.
// Sources: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer
// and https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
const prefixes = { shortest: 16, longest: 22 };

/** The networks that a created VPC may have: private ones (RFC 1918, RFC 6598) that can be cut into subnets. */
export const createdVpcCidr = {
  allowed: `a private network from /${prefixes.shortest} to /${prefixes.longest} such as "10.0.0.0/16", with no bit set beyond its prefix`,
  isAllowed(cidr: string): boolean {
    const [address = "", prefix = ""] = cidr.split("/");
    const range = parseIpv4Range(cidr);
    return (
      isIPv4(address) &&
      range !== undefined &&
      numberToIpv4(range.from) === address &&
      Number(prefix) >= prefixes.shortest &&
      Number(prefix) <= prefixes.longest &&
      privateNetworks.some((network) => isInside(range, network))
    );
  },
} as const;

/** Addresses that AWS keeps in each subnet. Source: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
export const reservedAddresses = { first: 4, last: 1 } as const;

/**
 * The subnets of a VPC's zone. A private subnet is an eighth of the VPC, a public one a 32nd: each zone's blocks depend on
 * its position alone, so that another zone moves none.
 *
 * @param zone the zone's position, 0 to {@link maxZones} - 1.
 */
export function subnetsOfZone(cidr: string, zone: number): { readonly private: string; readonly public: string } {
  const { from } = ipv4Range(cidr);
  const prefix = prefixLength(cidr);
  const block = (bits: number, position: number) =>
    `${numberToIpv4(from + position * 2 ** (32 - prefix - bits))}/${prefix + bits}`;
  // The six private blocks take 24 of the 32 parts.
  return { private: block(3, zone), public: block(5, 4 * maxZones + zone) };
}

/** How many network interfaces fit in a subnet. */
export const usableAddresses = (cidr: string): number =>
  2 ** (32 - prefixLength(cidr)) - reservedAddresses.first - reservedAddresses.last;
