import type { FlowCounter } from "../../data-plane";
import { command } from "../command";

/** Most distinct (source, destination, protocol, port) that are counted apart. */
const flowsAtMost = 65_535;
const flowKey = "ip saddr . ip daddr . meta l4proto . th dport";

/** Declares a set that counts packets by their flow. */
export const flowSet = (table: string, name: string): string =>
  `add set ip ${table} ${name} { type ipv4_addr . ipv4_addr . inet_proto . inet_service; size ${flowsAtMost}; flags dynamic; counter; }`;

/** The rule that counts a packet. It has no verdict: a set that is full ends the rule, not the packet. */
export const countIn = (set: string): string => `meta l4proto { tcp, udp } update @${set} { ${flowKey} }`;

/** The counters of a table. */
export interface CountedTable {
  /** Packets by counter's name. */
  readonly counters: ReadonlyMap<string, number>;
  flowsOf(set: string): FlowCounter[];
}

export async function readTable(table: string): Promise<CountedTable> {
  const { nftables } = JSON.parse(await command("nft", ["-j", "list", "table", "ip", table])) as {
    nftables: NftObject[];
  };
  return {
    counters: new Map(nftables.flatMap(({ counter }) => (counter ? [[counter.name, counter.packets] as const] : []))),
    flowsOf: (name) => nftables.flatMap(({ set }) => (set?.name === name ? (set.elem ?? []).map(flowCounter) : [])),
  };
}

/** What is read of `nft -j list table`. Source: libnftables-json(5) */
interface NftObject {
  readonly counter?: { readonly name: string; readonly packets: number };
  readonly set?: { readonly name: string; readonly elem?: readonly NftElement[] };
}

interface NftElement {
  readonly elem: {
    readonly val: { readonly concat: readonly [string, string, string | number, number] };
    readonly counter: { readonly packets: number };
  };
}

function flowCounter({ elem }: NftElement): FlowCounter {
  const [source, destination, protocol, port] = elem.val.concat;
  return { source, destination, protocol: String(protocol), port, packets: elem.counter.packets };
}
