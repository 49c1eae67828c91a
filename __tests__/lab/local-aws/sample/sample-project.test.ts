import path from "node:path";
import {
  dependencyVariables,
  describeStandIns,
  hasFetchedDependencies,
  sampleDependencies,
  standIns,
  withDependencies,
} from "../../../../src/lab/local-aws/sample/sample-project";

describe("the sample's dependencies", () => {
  it("are the stand-ins, unless a variable names a folder", () => {
    expect(sampleDependencies({})).toEqual(standIns);
    const given = sampleDependencies({ DNS_CLUSTER_PATH: "dns_cluster", LIBCLUSTER_PATH: "" });
    expect(given).toEqual({ ...standIns, dns_cluster: path.resolve("dns_cluster") });
    expect(sampleDependencies(dependencyVariables(given))).toEqual(given);
  });

  it("are those that Mix has fetched where all are there and no variable names another", () => {
    expect(hasFetchedDependencies(() => true, {})).toBe(true);
    expect(hasFetchedDependencies((name) => name === "libcluster", {})).toBe(false);
    expect(hasFetchedDependencies(() => true, { DNS_CLUSTER_PATH: "/x" })).toBe(false);
  });

  it("are named where they are stand-ins", () => {
    expect(describeStandIns(standIns)).toBe("libcluster and dns_cluster");
    expect(describeStandIns({ ...standIns, libcluster: "/x" })).toBe("dns_cluster");
    expect(describeStandIns({ libcluster: "/x", dns_cluster: "/y" })).toBe("");
  });

  it("replace those of a mix.exs, whatever their versions and options", () => {
    const mixFile = '[{:libcluster, "~> 3.5", only: :prod}, {:dns_cluster, "~> 0.2.0"}, {:libcluster_ecs, "~> 0.1"}]';
    expect(withDependencies(mixFile, { libcluster: "/a b", dns_cluster: "/d" })).toBe(
      '[{:libcluster, path: "/a b"}, {:dns_cluster, path: "/d"}, {:libcluster_ecs, "~> 0.1"}]',
    );
  });
});
