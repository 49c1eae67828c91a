import { dnsRecordLimit } from "../../../../distribution";
import type { Faults, Zone, ZoneService } from "../../data-plane";

/** What the resolver knows about a name: addresses, or that there are none of that type, or no such name. */
export interface Answer {
  readonly kind: "ADDRESSES" | "NODATA" | "NXDOMAIN";
  readonly addresses: readonly string[];
  /** Seconds that this answer may still be kept. */
  readonly ttl: number;
  /** The private zone that the name is in, with the minimum of its SOA; absent outside of all zones. */
  readonly zone?: { readonly name: string; readonly negativeTtl: number };
}

interface Cached {
  readonly answer: Answer;
  readonly until: number;
}

/** Options of {@link Resolver}; each has the default of a real one. */
export interface ResolverSources {
  /** Milliseconds. @default Date.now */
  readonly now?: () => number;
  /** From 0 up to 1. @default Math.random */
  readonly random?: () => number;
  /** Gets each answer about a private zone that differs from what that client got before. @default nobody */
  readonly onAnswer?: (client: string, name: string, addresses: readonly string[]) => void;
}

const zoneOf = (name: string, zones: readonly Zone[]): Zone | undefined =>
  zones.find((each) => name === each.name || name.endsWith(`.${each.name}`));

/** The resolver of a VPC in front of its private zones: one cache for all tasks. */
export class Resolver {
  /** Answers nothing at all. */
  silent = false;
  cacheEnabled = true;
  /** Addresses of names that are in no zone, or that override one; `*.example.com` is every name below it. */
  hosts: ReadonlyMap<string, string> = new Map();
  private zones: readonly Zone[] = [];
  private readonly cache = new Map<string, Cached>();
  /** What it answers from instead of the truth: zones as they were, or addresses. */
  private lies: { readonly zones: readonly Zone[] } | { readonly addresses: readonly string[] } | undefined;
  private readonly lastAnswers = new Map<string, string>();
  private readonly onAnswer: ResolverSources["onAnswer"];
  private readonly now: () => number;
  private readonly random: () => number;

  constructor(
    /** Such as `eu-west-1.compute.internal`: AWS resolves `ip-10-0-1-11` in it to the address that it spells. */
    private readonly hostDomain: string,
    { now = Date.now, random = Math.random, onAnswer }: ResolverSources = {},
  ) {
    this.now = now;
    this.random = random;
    this.onAnswer = onAnswer;
  }

  /** Lies about private zones from now on, or tells the truth again. */
  lie(lie: Faults["dnsLie"]): void {
    if (lie === undefined) this.lies = undefined;
    else if (lie === "stale") this.lies = this.lies && "zones" in this.lies ? this.lies : { zones: this.zones };
    else this.lies = { addresses: lie === "empty" ? [] : lie.addresses };
  }

  apply(zones: readonly Zone[]): void {
    this.zones = zones;
  }

  /** Takes out of the cache while it may, else asks the zone. Names are compared without case. @param client its address */
  resolve(question: string, type: string, client?: string): Answer {
    const name = question.toLowerCase().replace(/\.$/, "");
    const answer = this.lieAbout(name, type) ?? this.truthAbout(name, type);
    if (client !== undefined && type === "A" && answer.zone) this.report(client, name, answer);
    return answer;
  }

  private report(client: string, name: string, { addresses }: Answer): void {
    const [key, text] = [`${client} ${name}`, [...addresses].sort().join(" ")];
    if (this.lastAnswers.get(key) === text) return;
    this.lastAnswers.set(key, text);
    this.onAnswer?.(client, name, addresses);
  }

  private lieAbout(name: string, type: string): Answer | undefined {
    const { lies } = this;
    const zone = lies && zoneOf(name, this.zones);
    if (!zone || name === zone.name) return undefined;
    // With a TTL of 0, no cache keeps a lie after its fault.
    if ("zones" in lies) return { ...this.ask(name, type, lies.zones), ttl: 0 };
    const addresses = type === "A" ? lies.addresses : [];
    return { kind: addresses.length > 0 ? "ADDRESSES" : "NODATA", addresses, ttl: 0, zone };
  }

  private truthAbout(name: string, type: string): Answer {
    const key = `${type} ${name}`;
    const now = this.now();
    const cached = this.cache.get(key);
    if (this.cacheEnabled && cached && cached.until > now) {
      return { ...cached.answer, ttl: Math.ceil((cached.until - now) / 1000) };
    }
    const answer = this.ask(name, type, this.zones);
    this.cache.set(key, { answer, until: now + answer.ttl * 1000 });
    return answer;
  }

  private ask(name: string, type: string, zones: readonly Zone[]): Answer {
    const host = this.hostOf(name);
    if (host !== undefined) return addressOf(host, type);
    const zone = zoneOf(name, zones);
    if (!zone) return this.askOutside(name, type);
    const none = { addresses: [], ttl: zone.negativeTtl, zone };
    if (name === zone.name) return { kind: "NODATA", ...none };
    const service = zone.services.find((each) => `${each.name.toLowerCase()}.${zone.name}` === name);
    if (!service || service.instances.length === 0) return { kind: "NXDOMAIN", ...none };
    if (type !== "A") return { kind: "NODATA", ...none };
    return { kind: "ADDRESSES", addresses: this.choose(service), ttl: service.ttl, zone };
  }

  private hostOf(name: string): string | undefined {
    const labels = name.split(".");
    const wildcards = labels.map((_, index) => `*.${labels.slice(index + 1).join(".")}`);
    return [name, ...wildcards].map((each) => this.hosts.get(each)).find((address) => address !== undefined);
  }

  /** The VPC has no way out, so nothing is known of other names but those of AWS's own hosts. */
  private askOutside(name: string, type: string): Answer {
    const [, host] = name.endsWith(`.${this.hostDomain}`) ? (/^ip-(\d+-\d+-\d+-\d+)\./.exec(name) ?? []) : [];
    if (!host) return { kind: "NXDOMAIN", addresses: [], ttl: 0 };
    return addressOf(host.replaceAll("-", "."), type);
  }

  /** Healthy instances, or all when none is; in random order, as many as the policy allows. */
  private choose({ instances, routingPolicy }: ZoneService): string[] {
    const healthy = instances.filter((instance) => instance.healthy);
    const left = (healthy.length > 0 ? healthy : instances).map(({ address }) => address);
    const count = Math.min(left.length, routingPolicy === "MULTIVALUE" ? dnsRecordLimit : 1);
    return Array.from({ length: count }, () => left.splice(Math.floor(this.random() * left.length), 1)[0] ?? "");
  }
}

/** What there is of a type at a name with one IPv4 address. */
const addressOf = (address: string, type: string): Answer =>
  type === "A" ? { kind: "ADDRESSES", addresses: [address], ttl: 60 } : { kind: "NODATA", addresses: [], ttl: 0 };
