import { isIPv4 } from "node:net";

/** IPv4 addresses as numbers, both ends included. */
export interface Ipv4Range {
  readonly from: number;
  readonly to: number;
}

/** @throws Error when `address` isn't an IPv4 address. */
export function ipv4ToNumber(address: string): number {
  if (!isIPv4(address)) throw new Error(`"${address}" isn't an IPv4 address.`);
  return address.split(".").reduce((number, octet) => number * 256 + Number(octet), 0);
}

export function numberToIpv4(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

/** 24 of `10.0.1.0/24`, and 32 of an address alone. */
export const prefixLength = (cidr: string): number => Number(cidr.split("/")[1] ?? 32);

/** The addresses of a block such as `10.0.1.0/24`; bits beyond the prefix are ignored, as EC2 does. */
export function parseIpv4Range(cidr: string): Ipv4Range | undefined {
  const [address = "", prefix = ""] = cidr.split("/");
  if (!isIPv4(address) || !/^\d{1,2}$/.test(prefix) || Number(prefix) > 32) return undefined;
  const size = 2 ** (32 - Number(prefix));
  const from = Math.floor(ipv4ToNumber(address) / size) * size;
  return { from, to: from + size - 1 };
}

/** @throws Error when `cidr` isn't an IPv4 block. */
export function ipv4Range(cidr: string): Ipv4Range {
  const range = parseIpv4Range(cidr);
  if (!range) throw new Error(`"${cidr}" isn't an IPv4 CIDR block: write one such as 10.0.1.0/24.`);
  return range;
}

/** Whether all of one range is in the other. */
export const isInside = (inner: Ipv4Range, outer: Ipv4Range): boolean =>
  outer.from <= inner.from && inner.to <= outer.to;

/** Networks that the internet has no route to. Sources: RFC 1918, RFC 6598 */
export const privateNetworks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].map(ipv4Range);

export function isWithin(address: string, cidr: string): boolean {
  const { from, to } = ipv4Range(cidr);
  const number = ipv4ToNumber(address);
  return from <= number && number <= to;
}

/** The address `offset` after a block's first: 1 is a subnet's router, 2 a VPC's resolver. */
export function addressAt(cidr: string, offset: number): string {
  return numberToIpv4(ipv4Range(cidr).from + offset);
}
