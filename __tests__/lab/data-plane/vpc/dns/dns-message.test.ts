import * as dns from "dns-packet";
import { respond } from "../../../../../src/lab/data-plane/vpc/dns/dns-message";
import { Resolver } from "../../../../../src/lab/data-plane/vpc/dns/resolver";

/** 61 characters: uncompressed, eight records of it would not fit into 512 bytes. */
const longName = `${"a".repeat(42)}.organization.local`;

function resolver(): Resolver {
  const made = new Resolver("eu-west-1.compute.internal");
  const instances = Array.from({ length: 12 }, (_, at) => ({ address: `10.0.1.${at + 10}`, healthy: true }));
  const service = { routingPolicy: "MULTIVALUE" as const, ttl: 10, instances };
  made.apply([{ name: "organization.local", negativeTtl: 300, services: [{ name: "a".repeat(42), ...service }] }]);
  return made;
}

const ask = (name: string, type: "A" | "AAAA" = "A") =>
  dns.encode({ type: "query", id: 7, flags: dns.RECURSION_DESIRED, questions: [{ type, name }] });

it("fits eight records of a long name into one UDP message", () => {
  // WHEN
  const response = respond(resolver(), ask(longName), "udp");
  // THEN
  expect(response?.length).toBeLessThanOrEqual(512);
  const { answers, flag_tc: truncated, flags = 0, id } = dns.decode(response ?? Buffer.alloc(0)) as dns.DecodedPacket;
  expect(answers).toHaveLength(8);
  expect(answers?.every((answer) => answer.name === longName && answer.type === "A")).toBe(true);
  expect({ truncated, rcode: flags & 0xf, id }).toEqual({ truncated: false, rcode: 0, id: 7 });
});

it("sends a client to TCP when the answer does not fit, and answers there in full", () => {
  // GIVEN a question that leaves no room: its name has 247 characters
  const deep = `${`${"b".repeat(60)}.`.repeat(3)}${"a".repeat(45)}.organization.local`;
  const wide = new Resolver("eu-west-1.compute.internal");
  const service = { name: deep.replace(".organization.local", ""), routingPolicy: "MULTIVALUE" as const, ttl: 10 };
  const instances = Array.from({ length: 12 }, (_, at) => ({ address: `10.0.1.${at + 10}`, healthy: true }));
  const zones = [{ name: "organization.local", negativeTtl: 300, services: [{ ...service, instances }] }];
  wide.apply(zones);
  // WHEN an answer of 12 + 251 + 8 × 16 bytes fits, THEN it is whole
  expect(dns.decode(respond(wide, ask(deep), "udp") ?? Buffer.alloc(0)).answers).toHaveLength(8);
  // WHEN the negative answer carries question and SOA, both long, THEN it is cut to the question
  const long = `${"z".repeat(60)}.${"y".repeat(60)}.${"x".repeat(60)}.${"w".repeat(50)}`;
  wide.apply([{ name: long, negativeTtl: 300, services: [] }]);
  const cut = dns.decode(respond(wide, ask(`q.${long}`), "udp") ?? Buffer.alloc(0)) as dns.DecodedPacket;
  expect({ truncated: cut.flag_tc, authorities: cut.authorities?.length }).toEqual({ truncated: true, authorities: 0 });
  const whole = dns.decode(respond(wide, ask(`q.${long}`), "tcp") ?? Buffer.alloc(0)) as dns.DecodedPacket;
  expect({ truncated: whole.flag_tc, authorities: whole.authorities?.length }).toEqual({
    truncated: false,
    authorities: 1,
  });
});

it("says in the SOA how long a name's absence may be kept", () => {
  const { authorities, ...rest } = dns.decode(
    respond(resolver(), ask("nobody.organization.local"), "udp") ?? Buffer.alloc(0),
  ) as dns.DecodedPacket;
  expect((rest.flags ?? 0) & 0xf).toBe(3);
  expect(authorities).toMatchObject([{ type: "SOA", name: "organization.local", ttl: 300, data: { minimum: 300 } }]);
});

it("doesn't answer what isn't a question, and nothing at all while it is silent", () => {
  // GIVEN
  const silent = resolver();
  silent.silent = true;
  // THEN
  expect(respond(resolver(), Buffer.from("no message"), "udp")).toBeUndefined();
  expect(respond(silent, ask(longName), "udp")).toBeUndefined();
});
