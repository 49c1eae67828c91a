import { addMetricsChild } from "../../../src/adopt/steps/metrics";
import { isComplete } from "../../../src/adopt";
import { Project, fixtures } from "../project";

const source = (children: string) => `defmodule A.Application do\n    children = [\n${children}\n    ]\nend\n`;

describe("the child that reports metrics", () => {
  it.each([
    ["libcluster's", "      {Cluster.Supervisor, [topologies, [name: A.ClusterSupervisor]]},\n      B"],
    ["DNSCluster's", "      {DNSCluster, query: Application.get_env(:a, :dns_cluster_query) || :ignore},\n      B"],
  ])("comes after %s", (_, children) => {
    const edit = addMetricsChild(source(children), "A.Cluster.Metrics");
    expect(edit).toEqual({
      kind: "edited",
      text: source(children.replace(/\n {6}B$/, "\n      A.Cluster.Metrics,\n      B")),
    });
  });

  it("comes last where discovery is last, whatever the comment there", () => {
    const edit = addMetricsChild(source("      {DNSCluster, query: q} # finds nodes"), "A.Cluster.Metrics");
    expect(edit).toEqual({
      kind: "edited",
      text: source("      {DNSCluster, query: q}, # finds nodes\n      A.Cluster.Metrics"),
    });
  });

  it("is there already", () => {
    expect(addMetricsChild(source("      A.Cluster.Metrics"), "A.Cluster.Metrics")).toEqual({ kind: "present" });
  });

  it.each([
    ["nothing", "      B"],
    ["only a comment", "      # {DNSCluster, query: q},\n      B"],
    ["a child of several lines", "      {DNSCluster,\n       query: q},\n      B"],
    ["a list in one line", "      [{DNSCluster, query: q}, B]"],
  ])("is added by hand where discovery is %s", (_, children) => {
    expect(addMetricsChild(source(children), "A.Cluster.Metrics")).toMatchObject({
      kind: "by-hand",
      lines: "A.Cluster.Metrics,",
    });
  });
});

// In existing-rel, a function of its own starts libcluster.
describe.each(fixtures.filter((name) => name !== "existing-rel"))("%s with --metrics", (name) => {
  it("gets the module with its own namespace, and the child, and needs nothing then", () => {
    const project = Project.fixture(name);
    const without = project.plan().findings.map(({ step }) => step.what);
    expect(without.filter((what) => /metrics/i.test(what))).toEqual([]);

    const { changes, findings } = project.adopt({ metrics: true });
    const steps = findings.filter(({ step }) => /metrics/i.test(step.what));
    expect(steps.map(({ edit }) => edit.kind)).toEqual(["edited", "edited", "edited"]);
    const file = changes.map(({ file }) => file).find((changed) => changed.endsWith("cluster/metrics.ex"))!;
    const [, namespace] = /^defmodule (\w+)\.Cluster\.Metrics do$/m.exec(project.read(file))!;
    expect(project.read(file)).not.toContain("Myapp");
    const missing = file.replace("metrics.ex", "missing.ex");
    expect(project.read(missing)).toMatch(new RegExp(`^defmodule ${namespace}\\.Cluster\\.Missing do$`, "m"));
    expect(project.read(steps.at(-1)!.step.file)).toMatch(new RegExp(`^ +${namespace}\\.Cluster\\.Metrics,?$`, "m"));
    expect(project.plan({ metrics: true }).changes).toEqual([]);
    expect(isComplete(project.plan({ metrics: true }))).toBe(isComplete(project.plan()));
  });
});

it("prints the child where a project starts discovery in another way", () => {
  const { findings } = Project.fixture("existing-rel").plan({ metrics: true });
  const steps = findings.filter(({ step }) => /metrics/i.test(step.what));
  expect(steps.map(({ edit }) => edit.kind)).toEqual(["edited", "edited", "by-hand"]);
});

it("adds nothing next to an earlier module, which was one file", () => {
  const project = Project.fixture("phoenix-1.8");
  const { changes } = project.adopt({ metrics: true });
  project.write(changes.find(({ file }) => file.endsWith("cluster/missing.ex"))!.file, "# nothing\n");
  expect(project.plan({ metrics: true }).changes).toEqual([]);
});
