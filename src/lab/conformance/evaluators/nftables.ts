import { isWithin } from "../../../aws/network/ipv4";

/** A packet as the router sees it. */
export interface Packet {
  readonly source: string;
  readonly destination: string;
  /** Destination port of TCP: every packet here is TCP. */
  readonly port: number;
  /** The router's interfaces that it comes in by and goes out by. */
  readonly in: string;
  readonly out: string;
}

export interface Tables {
  readonly chains: ReadonlyMap<string, readonly string[]>;
  readonly sets: ReadonlyMap<string, readonly string[]>;
}

type End = "accept" | "drop";

const tcp = "6";

/**
 * Evaluates the part of nftables' language that the lab's compilers write, as nft(8) describes it: what a text says, next
 * to what a kernel makes of it. `undefined` where a chain ends without a verdict.
 */
export function run({ chains, sets }: Tables, chain: string, packet: Packet): End | undefined {
  for (const rule of chains.get(chain) ?? missing(chain)) {
    const verdict = verdictOf(rule, packet, sets);
    if (verdict === undefined) continue;
    const [action, target = ""] = verdict;
    if (action === "accept" || action === "drop") return action;
    if (action === "return") return undefined;
    const beyond = run({ chains, sets }, target, packet);
    // What is gone to doesn't come back to this chain; what is jumped to does.
    if (beyond || action === "goto") return beyond;
  }
  return undefined;
}

function missing(chain: string): never {
  throw new Error(`There is no chain ${chain}.`);
}

/** The verdict of a rule whose matches all hold. */
function verdictOf(rule: string, packet: Packet, sets: Tables["sets"]): readonly string[] | undefined {
  const map = /^([io]ifname) vmap \{ (.*) \}$/.exec(rule);
  if (map) {
    const name = map[1] === "iifname" ? packet.in : packet.out;
    const entry = map[2]!.split(", ").find((each) => each.startsWith(`"${name}" : `));
    return entry?.slice(`"${name}" : `.length).split(" ");
  }
  const words = rule.split(" ");
  while (words.length > 0) {
    const [first, second, third] = words;
    if (first === "accept" || first === "drop" || first === "return") return [first];
    if (first === "goto" || first === "jump") return [first, second!];
    if (first === "counter") words.splice(0, 3);
    else if (matches(`${first} ${second}`, third!, packet, sets)) words.splice(0, first === "oifname" ? 2 : 3);
    else return undefined;
  }
  return undefined;
}

function matches(field: string, value: string, packet: Packet, sets: Tables["sets"]): boolean {
  const address = field === "ip saddr" ? packet.source : packet.destination;
  switch (field) {
    case "ip saddr":
    case "ip daddr":
      return value.startsWith("@") ? sets.get(value.slice(1))!.includes(address) : isWithin(address, withPrefix(value));
    case "tcp dport": {
      const [from, to = from] = value.split("-").map(Number);
      return from! <= packet.port && packet.port <= to!;
    }
    case "meta l4proto":
      return value === tcp;
    case "udp dport":
    case "icmp type":
      return false;
    case 'oifname "outside"':
      return packet.out === "outside";
    default:
      throw new Error(`The interpreter doesn't know "${field} ${value}".`);
  }
}

const withPrefix = (value: string) => (value.includes("/") ? value : `${value}/32`);
