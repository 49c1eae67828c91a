import { expectedMeshes } from "../../../src/lab/cluster/expected-meshes";

const service = (name: string, environment: Record<string, string>, dnsName?: string) => ({
  name,
  dnsName,
  definition: { containers: [{ environment: {} }, { environment }] },
});
const nodes = (...names: string[]) => ({ CLUSTER_NODES: names.map((name) => `${name}@${name}.acme.local`).join(",") });

it("is one mesh for the services of a cluster, whichever discovery each has", () => {
  const shop = service("shop", nodes("shop", "jobs"));
  const jobs = service("jobs", { DNS_CLUSTER_QUERY: "jobs.acme.local, shop@shop.acme.local" });
  const mail = service("mail", nodes("mail"));
  expect(expectedMeshes([shop, mail, jobs])).toEqual({ meshes: [["shop", "jobs"], ["mail"]], unknown: [] });
});

it("joins a service to those that poll its name, directly or through others", () => {
  const one = service("one", nodes("two"), "one.acme.local");
  const two = service("two", nodes("three"), "two.acme.local");
  const three = service("three", { CLUSTER_DISCOVERY: "none" }, "three.acme.local");
  expect(expectedMeshes([one, three, two])).toEqual({ meshes: [["one", "two", "three"]], unknown: [] });
});

it("expects no mesh of a service that finds its peers by itself", () => {
  const none = service("scraper", { CLUSTER_DISCOVERY: "none" }, "scraper.acme.local");
  expect(expectedMeshes([service("shop", nodes("shop")), none])).toEqual({ meshes: [["shop"]], unknown: ["scraper"] });
  expect(expectedMeshes([none, { ...none, name: "other", dnsName: "other.acme.local" }])).toEqual({
    meshes: [],
    unknown: ["scraper", "other"],
  });
});

it("expects one mesh of services that show nothing of their discovery, as layouts by hand don't", () => {
  const by = (name: string) => ({ name, definition: undefined });
  expect(expectedMeshes([by("a"), by("b"), service("c", {}, "c.acme.local")]).meshes).toEqual([["a", "b", "c"]]);
  expect(expectedMeshes([])).toEqual({ meshes: [], unknown: [] });
});
