import type { Zone } from "../../../../../src/lab/data-plane/data-plane";
import { Resolver } from "../../../../../src/lab/data-plane/vpc/dns/resolver";

const name = "myapp.organization.local";

function zone(count: number, more: Partial<Zone["services"][number]> = {}): Zone {
  const instances = Array.from({ length: count }, (_, at) => ({ address: `10.0.1.${at + 10}`, healthy: true }));
  const service = { name: "myapp", routingPolicy: "MULTIVALUE" as const, ttl: 10, instances, ...more };
  return { name: "organization.local", negativeTtl: 300, services: [service] };
}

/** A resolver with a clock that the test turns. */
function resolverWith(...zones: Zone[]) {
  const clock = { now: 0 };
  const resolver = new Resolver("eu-west-1.compute.internal", { now: () => clock.now });
  resolver.apply(zones);
  return { resolver, clock };
}

it("answers with at most eight of all instances, chosen again for each question when nothing is cached", () => {
  // GIVEN
  const { resolver } = resolverWith(zone(12));
  resolver.cacheEnabled = false;
  // WHEN
  const answers = Array.from({ length: 200 }, () => resolver.resolve(name, "A").addresses);
  // THEN
  expect(answers.every((addresses) => new Set(addresses).size === 8)).toBe(true);
  expect(new Set(answers.flat()).size).toBe(12);
});

it("answers with one instance under the WEIGHTED policy", () => {
  const { resolver } = resolverWith(zone(12, { routingPolicy: "WEIGHTED" }));
  expect(resolver.resolve(name, "A").addresses).toHaveLength(1);
});

it("keeps an answer for its TTL and counts that down", () => {
  // GIVEN
  const { resolver, clock } = resolverWith(zone(1));
  expect(resolver.resolve(name, "A")).toMatchObject({ addresses: ["10.0.1.10"], ttl: 10 });
  // WHEN the instance is replaced
  resolver.apply([zone(0, { instances: [{ address: "10.0.1.99", healthy: true }] })]);
  clock.now = 9_500;
  // THEN
  expect(resolver.resolve(name, "A")).toMatchObject({ addresses: ["10.0.1.10"], ttl: 1 });
  clock.now = 10_000;
  expect(resolver.resolve(name, "A")).toMatchObject({ addresses: ["10.0.1.99"], ttl: 10 });
});

it("keeps that a name does not exist for the zone's negative TTL, even when it exists by now", () => {
  // GIVEN
  const { resolver, clock } = resolverWith(zone(0));
  expect(resolver.resolve(name, "A").kind).toBe("NXDOMAIN");
  // WHEN
  resolver.apply([zone(1)]);
  // THEN
  clock.now = 299_999;
  expect(resolver.resolve(name, "A").kind).toBe("NXDOMAIN");
  clock.now = 300_000;
  expect(resolver.resolve(name, "A").addresses).toEqual(["10.0.1.10"]);
});

it("leaves unhealthy instances out, unless none is healthy", () => {
  const mixed = [
    { address: "10.0.1.10", healthy: false },
    { address: "10.0.1.11", healthy: true },
  ];
  const ill = mixed.map((instance) => ({ ...instance, healthy: false }));
  expect(resolverWith(zone(0, { instances: mixed })).resolver.resolve(name, "A").addresses).toEqual(["10.0.1.11"]);
  expect(resolverWith(zone(0, { instances: ill })).resolver.resolve(name, "A").addresses).toHaveLength(2);
});

it("knows no other type of a name that exists, and nothing of other domains", () => {
  const { resolver } = resolverWith(zone(1));
  expect(resolver.resolve(name, "AAAA").kind).toBe("NODATA");
  expect(resolver.resolve("organization.local", "A").kind).toBe("NODATA");
  expect(resolver.resolve("myapp.other.local", "A")).toMatchObject({ kind: "NXDOMAIN", ttl: 0 });
  expect(resolver.resolve("MyApp.Organization.Local.", "A").addresses).toEqual(["10.0.1.10"]);
  expect(resolver.resolve("ip-10-0-1-11.eu-west-1.compute.internal", "A").addresses).toEqual(["10.0.1.11"]);
});

describe("a resolver that lies", () => {
  it("answers with nothing, what there was, or other addresses, and then with the truth", () => {
    // GIVEN a name with two addresses
    const { resolver } = resolverWith(zone(2));
    const addresses = () => [...resolver.resolve(name, "A").addresses].sort();
    const many = Array.from({ length: 30 }, (_, at) => `10.9.0.${at}`);
    // WHEN it lies, one way after the other, while a third task is registered
    resolver.lie("empty");
    expect(addresses()).toEqual([]);
    resolver.lie("stale");
    resolver.apply([zone(3)]);
    expect(addresses()).toEqual(["10.0.1.10", "10.0.1.11"]);
    resolver.lie("stale");
    expect(addresses()).toEqual(["10.0.1.10", "10.0.1.11"]);
    resolver.lie({ addresses: many });
    expect(resolver.resolve(name, "A").addresses).toEqual(many);
    // THEN names outside of the zones are as before, and nothing of the lies stays
    expect(resolver.resolve("ip-10-0-1-10.eu-west-1.compute.internal", "A").addresses).toEqual(["10.0.1.10"]);
    resolver.lie(undefined);
    expect(addresses()).toEqual(["10.0.1.10", "10.0.1.11", "10.0.1.12"]);
  });

  it("reports each client's answers about zones when they change", () => {
    // GIVEN
    const onAnswer = jest.fn();
    const resolver = new Resolver("eu-west-1.compute.internal", { onAnswer });
    resolver.cacheEnabled = false;
    resolver.apply([zone(2)]);
    // WHEN two clients ask, again and for other names too
    for (const client of ["10.0.1.10", "10.0.1.10", "10.0.1.11"]) {
      resolver.resolve(name, "A", client);
      resolver.resolve(name, "AAAA", client);
      resolver.resolve("example.com", "A", client);
    }
    resolver.apply([zone(1)]);
    resolver.resolve(name, "A", "10.0.1.10");
    // THEN
    expect(onAnswer.mock.calls.map(([client, asked, addresses]) => [client, asked, (addresses as []).length])).toEqual([
      ["10.0.1.10", name, 2],
      ["10.0.1.11", name, 2],
      ["10.0.1.10", name, 1],
    ]);
  });
});

it("answers a host's name, and every name below a wildcard, even where a zone has none of it", () => {
  const { resolver } = resolverWith(zone(2));
  resolver.hosts = new Map([
    ["db.organization.local", "10.0.1.9"],
    ["*.rds.amazonaws.com", "10.0.1.8"],
  ]);
  const ask = (asked: string, type = "A") => resolver.resolve(asked, type);
  expect(ask("DB.organization.local")).toMatchObject({ kind: "ADDRESSES", addresses: ["10.0.1.9"] });
  expect(ask("db.organization.local", "AAAA")).toMatchObject({ kind: "NODATA" });
  expect(ask("shop.abc.eu-west-1.rds.amazonaws.com")).toMatchObject({ addresses: ["10.0.1.8"] });
  expect(ask("shop.rds.amazonaws.com")).toMatchObject({ addresses: ["10.0.1.8"] });
  expect(ask("rds.amazonaws.com")).toMatchObject({ kind: "NXDOMAIN" });
});
