import { mkdirSync, writeFileSync } from "node:fs";
import { addressAt } from "../../../../aws/network/ipv4";
import { command } from "../command";

/** Addresses that AWS answers at in every VPC, in addition to the resolver's at the VPC's base plus two. */
export const metadataAddress = "169.254.170.2";
export const linkLocalResolver = "169.254.169.253";

/** The namespace that this process is in becomes the router of the VPC; what is sent out of it vanishes. */
export async function openRouter(vpcCidr: string): Promise<void> {
  mkdirSync("/run/netns", { recursive: true });
  // Forwards between tasks; a packet must come from the interface that its source belongs to, as EC2's source check has it.
  writeFileSync("/proc/sys/net/ipv4/ip_forward", "1");
  writeFileSync("/proc/sys/net/ipv4/conf/all/rp_filter", "1");
  await command("ip", ["netns", "add", "outside"]);
  await batch([
    "link set lo up",
    ...[metadataAddress, linkLocalResolver, addressAt(vpcCidr, 2)].map((address) => `address add ${address}/32 dev lo`),
    // Addresses without a task, and all the world, are behind a link that no one listens on: silence, as in a VPC.
    "link add outside type veth peer name eth0 netns outside",
    "link set outside arp off up",
    "route add default dev outside",
  ]);
  await batch(["link set eth0 up"], "outside");
}

/** A task's own network namespace and its link to the router. */
export interface Link {
  readonly namespace: string;
  /** The router's end. */
  readonly interface: string;
}

let links = 0;

/** Makes a namespace with the address on its `eth0`, the subnet's first address as its router. */
export async function addLink(address: string, subnetCidr: string): Promise<Link> {
  const number = ++links;
  const link = { namespace: `task${number}`, interface: `eni${number}` };
  const gateway = addressAt(subnetCidr, 1);
  // One hardware address for both ends: nothing is asked by ARP, so there's no table of neighbours to fill, or to be slow.
  const octets = address.split(".").map((octet) => Number(octet).toString(16).padStart(2, "0"));
  const mac = ["02", "00", ...octets].join(":");
  await command("ip", ["netns", "add", link.namespace]);
  await batch([
    `address replace ${gateway}/32 dev lo`,
    `link add ${link.interface} address ${mac} type veth peer name eth0 address ${mac} netns ${link.namespace}`,
    `link set ${link.interface} arp off up`,
    // What this machine sends into a task comes from the subnet's router.
    `route replace ${address}/32 dev ${link.interface} src ${gateway}`,
  ]);
  await batch(
    [
      "link set lo up",
      "link set eth0 arp off up",
      `address add ${address}/32 dev eth0`,
      `route add ${gateway}/32 dev eth0`,
      `route add default via ${gateway}`,
    ],
    link.namespace,
  );
  return link;
}

/** The link goes first: a namespace lives as long as a process in it. */
export async function removeLink(link: Link): Promise<void> {
  await batch([`link delete ${link.interface}`]);
  await command("ip", ["netns", "delete", link.namespace]);
}

function batch(lines: readonly string[], namespace?: string): Promise<string> {
  return command("ip", [...(namespace ? ["-netns", namespace] : []), "-batch", "-"], `${lines.join("\n")}\n`);
}
