import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { isComplete, readMixProject, unifiedDiff } from "../../src/adopt";
import { describeWith } from "../tool-here";
import { Project, fixtures } from "./project";
import { notEmpty } from "../not-empty";

const sample = (file: string) => readFileSync(path.join(__dirname, "../../elixir-app", file), "utf8");

describe.each(fixtures)("%s", (name) => {
  it("has nothing left to edit once it is adopted", () => {
    const project = Project.fixture(name);
    project.adopt();
    expect(project.plan().changes).toEqual([]);
  });

  it("has nothing left to edit once it is adopted with --libcluster", () => {
    const project = Project.fixture(name);
    project.adopt({ libcluster: true });
    expect(project.plan().changes).toEqual([]);
    expect(project.plan({ libcluster: true }).changes).toEqual([]);
  });

  it("gets from the printed diff, by git apply, what adopt writes", () => {
    const adopted = Project.fixture(name).commit();
    const patched = Project.fixture(name).commit();

    const plan = adopted.adopt();
    patched.write(".patch", unifiedDiff(plan.changes));
    patched.git("apply", "--whitespace=nowarn", ".patch");

    for (const { file } of notEmpty(plan.changes)) expect(patched.read(file)).toBe(adopted.read(file));
  });

  it("keeps its line ends where they are CRLF", () => {
    const unix = Project.fixture(name);
    const windows = Project.fixture(name);
    const files = unix.plan().changes.filter(({ before }) => before !== undefined);
    for (const { file } of files) windows.replace(file, /\n/g, "\r\n");

    unix.adopt();
    windows.adopt();

    for (const { file } of notEmpty(files)) expect(windows.read(file)).toBe(unix.read(file).replaceAll("\n", "\r\n"));
  });
});

describe.each(["phoenix-1.6", "phoenix-1.7", "phoenix-1.8"])("%s with libcluster", (name) => {
  const project = Project.fixture(name);
  const plan = project.adopt({ libcluster: true });

  it("is complete, with nothing to do by hand", () => {
    expect(isComplete(project.plan())).toBe(true);
    expect(plan.findings.filter(({ edit }) => edit.kind === "by-hand")).toEqual([]);
  });

  it("depends on libcluster", () => {
    expect(project.read("mix.exs")).toContain(
      '  defp deps do\n    [\n      {:libcluster, "~> 3.5"},\n      {:phoenix, ',
    );
  });

  it("starts discovery right before PubSub, and before the endpoint", () => {
    const source = project.read("lib/shop/application.ex");
    expect(source).toContain(
      "    topologies = Application.get_env(:libcluster, :topologies, [])\n\n    children = [\n",
    );
    expect(source).toMatch(
      / {6}\{Cluster\.Supervisor, \[topologies, \[name: Shop\.ClusterSupervisor\]\]\},\n( +#.*\n)* {6}\{Phoenix\.PubSub, [^]* {6}ShopWeb\.Endpoint/,
    );
    expect(project.plan().advice.join("\n")).not.toContain("Move it before them");
  });

  it("gets the sample's modules under its own name", () => {
    const strategy = project.read("lib/shop/cluster/strategy.ex");
    const renamed = sample("lib/myapp/cluster/strategy.ex").replaceAll("Myapp", "Shop").replaceAll(":myapp", ":shop");
    expect(strategy).toBe(renamed);
    expect(strategy).toContain("[:shop, :cluster, :poll]");
    expect(project.read("lib/shop/cluster/topologies.ex")).toMatch(/^defmodule Shop\.Cluster\.Topologies do\n/);
  });

  it("builds production's topologies inside the block for production", () => {
    expect(project.read("config/runtime.exs")).toContain(
      "if config_env() == :prod do\n  config :libcluster, topologies: Shop.Cluster.Topologies.from_env!(System.get_env())\n",
    );
  });

  it("takes the development port from PORT", () => {
    const files = project.read("config/dev.exs") + project.read("config/runtime.exs").split("if config_env()")[0];
    expect(files).toMatch(/port: String\.to_integer\(System\.get_env\("PORT"(, |\) \|\| )"4000"\)/);
    expect(project.read("config/dev.exs")).toContain("local: [strategy: Cluster.Strategy.LocalEpmd]");
  });

  it.each(["rel/env.sh.eex", "rel/vm.args.eex", "rel/remote.vm.args.eex"])("has the sample's %s", (file) => {
    expect(project.read(file)).toBe(sample(file));
  });

  it("has curl and jq in the last stage, and there alone", () => {
    const [builder, final] = project.read("Dockerfile").split("FROM ${RUNNER_IMAGE}");
    expect(final).toMatch(/apt-get install( -\S+)* curl jq libstdc\+\+6 /);
    expect(builder).not.toContain("jq");
  });

  it("exposes its ports and has its volume right before its command", () => {
    expect(project.read("Dockerfile")).toMatch(
      /\nEXPOSE 4000 4369 9000-9010\n\n# for readonlyRootFilesystem: .*\nVOLUME \/tmp\n\nCMD \["\/app\/bin\/server"\]\n$/,
    );
  });
});

describe("a Phoenix project with DNSCluster", () => {
  it("keeps it with --libcluster, and says that it is idle", () => {
    const project = Project.fixture("phoenix-1.7");
    const { advice } = project.adopt({ libcluster: true });
    expect(project.read("lib/shop/application.ex")).toContain("{DNSCluster, query: ");
    expect(advice).toContain(
      "DNSCluster (lib/shop/application.ex) stays. It is idle as long as DNS_CLUSTER_QUERY isn't set; leave it unset: " +
        "it would connect to the same nodes as libcluster.",
    );
  });

  it("says which line makes it poll whatever the environment", () => {
    const project = Project.fixture("phoenix-1.7");
    project.replace("lib/shop/application.ex", /query: Application.*:ignore/, 'query: "shop.internal"');
    expect(project.plan({ libcluster: true }).advice[0]).toContain(
      'lib/shop/application.ex:11 has DNSCluster poll "shop.internal"',
    );
  });
});

describe("docs/phoenix.md", () => {
  it("has every line that adopt adds to a file, as adopt writes it", () => {
    const page = readFileSync(path.join(__dirname, "../../docs/phoenix.md"), "utf8");
    const changed = Project.fixture("phoenix-1.7")
      .plan({ libcluster: true })
      .changes.filter(({ before }) => before !== undefined);
    const added = changed.flatMap(({ before, after }) => {
      const lines = new Set(before?.toString().split("\n"));
      return after
        .toString()
        .split("\n")
        .filter((line) => !lines.has(line) && !/^\s*#|apt-get/.test(line));
    });
    expect(added.length).toBeGreaterThan(10);
    for (const line of notEmpty(added)) expect(page).toContain(line.trim().replace(/,$/, ""));
  });
});

describe("the health check", () => {
  const answer = "an answer to the health check, GET /health";
  const found = (project: Project) => project.plan().findings.filter(({ step }) => step.what === answer);

  it("is answered by the endpoint, before force_ssl", () => {
    const project = Project.fixture("phoenix-1.8");
    project.adopt();
    expect(project.read("lib/shop_web/endpoint.ex")).toMatch(
      /plug ShopWeb\.Router\n\n {2}# The health checks .*\n {2}def call\(%Plug\.Conn\{request_path: "\/health"\} = conn, _options\) do\n/,
    );
    expect(found(project).map(({ edit }) => edit.kind)).toEqual(["present"]);
  });

  it.each(['get "/health", HealthController, :show', 'def call(%{path_info: ["health"]} = conn, _), do: conn'])(
    "is answered already by %s",
    (line) => {
      const project = Project.fixture("phoenix-1.8");
      project.write("lib/shop_web/router.ex", `defmodule ShopWeb.Router do\n  ${line}\nend\n`);
      expect(found(project)).toEqual([
        { step: expect.objectContaining({ file: "lib/shop_web/router.ex" }), edit: { kind: "present" } },
      ]);
    },
  );

  it.each(['# get "/health"', 'get "/healthz", HealthController, :show', 'get "/health-plans", Plans, :index'])(
    "isn't answered by %s",
    (line) => {
      const project = Project.fixture("phoenix-1.8");
      project.write("lib/shop_web/router.ex", `defmodule ShopWeb.Router do\n  ${line}\nend\n`);
      expect(found(project).map(({ edit }) => edit.kind)).toEqual(["edited"]);
    },
  );

  it.each([
    [
      "an endpoint with a call/2 of its own",
      "  def call(conn, opts), do: super(conn, opts)\n",
      "it has a function `call` of its own",
    ],
    ["a file with two modules", "end\n\ndefmodule Other do\n", "it doesn't contain exactly one module"],
  ])("is left by hand for %s", (_, lines, why) => {
    const project = Project.fixture("phoenix-1.8");
    project.replace("lib/shop_web/endpoint.ex", /^end$/m, `${lines}end`);
    expect(found(project)[0]?.edit).toMatchObject({ kind: "by-hand", why, lines: expect.stringContaining("super(") });
  });

  it("is left by hand where there are several endpoints", () => {
    const project = Project.fixture("phoenix-1.8");
    project.write(
      "lib/shop_admin/endpoint.ex",
      project.read("lib/shop_web/endpoint.ex").replace("ShopWeb.", "ShopAdmin."),
    );
    expect(found(project)).toEqual([
      {
        step: expect.objectContaining({ file: "lib/shop_admin/endpoint.ex" }),
        edit: expect.objectContaining({ kind: "by-hand", why: "there are others: lib/shop_web/endpoint.ex" }),
      },
    ]);
  });

  it("is left by hand where something else than Phoenix serves HTTP", () => {
    const project = Project.fixture("plain-sup");
    project.replace("mix.exs", "# {:dep_from_hexpm", '{:bandit, "~> 1.5"},\n      # {:dep_from_hexpm');
    expect(found(project)).toEqual([
      {
        step: expect.objectContaining({ file: "lib/ledger/application.ex" }),
        edit: expect.objectContaining({
          why: "the project has no Phoenix endpoint, and nothing in lib/ mentions /health",
          lines: expect.stringContaining('request_path: "/health"'),
        }),
      },
    ]);
  });

  it("is only spoken of where nothing serves HTTP", () => {
    const project = Project.fixture("plain-sup");
    expect(found(project)).toEqual([]);
    expect(project.plan().advice).toContainEqual(expect.stringContaining('Say "healthCheck": false'));
  });
});

describe("an umbrella", () => {
  it("keeps the DNSCluster of the application that has it, and gets a release of the whole umbrella", () => {
    const project = Project.fixture("umbrella");
    const { findings } = project.adopt();
    expect(findings[1]?.step).toMatchObject({
      what: "the child DNSCluster",
      file: "apps/shop/lib/shop/application.ex",
    });
    expect(project.read("mix.exs")).toContain("shop: [applications: [shop_web: :permanent]]");
    expect(isComplete(project.plan())).toBe(true);
    expect(() => project.plan({ app: "shop_web" })).toThrow("Leave --app out, or add --libcluster.");
  });

  it("starts libcluster from the application that has PubSub, before it", () => {
    const project = Project.fixture("umbrella");
    project.adopt({ libcluster: true });
    expect(project.read("apps/shop/mix.exs")).toContain("{:libcluster, ");
    expect(project.read("apps/shop_web/mix.exs")).not.toContain("libcluster");
    expect(project.read("apps/shop/lib/shop/application.ex")).toMatch(
      /\{Cluster\.Supervisor, .*\},\n +\{Phoenix\.PubSub/,
    );
    expect(project.read("config/runtime.exs")).toContain("Shop.Cluster.Topologies.from_env!");
    expect(project.read("mix.exs")).toContain("shop: [applications: [shop_web: :permanent]]");
    expect(isComplete(project.plan())).toBe(true);
  });

  it("without PubSub, starts it from the application that no other one depends on", () => {
    const project = Project.fixture("umbrella");
    project.replace("apps/shop/lib/shop/application.ex", / +\{(DNSCluster|Phoenix\.PubSub),.*\n/g, "");
    project.adopt();
    expect(project.read("apps/shop_web/mix.exs")).toContain("{:libcluster, ");
    expect(project.read("config/runtime.exs")).toContain("ShopWeb.Cluster.Topologies.from_env!");
  });

  it("starts it from the one that --app names", () => {
    const project = Project.fixture("umbrella");
    project.adopt({ app: "shop_web", libcluster: true });
    expect(project.read("apps/shop_web/lib/shop_web/application.ex")).toContain("name: ShopWeb.ClusterSupervisor");
    expect(existsSync(path.join(project.root, "apps/shop_web/lib/shop_web/cluster/strategy.ex"))).toBe(true);
  });

  it("goes on with the one that starts it already, without --app", () => {
    const project = Project.fixture("umbrella");
    project.adopt({ app: "shop_web", libcluster: true });
    expect(isComplete(project.plan())).toBe(true);
  });

  it("refuses an application that isn't there", () => {
    expect(() => Project.fixture("umbrella").plan({ app: "shopp" })).toThrow(
      "There is no application shopp here. There are: shop, shop_web.",
    );
  });

  it("asks when several applications might start it", () => {
    const project = Project.fixture("umbrella");
    project.replace("apps/shop_web/mix.exs", "      {:shop, in_umbrella: true},\n", "");
    project.replace("apps/shop/lib/shop/application.ex", / +\{(DNSCluster|Phoenix\.PubSub),.*\n/g, "");
    expect(() => project.plan()).toThrow("Name the one that starts it with --app <name>: shop, shop_web.");
  });

  it("needs an application", () => {
    const project = Project.fixture("umbrella");
    project.replace("mix.exs", 'apps_path: "apps"', 'apps_path: "services"');
    expect(() => project.plan()).toThrow(
      'This umbrella has no applications: mix.exs has apps_path: "services", and no folder of the project there has a mix.exs.',
    );
  });

  it("refuses the folder of one of its applications", () => {
    const application = path.join(Project.fixture("umbrella").root, "apps/shop_web");
    expect(() => readMixProject(application)).toThrow(
      "Give the umbrella's folder, and name this application with --app shop_web.",
    );
  });
});

describe("a project made by mix new --sup", () => {
  it("gets the configuration that it doesn't have", () => {
    const project = Project.fixture("plain-sup");
    project.adopt();
    expect(project.read("config/config.exs")).toMatch(/^import Config\n\nif config_env\(\) == :dev do\n/);
    expect(project.read("config/runtime.exs")).toMatch(/^import Config\n\nif config_env\(\) == :prod do\n/);
    expect(project.read("mix.exs")).toContain('[\n      {:libcluster, "~> 3.5"}\n      # {:dep_from');
  });

  it("hears what the image must have, and isn't incomplete for want of a Dockerfile", () => {
    const project = Project.fixture("plain-sup");
    expect(project.adopt().advice).toContainEqual(
      expect.stringMatching(/^There is no Dockerfile here\. The image needs curl and jq, .* shows one\.$/),
    );
    expect(isComplete(project.plan())).toBe(true);
  });
});

describe("a project that follows the old guide", () => {
  const project = Project.fixture("existing-rel");
  const plan = project.plan();

  it("keeps its dependency, its child and its development configuration", () => {
    expect(project.findings("mix.exs")).toEqual(["present: the dependency libcluster"]);
    expect(project.findings("lib/bank/application.ex")).toEqual(["present: the supervisor child Cluster.Supervisor"]);
    expect(project.findings("config/dev.exs")).toEqual(["present: the topology in development, LocalEpmd"]);
  });

  it.each([
    ["config/runtime.exs", "config/prod.exs:3 configures libcluster already, and topologies of both would be merged"],
    ["rel/env.sh.eex", "line 8 sets RELEASE_DISTRIBUTION in its own way"],
    ["rel/remote.vm.args.eex", "2 of its settings take precedence over what env.sh and the task definition set"],
    ["Dockerfile", "CMD is in shell form, so SIGTERM reaches a shell that doesn't forward it"],
  ])("gets the reason why %s isn't edited", (file, why) => {
    expect(plan.findings).toContainEqual({
      step: expect.objectContaining({ file }),
      edit: expect.objectContaining({ kind: "by-hand", why }),
    });
  });

  it("keeps its own flags, and gets those that it doesn't set", () => {
    const adopted = Project.fixture("existing-rel");
    adopted.adopt();
    const lines = adopted
      .read("rel/vm.args.eex")
      .split("\n")
      .filter((line) => /^[+-]/.test(line));
    expect(lines).toEqual(["+Q 65536", "+sbwt very_short", "+sbwtdcpu none", "+sbwtdio none", "-shutdown_time 25000"]);
  });

  it("gets rel/ into its build, jq next to curl, and only the port that isn't exposed", () => {
    const adopted = Project.fixture("existing-rel");
    adopted.adopt();
    expect(adopted.read("Dockerfile")).toContain("COPY rel rel\nRUN mix do ");
    expect(adopted.read("Dockerfile")).toContain("apk add --no-cache jq libstdc++ ncurses-libs curl\n");
    expect(adopted.read("Dockerfile")).toContain("# the range that a node listens on\nEXPOSE 9000-9010\n");
  });

  it("is complete after the steps that adopt lists were done by hand", () => {
    const adopted = Project.fixture("existing-rel");
    adopted.adopt();
    adopted.write("config/prod.exs", "import Config\n");
    adopted.write("rel/env.sh.eex", `ulimit -n 65536\n${sample("rel/env.sh.eex")}`);
    adopted.replace("rel/remote.vm.args.eex", /^-kernel.*\n/gm, "");
    adopted.replace("Dockerfile", "CMD /app/bin/bank start", 'CMD ["/app/bin/bank", "start"]');
    adopted.adopt();
    expect(isComplete(adopted.plan())).toBe(true);
  });
});

/** Prints what is wrong with the Elixir files it is given, by Elixir's own parser and formatter. */
// Phoenix adds `plug` to a project's .formatter.exs.
const inspection = `
for file <- System.argv() do
  source = File.read!(file)
  Code.string_to_quoted!(source, file: file)
  formatted = IO.iodata_to_binary([Code.format_string!(source, locals_without_parens: [plug: :*]), ?\\n])
  if formatted != source, do: IO.puts(file <> " isn't formatted")
end
`;

describeWith("elixir")("Elixir's own view of what was written", () => {
  it("parses all of it, and finds it formatted", () => {
    const written = fixtures.flatMap((name) => {
      const project = Project.fixture(name);
      return project
        .adopt({ libcluster: true })
        .changes.filter(({ file }) => /\.exs?$/.test(file))
        .map(({ file }) => path.join(project.root, file));
    });
    expect(written.length).toBeGreaterThan(30);
    expect(execFileSync("elixir", ["-e", inspection, "--", ...written], { encoding: "utf8" })).toBe("");
  });

  it.each(["phoenix-1.6", "phoenix-1.7", "phoenix-1.8", "umbrella"])("configures %s as it is meant", (name) => {
    const project = Project.fixture(name);
    project.adopt({ libcluster: true });
    const modules = project
      .plan()
      .findings.map(({ step }) => step.file)
      .filter((file) => file.endsWith("cluster/topologies.ex"));
    const evaluate = `
      {:ok, _, []} = Kernel.ParallelCompiler.require(${JSON.stringify(modules)})
      dev = Config.Reader.read!("config/dev.exs", env: :dev)
      dev = Config.Reader.merge(dev, Config.Reader.read!("config/runtime.exs", env: :dev))
      prod = Config.Reader.read!("config/runtime.exs", env: :prod)
      [endpoint] = for {_, config} <- dev, {key, value} <- config, inspect(key) == "ShopWeb.Endpoint", do: value
      IO.inspect(endpoint[:http][:port])
      IO.inspect(dev[:libcluster])
      for {_, topology} <- prod[:libcluster][:topologies] do
        IO.inspect([topology[:strategy] | Enum.sort(topology[:config])])
      end
    `;
    const output = execFileSync("elixir", ["-e", evaluate], {
      cwd: project.root,
      encoding: "utf8",
      env: {
        ...process.env,
        PORT: "4001",
        SECRET_KEY_BASE: "0",
        CLUSTER_NODES: "shop@shop.organization.local,till@till.organization.local",
      },
    });
    const topology = (basename: string) =>
      `[\n  Shop.Cluster.Strategy,\n  {:node_basename, "${basename}"},\n  {:polling_interval, 1000},\n` +
      `  {:query, "${basename}.organization.local"}\n]\n`;
    expect(output).toBe(
      `4001\n[topologies: [local: [strategy: Cluster.Strategy.LocalEpmd]]]\n${topology("shop")}${topology("till")}`,
    );
  });
});
