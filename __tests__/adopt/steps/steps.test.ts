import { addDependency } from "../../../src/adopt/steps/discovery/dependency";
import { addDevelopmentPort } from "../../../src/adopt/steps/discovery/development-config";
import type { Edit } from "../../../src/adopt/steps/edit";
import { Project } from "../project";

/** The new text, or why there is none. */
function outcome(edit: Edit): string {
  if (edit.kind === "edited") return edit.text;
  return edit.kind === "by-hand" ? `by hand: ${edit.why}` : "present";
}

describe("the dependency", () => {
  it.each([
    ["an empty list", "defp deps do\n  []\nend", 'defp deps do\n  [{:libcluster, "~> 3.5"}]\nend'],
    [
      "deps/0 that is public",
      "def deps() do\n  [\n    a\n  ]\nend",
      'def deps() do\n  [\n    {:libcluster, "~> 3.5"},\n    a\n  ]\nend',
    ],
    ["a list in project/0", "deps: [\n  a\n]", 'deps: [\n  {:libcluster, "~> 3.5"},\n  a\n]'],
  ])("goes into %s", (_, source, expected) => {
    expect(outcome(addDependency(source))).toBe(expected);
  });

  it.each([
    ["a list in one line", 'defp deps do\n  [{:a, "1.0"}]\nend', "its dependencies are on one line"],
    ["a computed list", "defp deps do\n  base() ++ [a]\nend", "its dependencies aren't a literal list"],
    ["a list that isn't closed", "defp deps do\n  [\n  a\nend", "its dependencies aren't a literal list"],
  ])("isn't put into %s", (_, source, why) => {
    expect(outcome(addDependency(source))).toBe(`by hand: ${why}`);
  });

  it("is there already, whatever its version", () => {
    expect(outcome(addDependency('deps: [{:libcluster, "3.3.1"}]'))).toBe("present");
  });

  it.each(["only: :dev", "only: [:dev, :test]", "only: ~w(dev test)a", "runtime: false"])(
    "is left by hand where %s keeps it out of production",
    (option) => {
      expect(outcome(addDependency(`deps: [{:libcluster, "~> 3.5", ${option}}]`))).toBe(
        `by hand: \`${option}\` keeps libcluster out of the release`,
      );
    },
  );

  it.each(["only: [:dev, :prod]", "only: ~w(dev prod)a", "only: :prod", "override: true"])(
    "is there with %s",
    (option) => {
      expect(outcome(addDependency(`deps: [{:libcluster, "~> 3.5", ${option}}]`))).toBe("present");
    },
  );

  it("has no only:, which Mix refuses where another dependency brings libcluster as well", () => {
    const another = 'defp deps do\n  [\n    {:libcluster_postgres, "~> 0.2.0"}\n  ]\nend';
    expect(outcome(addDependency(another))).toBe(
      'defp deps do\n  [\n    {:libcluster, "~> 3.5"},\n    {:libcluster_postgres, "~> 0.2.0"}\n  ]\nend',
    );
  });

  it("isn't there in a comment", () => {
    expect(outcome(addDependency('deps: [\n  # {:libcluster, "3.3.1"}\n]'))).toContain("\n  {:libcluster, ");
  });

  const locked = (...packages: string[]) =>
    packages
      .map((name) => `  "${name.split(" ")[0]}": {:hex, :${name.split(" ")[0]}, "${name.split(" ")[1]}", "0a"},\n`)
      .join("");

  it.each([
    ["libcluster 3.3.3", "by hand: mix.lock has libcluster 3.3.3, which brings no telemetry"],
    ["libcluster 2.5.0", "by hand: mix.lock has libcluster 2.5.0, which brings no telemetry"],
    ["libcluster 3.4.0", "present"],
    ["libcluster 3.10.1", "present"],
  ])("has to bring telemetry: %s", (name, expected) => {
    const theirs = 'deps: [{:libcluster, "~> 3.3"}]';
    expect(outcome(addDependency(theirs, locked(name)))).toBe(expected);
    expect(outcome(addDependency(theirs, locked(name, "telemetry 1.2.1")))).toBe("present");
  });
});

describe("the strategy", () => {
  const what = "a libcluster strategy that never disconnects a node";
  const resolver = "defmodule Ledger.Cluster.Resolver do\n  def new(basename), do: basename\nend\n";

  it("has events of the application's own name", () => {
    const project = Project.fixture("plain-sup");
    project.adopt();
    expect(project.read("lib/ledger/cluster/strategy.ex")).toContain("[:ledger, :cluster, :poll]");
    expect(project.read("lib/ledger/cluster/strategy.ex")).not.toContain(":myapp");
  });

  it("isn't added next to the resolver of an earlier version, which a note names", () => {
    const project = Project.fixture("plain-sup");
    project.write("lib/ledger/cluster/resolver.ex", resolver);
    expect(project.findings("lib/ledger/cluster/resolver.ex")).toEqual([`present: ${what}`]);
    expect(project.plan().advice[0]).toMatch(/^lib\/ledger\/cluster\/resolver\.ex is from an earlier version of adopt/);
  });

  it("makes the resolver of an earlier version nothing to speak of", () => {
    const project = Project.fixture("plain-sup");
    project.write("lib/ledger/cluster/resolver.ex", resolver);
    project.write("lib/ledger/nodes.ex", "defmodule Ledger.Cluster.Strategy do\nend\n");
    expect(project.findings("lib/ledger/nodes.ex")).toEqual([`present: ${what}`]);
    expect(project.plan().advice.join("\n")).not.toContain("earlier version");
  });
});

describe("the supervisor child", () => {
  it("is there when another module of the application has it", () => {
    const project = Project.fixture("plain-sup");
    project.write(
      "lib/ledger/nodes.ex",
      "defmodule Ledger.Nodes do\n  def child, do: {Cluster.Supervisor, [Application.get_env(:libcluster, :topologies)]}\nend\n",
    );
    expect(project.findings("lib/ledger/nodes.ex")).toEqual(["present: the supervisor child Cluster.Supervisor"]);
  });

  const withTopologies = (topologies: string, outside = "") => {
    const project = Project.fixture("plain-sup");
    project.write(
      "lib/ledger/application.ex",
      `defmodule Ledger.Application do\n  use Application\n${outside}\n` +
        `  def start(_type, _args) do\n    topologies = ${topologies}\n` +
        "    children = [{Cluster.Supervisor, [topologies, [name: Ledger.ClusterSupervisor]]}]\n" +
        "    Supervisor.start_link(children, strategy: :one_for_one)\n  end\nend\n",
    );
    return project.plan().findings.find(({ step }) => step.what === "the supervisor child Cluster.Supervisor");
  };

  it.each([
    ["[]", ""],
    ["Application.get_env(:ledger, :topologies, [])", ""],
    ['[a: [strategy: Cluster.Strategy.DNSPoll, config: [query: System.get_env("DISCOVERY", "x.local")]]]', ""],
    ["[] # Application.get_env(:libcluster, :topologies)", ""],
    ["Application.compile_env(:libcluster, :topologies)", ""],
    ["@topologies", "  @topologies Application.get_env(:libcluster, :topologies)"],
  ])("is left by hand where it doesn't read the topologies of runtime.exs: %s", (topologies, outside) => {
    expect(withTopologies(topologies, outside)).toEqual({
      step: expect.objectContaining({ file: "lib/ledger/application.ex" }),
      edit: {
        kind: "by-hand",
        why: expect.stringMatching(
          /^Cluster\.Supervisor \(line 6\) gets other topologies: nothing in lib reads those of /,
        ),
        todo: "Let it have these",
        lines: "topologies = Application.get_env(:libcluster, :topologies, [])",
      },
    });
  });

  it("is still left by hand after adopt added the module that reads CLUSTER_NODES", () => {
    const project = Project.fixture("plain-sup");
    project.adopt();
    expect(project.findings("lib/ledger/application.ex")).toEqual(["present: the supervisor child Cluster.Supervisor"]);
    const text = project.read("lib/ledger/application.ex");
    project.write("lib/ledger/application.ex", text.replace("Application.get_env(:libcluster, :topologies, [])", "[]"));
    expect(project.findings("lib/ledger/application.ex")).toEqual(["by-hand: the supervisor child Cluster.Supervisor"]);
  });

  it.each([
    "Application.get_env(:libcluster, :topologies) || []",
    "Application.fetch_env!(:libcluster, :topologies)",
    "Application.get_env :libcluster, :topologies",
    "Application.get_all_env(:libcluster)[:topologies]",
    "Ledger.Cluster.Topologies.from_env!(System.get_env())",
    'mine(System.get_env("CLUSTER_NODES"))',
  ])("is right as it is where it does: %s", (topologies) => {
    expect(withTopologies(topologies)?.edit).toEqual({ kind: "present" });
  });

  it("needs a callback module, and says how to get one", () => {
    const project = Project.fixture("plain-sup");
    project.replace("mix.exs", /,\n *mod: .*\n/, "\n");
    expect(project.plan().findings).toContainEqual({
      step: expect.objectContaining({ what: "the supervisor child Cluster.Supervisor" }),
      edit: expect.objectContaining({ kind: "by-hand", lines: "mod: {Ledger.Application, []}" }),
    });
  });
});

describe("the port in development", () => {
  const endpoint = (ip: string, port: number) => `config :a, A.Endpoint,\n  http: [ip: ${ip}, port: ${port}]\n`;

  it("keeps its number as the default", () => {
    expect(outcome(addDevelopmentPort(endpoint("{127, 0, 0, 1}", 4100), ""))).toContain(
      'http: [ip: {127, 0, 0, 1}, port: String.to_integer(System.get_env("PORT") || "4100")]',
    );
  });

  it("isn't the same for two endpoints", () => {
    const two = endpoint("{127, 0, 0, 1}", 4000) + endpoint("{127, 0, 0, 1}", 4010);
    expect(outcome(addDevelopmentPort(two, ""))).toBe(
      "by hand: it has several ports (lines 2 and 4), which must differ: give each its own variable",
    );
  });

  it("isn't written where the formatter would break the line", () => {
    expect(outcome(addDevelopmentPort(endpoint("{0, 0, 0, 0, 0, 0, 0, 0}, net: :inet6", 4000), ""))).toBe(
      "by hand: the line would grow too long for the formatter",
    );
  });

  it("isn't taken from the port of https, or from a comment", () => {
    const text = "config :a, A.Endpoint,\n  # http: [port: 4000]\n  https: [port: 4001]\n";
    expect(outcome(addDevelopmentPort(text, ""))).toBe("by hand: it has no `http: [ … port: 4000 … ]`");
  });
});

describe("production's topologies", () => {
  it("get a block of their own where there is no single one for production", () => {
    const project = Project.fixture("phoenix-1.7");
    project.write("config/runtime.exs", "import Config\n");
    project.adopt({ libcluster: true });
    expect(project.read("config/runtime.exs")).toMatch(/^import Config\n\nif config_env\(\) == :prod do\n {2}config/);
  });

  it("are broken where the formatter would break them", () => {
    const project = Project.fixture("plain-sup");
    project.replace("mix.exs", /Ledger/g, "InternationalLedger");
    project.replace("lib/ledger/application.ex", /Ledger/g, "InternationalLedger");
    project.adopt();
    expect(project.read("config/runtime.exs")).toContain(
      "  config :libcluster,\n    topologies: InternationalLedger.Cluster.Topologies.from_env!(System.get_env())\n",
    );
  });

  it("are there when CLUSTER_NODES is read in another way", () => {
    const project = Project.fixture("plain-sup");
    project.write(
      "config/runtime.exs",
      'import Config\nconfig :libcluster, topologies: f(System.get_env("CLUSTER_NODES"))\n',
    );
    expect(project.findings("config/runtime.exs")).toEqual([
      "present: the topologies in production, from CLUSTER_NODES",
    ]);
  });

  it("go by hand into the older config/releases.exs", () => {
    const project = Project.fixture("plain-sup");
    project.write("config/releases.exs", "import Config\n");
    expect(project.findings("config/runtime.exs")).toEqual([
      "by-hand: the topologies in production, from CLUSTER_NODES",
    ]);
  });
});

describe("the release's files", () => {
  it("take the place of what mix release.init wrote, which is comments alone", () => {
    const project = Project.fixture("plain-sup");
    project.write("rel/env.sh.eex", "#!/bin/sh\n\n# export RELEASE_DISTRIBUTION=name\n");
    project.adopt();
    expect(project.read("rel/env.sh.eex")).not.toContain("# export RELEASE_DISTRIBUTION");
    expect(project.read("rel/env.sh.eex")).toContain("RELEASE_NODE=$(node_name)");
  });

  it("are added below an env.sh that does something else", () => {
    const project = Project.fixture("plain-sup");
    project.write("rel/env.sh.eex", "#!/bin/sh\nulimit -n 65536\n");
    project.adopt();
    expect(project.read("rel/env.sh.eex")).toMatch(/^#!\/bin\/sh\nulimit -n 65536\n\n# /);
    expect(project.findings("rel/env.sh.eex")).toEqual([
      "present: the node's name and the distribution's ports, from the task",
    ]);
  });

  it("are kept when their owner changed them since", () => {
    const project = Project.fixture("plain-sup");
    project.adopt();
    project.replace("rel/env.sh.eex", "--max-time 2", "--max-time 5");
    project.write(
      "rel/vm.args.eex",
      `${project.read("rel/vm.args.eex").replace("+sbwt none", "+sbwt short")}+Q 65536\n`,
    );
    expect(project.plan().changes).toEqual([]);
  });

  it("of an earlier version of adopt are named with what they don't read", () => {
    const project = Project.fixture("plain-sup");
    project.adopt();
    project.write("rel/env.sh.eex", project.read("rel/env.sh.eex").replaceAll("DISTRIBUTION_CERTIFICATES", "OTHER"));
    const { findings, changes } = project.plan();
    expect(findings.map(({ edit }) => edit).filter(({ kind }) => kind !== "present")).toEqual([
      {
        kind: "by-hand",
        why: "it is from an earlier version of adopt and doesn't read DISTRIBUTION_CERTIFICATES",
        todo: expect.stringMatching(/^Put the content of \S*rel\/env.sh.eex in its place; keep lines of your own$/),
      },
    ]);
    expect(changes).toEqual([]);
  });

  it("of the project's own are kept, whatever they read", () => {
    const project = Project.fixture("plain-sup");
    project.adopt();
    project.write(
      "rel/env.sh.eex",
      '#!/bin/sh\nexport RELEASE_NODE="a@$IP"\nELIXIR_ERL_OPTIONS="-kernel inet_dist_listen_min $DISTRIBUTION_PORT_MIN"\n',
    );
    expect(project.findings("rel/env.sh.eex")).toContain(
      "present: the node's name and the distribution's ports, from the task",
    );
  });

  it("go where mix.exs looks for them", () => {
    const project = Project.fixture("plain-sup");
    project.replace("mix.exs", "deps: deps()", 'deps: deps(),\n      releases: [a: [rel_templates_path: "release"]]');
    expect(project.findings("release/env.sh.eex")).toHaveLength(1);
  });
});

describe("the Dockerfile", () => {
  const adopted = (dockerfile: string) => {
    const project = Project.fixture("plain-sup");
    project.write("Dockerfile", dockerfile);
    const plan = project.adopt();
    return { text: project.read("Dockerfile"), plan };
  };

  it("gets its tools in the stage that the last one builds on", () => {
    const { text } = adopted(
      'FROM debian AS base\nRUN apt-get install -y openssl\nFROM elixir AS build\nRUN apt-get install -y git\nFROM base\nCMD ["a"]\n',
    );
    expect(text).toContain("FROM debian AS base\nRUN apt-get install -y curl jq openssl\n");
    expect(text).toContain("RUN apt-get install -y git\n");
  });

  it("isn't misled by what is copied from another stage", () => {
    const { text } = adopted('FROM a AS tools\nFROM b\nCOPY --from=tools . .\nRUN mix release\nCMD ["a"]\n');
    expect(text).toContain("COPY rel rel\nRUN mix release\n");
  });

  it.each(["rel", "rel/", "./rel", "."])("has the release's files by a copy of the folder above them: %s", (source) => {
    const project = Project.fixture("plain-sup");
    project.replace("mix.exs", "deps: deps()", 'deps: deps(), rel_templates_path: "rel/server"');
    project.write("Dockerfile", `FROM a\nCOPY ${source} ./rel\nRUN mix release\nCMD ["a"]\n`);
    expect(project.findings("Dockerfile")).toContain("present: rel/server/ in the build");
  });

  it.each(["../elsewhere", "ops/../../elsewhere", "/etc/rel"])(
    "copies nothing from outside the project: %s",
    (folder) => {
      const project = Project.fixture("plain-sup");
      project.replace("mix.exs", "deps: deps()", `deps: deps(), rel_templates_path: "${folder}"`);
      project.write("Dockerfile", 'FROM a\nRUN mix release\nCMD ["a"]\n');
      expect(project.findings("Dockerfile")).toContain(`by-hand: ${folder}/ in the build`);
      project.adopt();
      expect(project.read("Dockerfile")).not.toMatch(/^COPY/m);
    },
  );

  it("says what to install where it installs nothing", () => {
    const { plan } = adopted('FROM debian\nCMD ["a"]\n');
    expect(plan.findings.map(({ edit }) => edit)).toContainEqual(
      expect.objectContaining({ why: "its last stage installs no packages with apt-get or apk" }),
    );
  });

  it("isn't misled by ports in a comment, nor by those of the first stage", () => {
    const { text } = adopted('FROM a AS b\nEXPOSE 4369\nFROM c\n# EXPOSE 9000-9010\nEXPOSE 4000/tcp\nCMD ["a"]\n');
    expect(text).toMatch(/EXPOSE 4000\/tcp\n\n# .*\nEXPOSE 4369 9000-9010\n\n# .*\nVOLUME/);
  });

  it("accepts a wider range, and an exec in shell form", () => {
    const { plan } = adopted(
      "FROM debian\nRUN apt-get install -y curl jq\nEXPOSE 4000 4369 9000-9100\nVOLUME /tmp\nCMD exec bin/a start\n",
    );
    expect(plan.findings.filter(({ step, edit }) => step.file === "Dockerfile" && edit.kind !== "present")).toEqual([]);
  });
});

describe("a folder that isn't a mix project", () => {
  it("is refused", () => {
    const project = new Project();
    expect(() => project.plan()).toThrow(`${project.root} has no mix.exs. Give the folder of a mix project.`);
  });
});
