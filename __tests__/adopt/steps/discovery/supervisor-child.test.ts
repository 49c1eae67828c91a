import { addSupervisorChild, startsTooLate } from "../../../../src/adopt/steps/discovery/supervisor-child";
import type { Edit } from "../../../../src/adopt/steps/edit";

const outcome = (edit: Edit) =>
  edit.kind === "edited" ? edit.text : edit.kind === "by-hand" ? `by hand: ${edit.why}` : edit.kind;

describe("the supervisor child", () => {
  const module = (body: string) => `defmodule A.Application do\n  def start(_type, _args) do\n${body}\n  end\nend\n`;
  const start = "    Supervisor.start_link(children, strategy: :one_for_one)";

  it.each([
    [
      "several lists",
      `    children = [A]\n    children = [B | children]\n${start}`,
      "it has no single list `children = [ … ]`",
    ],
    ["a composed list", `    children = [A] ++ more()\n${start}`, "its list of children isn't a literal list"],
    [
      "a list with another name for it",
      "    children = [A]\n    Supervisor.start_link(all(children), [])",
      "it doesn't start its children by `Supervisor.start_link(children, …)`",
    ],
    [
      "a module with topologies of its own",
      `    topologies = [A]\n    children = [A]\n${start}`,
      "it has something else called `topologies`",
    ],
    [
      "a list that the formatter would break",
      `    children = [A.Worker.WithALongName, {A.Worker, with: "many arguments"}]\n${start}`,
      "its children are on one line",
    ],
  ])("isn't added to %s", (_, body, why) => {
    const edit = addSupervisorChild(module(body), "A");
    expect(outcome(edit)).toBe(`by hand: ${why}`);
    expect(edit).toMatchObject({ lines: expect.stringContaining("[name: A.ClusterSupervisor]") });
  });

  const child = "{Cluster.Supervisor, [topologies, [name: A.ClusterSupervisor]]}";

  it.each([
    ["before all others", "[A, B]", `[${child}, A, B]`],
    ["alone", "[]", `[${child}]`],
    ["alone, above comments", "[\n      # {A, arg}\n    ]", `[\n      ${child}\n      # {A, arg}\n    ]`],
    [
      "before PubSub",
      "[\n      A,\n      {Phoenix.PubSub, name: P},\n      AWeb.Endpoint\n    ]",
      `[\n      A,\n      ${child},\n      {Phoenix.PubSub, name: P},\n      AWeb.Endpoint\n    ]`,
    ],
    [
      "before an endpoint, and the comment on it",
      "[\n      A,\n      # serves\n      AWeb.Endpoint\n    ]",
      `[\n      A,\n      ${child},\n      # serves\n      AWeb.Endpoint\n    ]`,
    ],
    [
      "before an endpoint with options",
      "[\n      A,\n      {AWeb.Endpoint, []}\n    ]",
      `[\n      A,\n      ${child},\n      {AWeb.Endpoint, []}\n    ]`,
    ],
  ])("goes %s", (_, before, after) => {
    const topologies = "    topologies = Application.get_env(:libcluster, :topologies, [])\n\n";
    const edit = addSupervisorChild(module(`    children = ${before}\n${start}`), "A");
    expect(edit).toEqual({ kind: "edited", text: module(`${topologies}    children = ${after}\n${start}`) });
  });

  it("isn't taken for there because of a supervisor of theirs that is called alike", () => {
    const text = module(`    children = [\n      A.Cluster.Supervisor\n    ]\n${start}`);
    expect(outcome(addSupervisorChild(text, "A"))).toContain(
      "      {Cluster.Supervisor, [topologies, [name: A.ClusterSupervisor]]},\n      A.Cluster.Supervisor\n",
    );
  });
});

describe("discovery starts too late", () => {
  const dnsCluster = /\{DNSCluster,/;
  const application = (...children: string[]) => `children = [\n  ${children.join(",\n  ")}\n]\n`;

  it.each([
    [["{DNSCluster, query: q}", "{Phoenix.PubSub, name: P}", "W.Endpoint"], false],
    [["{Phoenix.PubSub, name: P}", "{DNSCluster, query: q}", "W.Endpoint"], true],
    [["W.Endpoint", "{DNSCluster, query: q}"], true],
    [["W.Worker", "{DNSCluster, query: q}"], false],
    [["W.Endpoint"], false],
  ])("with the children %p: %p", (children, late) => {
    expect(startsTooLate(application(...children), dnsCluster)).toBe(late);
  });
});
