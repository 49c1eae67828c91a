import { discoveries, discoveryOf, discoveryVariables, pollingIntervalOf } from "../src/discovery";

const own = { basename: "shop", host: "shop.org.local" };
const peers = [
  { basename: "jobs", host: "jobs.org.local" },
  { basename: "shop", host: "shop-eu.org.local" },
];
const variables = (discovery: (typeof discoveries)[number]) =>
  discoveryVariables(discovery, { own, peers, pollingIntervalMs: 2000 });
const read = (environment: Record<string, string>) => (name: string) => environment[name];

describe("a container's variables", () => {
  it.each(["dns", "dnspoll"] as const)("for %s are libcluster's nodes and interval", (discovery) => {
    expect(variables(discovery)).toEqual({
      CLUSTER_DISCOVERY: discovery,
      CLUSTER_NODES: "shop@shop.org.local,jobs@jobs.org.local,shop@shop-eu.org.local",
      CLUSTER_POLLING_INTERVAL: "2000",
    });
  });

  it("for dns_cluster are the names to poll, its own first, with the basename where it is another", () => {
    expect(variables("dns_cluster")).toEqual({
      CLUSTER_DISCOVERY: "dns_cluster",
      DNS_CLUSTER_QUERY: "shop.org.local,jobs@jobs.org.local,shop-eu.org.local",
    });
  });

  it("for none say so, and nothing else", () => {
    expect(variables("none")).toEqual({ CLUSTER_DISCOVERY: "none" });
  });

  it.each(discoveries)("tell that it is %s", (discovery) => {
    expect(discoveryOf(read(variables(discovery)))).toBe(discovery);
  });
});

describe("variables that this project didn't write", () => {
  it.each([
    [{ CLUSTER_NODES: "a@b" }, "dns", 1000],
    [{ DNS_CLUSTER_QUERY: "b" }, "dns_cluster", 5000],
    [{ CLUSTER_DISCOVERY: "gossip", DNS_CLUSTER_QUERY: "b" }, "dns_cluster", 5000],
    [{ CLUSTER_NODES: "a@b", CLUSTER_POLLING_INTERVAL: "250" }, "dns", 250],
    [{}, undefined, undefined],
  ])("%p: %s, every %s ms", (environment, discovery, interval) => {
    expect(discoveryOf(read(environment))).toBe(discovery);
    expect(pollingIntervalOf(read(environment))).toBe(interval);
  });
});
