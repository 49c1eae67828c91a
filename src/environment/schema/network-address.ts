import { isIPv4, isIPv6 } from "node:net";

/**
 * Whether `cidr` names a whole network: `10.0.0.0/16` does, `10.0.0.1/16` is an address in one, and the AWS provider
 * refuses it. Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_security_group_egress_rule
 */
export function isNetworkAddress(cidr: string): boolean {
  const [, address = "", prefix = ""] = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(cidr) ?? [];
  const dotted = address.includes(".");
  if (dotted ? !isIPv4(address) : !isIPv6(address)) return false;
  const [width, bits] = dotted ? [32, ofIpv4(address)] : [128, ofIpv6(address)];
  if (Number(prefix) > width) return false;
  const hostBits = (1n << BigInt(width - Number(prefix))) - 1n;
  return (bits & hostBits) === 0n;
}

const ofIpv4 = (address: string): bigint => address.split(".").reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n);

function ofIpv6(address: string): bigint {
  const [head = [], tail = []] = address.split("::").map((part) => part.split(":").filter((group) => group !== ""));
  const zeros = Array<string>(8 - head.length - tail.length).fill("0");
  return [...head, ...zeros, ...tail].reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}
