import {
  clusterOf,
  clustersOf,
  hasOwnEgress,
  misspeltClusters,
  parseEnvironments,
  rulesOf,
  versionsOf,
} from "../../src/environment";
import { changed } from "./example";

const read = (changes: Record<string, unknown> = {}) =>
  parseEnvironments(JSON.stringify(changed(changes)), "environments.json").prod!;
const image = { uri: "ghcr.io/acme/jobs:1.4.2" };
const billing = { node: "billing@billing.acme.local", securityGroup: { id: "sg-0abc1234def567890" } };

describe("clusters of an environment", () => {
  it("have the services that name them, and the peers that join", () => {
    const environment = read({
      "prod/services/jobs": { image },
      "prod/services/admin": { cluster: "office", image },
      "prod/peers": { billing: { cluster: "web", ...billing } },
    });

    expect(clustersOf(environment)).toEqual([
      { name: "web", services: ["myapp", "myapp2"], peers: ["billing"] },
      { name: "jobs", services: ["jobs"], peers: [] },
      { name: "office", services: ["admin"], peers: [] },
    ]);
    expect(clusterOf("jobs", {})).toBe("jobs");
    expect(clusterOf("jobs", { cluster: "web" })).toBe("web");
  });
});

describe("a cluster with one service", () => {
  it("is perhaps misspelt when its name resembles that of another", () => {
    const alone = (cluster: string, more = {}) =>
      misspeltClusters(read({ "prod/services/jobs": { cluster, image }, ...more }));

    expect(alone("wbe")).toEqual([{ service: "jobs", cluster: "wbe", suggestion: "web" }]);
    expect(alone("billing")).toEqual([]);
    // A peer is in it, or another service; or it has the service's own name.
    expect(alone("wbe", { "prod/peers": { billing: { cluster: "wbe", ...billing } } })).toEqual([]);
    expect(alone("wbe", { "prod/services/admin": { cluster: "wbe", image } })).toEqual([]);
    expect(misspeltClusters(read({ "prod/services/wbe": { image } }))).toEqual([]);
  });
});

describe("rules of a cluster", () => {
  it("are the environment's, or those of an existing group", () => {
    expect(rulesOf(read(), "web")).toBe("group");
    expect(rulesOf(read({ "prod/distributionRules": "pairs" }), "web")).toBe("pairs");
    const existing = read({
      "prod/distributionRules": { groups: { web: "sg-0abc1234def567890" } },
      "prod/services/jobs": { image },
    });
    expect(rulesOf(existing, "web")).toEqual({ id: "sg-0abc1234def567890" });
    expect(rulesOf(existing, "jobs")).toBe("group");
    expect(rulesOf(existing, "constructor")).toBe("group");
  });
});

describe("versions of a cluster", () => {
  it("are together, unless the environment or an entry for the cluster says apart", () => {
    expect(versionsOf(read(), "web")).toBe("together");
    const apart = { "prod/services/myapp2/image": { uri: "ghcr.io/acme/myapp:1.4.2" } };
    expect(versionsOf(read({ ...apart, "prod/versions": "apart" }), "web")).toBe("apart");
    const web = read({ ...apart, "prod/versions": { web: "apart" }, "prod/services/jobs": { image } });
    expect(versionsOf(web, "web")).toBe("apart");
    expect(versionsOf(web, "jobs")).toBe("together");
    expect(versionsOf(web, "constructor")).toBe("together");
  });
});

describe("egress of a service", () => {
  it("is its own where it differs from the environment's, or where a service has no other group", () => {
    const list = [{ cidr: "10.0.0.0/8", ports: { from: 443, to: 443 } }];
    const of = (changes: Record<string, unknown>, service = "myapp") => {
      const environment = read(changes);
      return hasOwnEgress(environment, environment.services[service]!);
    };

    expect(of({})).toBe(false);
    expect(of({ "prod/services/myapp/egress": list })).toBe(true);
    expect(of({ "prod/services/myapp/egress": list }, "myapp2")).toBe(false);
    expect(of({ "prod/services/myapp/egress": list, "prod/egress": list })).toBe(false);
    expect(of({ "prod/distributionRules": "pairs" })).toBe(true);
  });
});
