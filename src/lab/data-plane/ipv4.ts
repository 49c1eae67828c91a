import { isIPv4 } from "node:net";

/** First and last address of a block, as numbers. */
export interface Ipv4Range {
  readonly first: number;
  readonly last: number;
}

/** @throws Error when `address` is no IPv4 address. */
export function ipv4ToNumber(address: string): number {
  if (!isIPv4(address)) throw new Error(`"${address}" is no IPv4 address.`);
  return address.split(".").reduce((number, octet) => number * 256 + Number(octet), 0);
}

export function numberToIpv4(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

/** @throws Error when `cidr` is no IPv4 block such as `10.0.1.0/24`. Bits beyond the prefix are ignored, as EC2 does. */
export function ipv4Range(cidr: string): Ipv4Range {
  const [address = "", prefix = ""] = cidr.split("/");
  if (!isIPv4(address) || !/^\d+$/.test(prefix) || Number(prefix) > 32) {
    throw new Error(`"${cidr}" is no IPv4 CIDR block: write one such as 10.0.1.0/24.`);
  }
  const size = 2 ** (32 - Number(prefix));
  const first = Math.floor(ipv4ToNumber(address) / size) * size;
  return { first, last: first + size - 1 };
}

export function isWithin(address: string, cidr: string): boolean {
  const { first, last } = ipv4Range(cidr);
  const number = ipv4ToNumber(address);
  return first <= number && number <= last;
}

/** The address `offset` after a block's first: 1 is a subnet's router, 2 a VPC's resolver. */
export function addressAt(cidr: string, offset: number): string {
  return numberToIpv4(ipv4Range(cidr).first + offset);
}
