import { BlockList, isIP } from "node:net";
import { type Ipv4Range, parseIpv4Range } from "../../aws/network/ipv4";
import { merged, overlaps, without } from "../../aws/network/ports";

/** Where the addresses of a service's tasks may lie. */
export interface Addresses {
  readonly ranges: readonly Ipv4Range[];
  /** Whether the ranges are the subnets themselves, rather than the VPC around them. */
  readonly exact: boolean;
  /** Two services with the same key have the same addresses. */
  readonly key: string;
}

/** How much of a service's addresses a CIDR holds. */
export type Coverage = "all" | "some" | "none" | "unknown";

export const nowhereKnown: Addresses = { ranges: [], exact: false, key: "" };

export function addressesOf(cidrs: readonly string[], exact: boolean): Addresses {
  const ranges = cidrs.map(parseIpv4Range);
  if (ranges.length === 0 || ranges.includes(undefined)) return nowhereKnown;
  return { ranges: ranges as Ipv4Range[], exact, key: `${exact} ${[...cidrs].sort().join(" ")}` };
}

/**
 * How much of a service's addresses some CIDRs hold together. IPv6 ranges hold no IPv4 address, not even `::/0`: nodes are
 * named, and dialled, by their IPv4 address.
 */
export function coverage(cidrs: readonly string[], { ranges, exact }: Addresses): Coverage {
  const read = cidrs.filter((cidr) => !cidr.includes(":")).map(parseIpv4Range);
  if (read.includes(undefined)) return "unknown";
  const held = merged(read as Ipv4Range[]);
  if (held.length === 0) return "none";
  if (held.some(({ from, to }) => from === 0 && to === 0xffffffff)) return "all";
  if (ranges.length === 0) return "unknown";
  if (ranges.every((range) => without(range, held).length === 0)) return "all";
  if (ranges.every((range) => !held.some((other) => overlaps(range, other)))) return "none";
  return exact ? "some" : "unknown";
}

const notPublic = new BlockList();
for (const [network, prefix] of [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["100.64.0.0", 10],
  ["169.254.0.0", 16],
  ["127.0.0.0", 8],
] as const)
  notPublic.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of [
  ["fc00::", 7],
  ["fe80::", 10],
] as const)
  notPublic.addSubnet(network, prefix, "ipv6");

/** Whether a CIDR reaches beyond private address space (RFC 1918, 6598, 4193). */
export function isPublic(cidr: string): boolean {
  const [address = "", length = ""] = cidr.split("/");
  const family = isIP(address);
  if (family === 0 || !/^\d+$/.test(length)) return false;
  if (!notPublic.check(address, family === 4 ? "ipv4" : "ipv6")) return true;
  return Number(length) < (family === 4 ? 8 : 7);
}
