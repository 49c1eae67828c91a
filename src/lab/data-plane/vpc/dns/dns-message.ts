import * as dns from "dns-packet";
import type { Answer, Resolver } from "./resolver";

/** Bytes of an answer over UDP when the question has no EDNS. Source: RFC 1035, 4.2.1 */
const udpBytes = 512;
const RECURSION_AVAILABLE = 1 << 7;
const TRUNCATED = 1 << 9;
const rcodes = { ADDRESSES: 0, NODATA: 0, NXDOMAIN: 3, FORMERR: 1, NOTIMP: 4 } as const;

/**
 * A records of the question's name. Names are compressed to a pointer at the question, as Route 53 does: eight records of a
 * long name would not fit into 512 bytes otherwise.
 */
function addressRecords({ addresses, ttl }: Answer): Buffer {
  return Buffer.concat(
    addresses.map((address) => {
      const record = Buffer.alloc(16);
      record.writeUInt16BE(0xc00c, 0);
      record.writeUInt16BE(1, 2);
      record.writeUInt16BE(1, 4);
      record.writeUInt32BE(ttl, 6);
      record.writeUInt16BE(4, 10);
      record.set(address.split(".").map(Number), 12);
      return record;
    }),
  );
}

/** The zone's SOA: how long a resolver may keep that there is nothing. Source: RFC 2308 */
function authorityOf({ kind, zone, ttl }: Answer): dns.Answer[] {
  if (kind === "ADDRESSES" || !zone) return [];
  const data = {
    mname: "ns-0.awsdns-00.com",
    rname: "awsdns-hostmaster.amazon.com",
    serial: 1,
    refresh: 7200,
    retry: 900,
    expire: 1_209_600,
    minimum: zone.negativeTtl,
  };
  return [{ type: "SOA", name: zone.name, ttl, data }];
}

/** That larger answers are understood over UDP: root name, type, bytes, no flags, no data. Source: RFC 6891, 6.1.2 */
const optRecord = Buffer.from([0, 0, 41, 0x10, 0, 0, 0, 0, 0, 0, 0]);

const optOf = (question: dns.Packet) =>
  question.additionals?.find(({ type }) => type === "OPT") as { udpPayloadSize?: number } | undefined;

function encode(question: dns.Packet, rcode: number, answer: Answer | undefined): Buffer {
  const head = dns.encode({
    type: "response",
    id: question.id ?? 0,
    flags: ((question.flags ?? 0) & dns.RECURSION_DESIRED) | RECURSION_AVAILABLE | rcode,
    questions: question.questions ?? [],
    authorities: answer ? authorityOf(answer) : [],
  });
  const records = answer ? addressRecords(answer) : Buffer.alloc(0);
  const additional = optOf(question) ? optRecord : Buffer.alloc(0);
  // Records can be put at the end: an answer has either records or an authority.
  head.writeUInt16BE(answer?.addresses.length ?? 0, 6);
  head.writeUInt16BE(additional.length > 0 ? 1 : 0, 10);
  return Buffer.concat([head, records, additional]);
}

/** Header and question alone, with the bit that sends the client to TCP. */
function truncate(message: Buffer, question: dns.Packet): Buffer {
  return dns.encode({
    type: "response",
    id: question.id ?? 0,
    flags: message.readUInt16BE(2) | TRUNCATED,
    questions: question.questions ?? [],
  });
}

/** The answer to one message of a client, or `undefined` for what isn't a question or while the resolver is silent. */
export function respond(
  resolver: Resolver,
  message: Buffer,
  transport: "udp" | "tcp",
  client?: string,
): Buffer | undefined {
  let question: dns.Packet;
  try {
    question = dns.decode(message);
  } catch {
    return undefined;
  }
  if (question.type !== "query" || resolver.silent) return undefined;
  if (((message.readUInt16BE(2) >> 11) & 0xf) !== 0) return encode(question, rcodes.NOTIMP, undefined);
  const [asked, ...more] = question.questions ?? [];
  if (!asked || more.length > 0) return encode(question, rcodes.FORMERR, undefined);
  const answer = resolver.resolve(asked.name, asked.type, client);
  const response = encode(question, rcodes[answer.kind], answer);
  const fits = Math.max(udpBytes, optOf(question)?.udpPayloadSize ?? 0);
  return transport === "udp" && response.length > fits ? truncate(response, question) : response;
}
