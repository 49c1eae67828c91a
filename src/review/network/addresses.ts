import { BlockList, isIPv6 } from "node:net";
import { type Ipv4Range, ipv4Range, isInside, parseIpv4Range, privateNetworks } from "../../aws/network/ipv4";
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

/** Private networks, and those of a link and of the machine itself. */
const notPublic = [...privateNetworks, ...["169.254.0.0/16", "127.0.0.0/8"].map(ipv4Range)];

/** Unique local addresses (RFC 4193), and those of a link. */
const notPublicIpv6 = (
  [
    ["fc00::", 7],
    ["fe80::", 10],
  ] as const
).map(([network, prefix]) => {
  const block = new BlockList();
  block.addSubnet(network, prefix, "ipv6");
  return { block, prefix };
});

/** Whether a CIDR reaches beyond private address space. */
export function isPublic(cidr: string): boolean {
  const range = parseIpv4Range(cidr);
  if (range) return !notPublic.some((network) => isInside(range, network));
  const [address = "", length = ""] = cidr.split("/");
  if (!isIPv6(address) || !/^\d+$/.test(length)) return false;
  return !notPublicIpv6.some(({ block, prefix }) => Number(length) >= prefix && block.check(address, "ipv6"));
}
