import { isComplete } from "../../../../src/adopt";
import { Project } from "../../project";

/** What `mix phx.new` writes from 1.7.8 on: nothing of it has to change. */
describe.each(["phoenix-1.7", "phoenix-1.8"])("%s with the DNSCluster that Phoenix generates", (name) => {
  const project = Project.fixture(name);
  const plan = project.adopt();

  it("gets only rel/, what its Dockerfile lacks, and /health", () => {
    expect(plan.changes.map(({ file }) => file)).toEqual([
      "lib/shop_web/endpoint.ex",
      "rel/env.sh.eex",
      "rel/vm.args.eex",
      "rel/remote.vm.args.eex",
      "Dockerfile",
    ]);
    expect(isComplete(project.plan())).toBe(true);
  });

  it("has its discovery in the report, with the option to set and the way to the other one", () => {
    expect(plan.findings.slice(0, 3).map(({ step, edit }) => `${edit.kind} ${step.file}: ${step.what}`)).toEqual([
      "present mix.exs: the dependency dns_cluster",
      "present lib/shop/application.ex: the child DNSCluster",
      "present config/runtime.exs: DNSCluster's query in production, from DNS_CLUSTER_QUERY",
    ]);
    expect(plan.advice[0]).toBe(
      'DNSCluster (lib/shop/application.ex) stays and finds the nodes: set "discovery": "dns_cluster" in environments.json. ' +
        "adopt adds only rel/, what the Dockerfile lacks, and /health. With --libcluster it adds libcluster instead, with a " +
        "strategy that probes new addresses before connecting.",
    );
    expect(plan.advice[1]).toMatch(/^To cluster with other services as well, config\/runtime\.exs must split /);
  });
});

describe("a Phoenix project with DNSCluster", () => {
  const child = "lib/shop/application.ex";
  const edits = (project: Project) =>
    project
      .plan()
      .findings.flatMap(({ step, edit }) => (edit.kind === "by-hand" ? [{ file: step.file, ...edit }] : []));

  it("hears nothing of several services once it splits the variable, with dns_cluster 0.2", () => {
    const project = Project.fixture("phoenix-1.8");
    const split = 'String.split(System.get_env("DNS_CLUSTER_QUERY", ""), ",", trim: true)';
    project.replace("config/runtime.exs", 'System.get_env("DNS_CLUSTER_QUERY")', split);
    expect(project.plan().advice.join("\n")).not.toContain("must split");
    project.replace("mix.exs", '{:dns_cluster, "~> 0.2.0"}', '{:dns_cluster, "~> 0.1.1"}');
    expect(project.plan().advice.join("\n")).toContain("must split");
  });

  it.each([
    [
      "only: :dev keeps dns_cluster",
      "mix.exs",
      '"~> 0.2.0"}',
      '"~> 0.2.0", only: :dev}',
      "`only: :dev` keeps dns_cluster out of the release",
      '{:dns_cluster, "~> 0.2.0"}',
    ],
    [
      "a fixed query",
      child,
      "query: Application.get_env(:shop, :dns_cluster_query) || :ignore",
      'query: "shop.internal"',
      'line 11 has DNSCluster poll "shop.internal", whatever the task\'s environment says',
      "{DNSCluster, query: Application.get_env(:shop, :dns_cluster_query) || :ignore},",
    ],
    [
      "a configuration that doesn't read the variable",
      "config/runtime.exs",
      /.*DNS_CLUSTER_QUERY.*\n/,
      "",
      "neither config/runtime.exs nor config/releases.exs reads DNS_CLUSTER_QUERY",
      'config :shop, :dns_cluster_query, System.get_env("DNS_CLUSTER_QUERY")',
    ],
  ])("hears what to do by hand about %s", (_, file, from, to, why, lines) => {
    const project = Project.fixture("phoenix-1.8");
    project.replace(file, from, to);
    expect(edits(project)).toEqual([expect.objectContaining({ file, why, lines })]);
  });

  it("hears that discovery starts too late, whichever it is", () => {
    const project = Project.fixture("phoenix-1.8");
    const line = "      {DNSCluster, query: Application.get_env(:shop, :dns_cluster_query) || :ignore},\n";
    project.replace(child, line, "");
    project.replace(child, "      ShopWeb.Endpoint\n", `      ShopWeb.Endpoint,\n${line.replace(",\n", "\n")}`);
    expect(project.plan().advice).toContainEqual(
      expect.stringMatching(
        /^DNSCluster \(lib\/shop\/application\.ex\) starts after PubSub or the endpoint\. Move it before them: /,
      ),
    );
    project.replace(
      child,
      "{DNSCluster, query: Application.get_env(:shop, :dns_cluster_query) || :ignore}",
      "{Cluster.Supervisor, [Application.get_env(:libcluster, :topologies)]}",
    );
    expect(project.plan().advice).toContainEqual(expect.stringMatching(/^Cluster\.Supervisor .* starts after PubSub/));
  });

  it("keeps libcluster where it has both, without --libcluster", () => {
    const project = Project.fixture("phoenix-1.8");
    project.adopt({ libcluster: true });
    expect(project.findings(child)).toEqual(["present: the supervisor child Cluster.Supervisor"]);
  });
});
