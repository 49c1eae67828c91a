import { isComplete } from "../../../src/adopt";
import { Project } from "../project";

/** What is found in an adopted project once a file of it is another one: lines by hand, `undefined` when all is well. */
function found(file: string, change: (text: string) => string, libcluster = false): string | undefined {
  const project = Project.fixture("phoenix-1.7");
  project.adopt({ libcluster });
  project.write(file, change(project.read(file)));
  const plan = project.plan();
  const edits = plan.findings.flatMap(({ step, edit }) =>
    step.what === "settings that override the task's" && step.file === file ? [edit] : [],
  );
  expect(isComplete(plan)).toBe(edits.length === 0);
  const [edit] = edits;
  return edit?.kind === "by-hand" ? edit.lines?.replace(/^(line \d+: [^:]*):.*$/gm, "$1") : undefined;
}

const below = (lines: string) => (text: string) => `${text}${lines}\n`;

describe("flags in vm.args that override the task's environment", () => {
  it.each([
    ["-kernel net_ticktime 60", "line 1: -kernel net_ticktime"],
    ["-kernel   net_ticktime\t60", "line 1: -kernel net_ticktime"],
    ["-setcookie mysecret", "line 1: -setcookie"],
    [
      "-kernel shell_history enabled inet_dist_listen_min 9100 inet_dist_listen_max 9155",
      "line 1: -kernel inet_dist_listen_min\nline 1: -kernel inet_dist_listen_max",
    ],
    ["-kernel shell_history enabled\n  # ports\n  inet_dist_listen_min 9100", "line 3: -kernel inet_dist_listen_min"],
    ["+S 1\n-proto_dist inet6_tcp", "line 2: -proto_dist inet6_tcp"],
    ["-name shop@127.0.0.1", "line 1: -name"],
    ["-sname shop", "line 1: -sname"],
    ["-start_epmd false -erl_epmd_port 9000", "line 1: -start_epmd\nline 1: -erl_epmd_port"],
    ["-kernel inet_dist_use_interface '{127,0,0,1}'", "line 1: -kernel inet_dist_use_interface"],
    ['"-setcookie" x', "line 1: -setcookie"],
  ])("are named: %s", (flags, expected) => {
    expect(found("rel/vm.args.eex", (text) => `${flags}\n${text}`)).toBe(expected);
    expect(found("rel/remote.vm.args.eex", (text) => `${flags}\n${text}`)).toBe(expected);
  });

  it.each([
    "# -setcookie mysecret",
    "+S 1 # -setcookie mysecret",
    "<%# -setcookie mysecret %>",
    "-kernel shell_history enabled",
    "-proto_dist inet_tls -ssl_dist_optfile /app/tls.conf",
    "-mine inet_dist_listen_min 9100",
    '-mine "-setcookie x"#',
  ])("aren't seen in %s", (flags) => {
    expect(found("rel/vm.args.eex", (text) => `${flags}\n${text}`)).toBeUndefined();
  });
});

describe("variables in env.sh that override the task's", () => {
  it("are named, all those that Fly.io's generator writes", () => {
    const project = Project.fixture("phoenix-1.7");
    project.write(
      "rel/env.sh.eex",
      '#!/bin/sh\n\n# IPv6\nexport ERL_AFLAGS="-proto_dist inet6_tcp"\nexport ECTO_IPV6="true"\n' +
        'export DNS_CLUSTER_QUERY="${FLY_APP_NAME}.internal"\nexport RELEASE_DISTRIBUTION="name"\n' +
        'export RELEASE_NODE="${FLY_APP_NAME}-${FLY_IMAGE_REF##*-}@${FLY_PRIVATE_IP}"\n',
    );
    const { findings } = project.plan();
    expect(findings.filter(({ step }) => step.file === "rel/env.sh.eex").map(({ edit }) => edit)).toEqual([
      expect.objectContaining({ kind: "by-hand", why: "line 7 sets RELEASE_DISTRIBUTION in its own way" }),
      {
        kind: "by-hand",
        why: "5 of its settings take precedence over what env.sh and the task definition set",
        todo: "Remove those that you don't need",
        lines: [
          "line 4: ERL_AFLAGS has -proto_dist inet6_tcp: nodes would connect over IPv6, but DNS has only IPv4 addresses (A records)",
          "line 5: ECTO_IPV6: the database would be looked up by IPv6, which an IPv4 VPC doesn't have",
          "line 6: DNS_CLUSTER_QUERY: it overrides the names of the task definition",
          "line 7: RELEASE_DISTRIBUTION: nodes have long names, which env.sh sets",
          "line 8: RELEASE_NODE: the option releaseName sets it",
        ].join("\n"),
      },
    ]);
  });

  it.each([
    ["export RELEASE_COOKIE=mysecret", "RELEASE_COOKIE"],
    ["ERL_FLAGS='+S 2 -kernel inet_dist_listen_min 9100'", "ERL_FLAGS has -kernel inet_dist_listen_min"],
    ['export ELIXIR_ERL_OPTIONS="-kernel net_ticktime 60"', "ELIXIR_ERL_OPTIONS has -kernel net_ticktime"],
    ["export ERL_EPMD_ADDRESS=127.0.0.1", "ERL_EPMD_ADDRESS"],
    ["export RELEASE_VM_ARGS=/app/other.args", "RELEASE_VM_ARGS"],
    ["if true; then export RELEASE_IP=127.0.0.1; fi", "RELEASE_IP"],
  ])("are named below the sample's own lines: %s", (line, expected) => {
    expect(found("rel/env.sh.eex", below(line))).toMatch(new RegExp(`^line \\d+: ${expected}$`));
  });

  it.each([
    "# export RELEASE_COOKIE=mysecret",
    'export RELEASE_COOKIE="${RELEASE_COOKIE:-only-here}"',
    'export ERL_AFLAGS="+JMsingle true"',
    'export ERL_FLAGS="-kernel inet_dist_listen_min $DISTRIBUTION_PORT_MIN"',
    "export ECTO_IPV6=false",
    "export ERL_EPMD_PORT=4369",
    "export DNS_CLUSTER_QUERY=",
    "ulimit -n 65536",
  ])("aren't seen in %s", (line) => {
    expect(found("rel/env.sh.eex", below(line))).toBeUndefined();
  });

  it.each([
    ['export DNS_CLUSTER_QUERY="shop.internal"', "DNS_CLUSTER_QUERY"],
    ["CLUSTER_NODES=shop@shop.internal", "CLUSTER_NODES"],
    ["DISTRIBUTION_PORT_MIN=9100", "DISTRIBUTION_PORT_MIN"],
    ["RELEASE_DISTRIBUTION=sname", "RELEASE_DISTRIBUTION"],
  ])("are named that somebody adds to the sample's: %s", (line, name) => {
    expect(found("rel/env.sh.eex", below(line))).toMatch(new RegExp(`^line \\d+: ${name}$`));
  });

  it("aren't the sample's own, even where its owner changed it", () => {
    expect(
      found("rel/env.sh.eex", (text) => text.replace("DISTRIBUTION_PORT_MIN:-9000", "DISTRIBUTION_PORT_MIN:-9100")),
    ).toBeUndefined();
    expect(
      found("rel/env.sh.eex", (text) => text.replace(/\bRELEASE_DISTRIBUTION=name/, "RELEASE_DISTRIBUTION='name'")),
    ).toBeUndefined();
    expect(found("rel/env.sh.eex", (text) => text.replace("--max-time 2", "--max-time 5"))).toBeUndefined();
  });
});

describe("variables in the Dockerfile that override the task's", () => {
  const env = (lines: string) => (text: string) => text.replace("USER nobody", `${lines}\nUSER nobody`);

  it.each([
    ['ENV ERL_AFLAGS="-proto_dist inet6_tcp"', "ERL_AFLAGS has -proto_dist inet6_tcp"],
    ["ENV ERL_AFLAGS -proto_dist inet6_tcp", "ERL_AFLAGS has -proto_dist inet6_tcp"],
    ["ENV ECTO_IPV6 true", "ECTO_IPV6"],
    ["ENV A=b \\\n  # more\n  ECTO_IPV6=1", "ECTO_IPV6"],
    ["ENV RELEASE_NODE=shop@127.0.0.1", "RELEASE_NODE"],
    ["ENV RELEASE_COOKIE=mysecret", "RELEASE_COOKIE"],
    ["ENV RELEASE_DISTRIBUTION=name", "RELEASE_DISTRIBUTION"],
  ])("are named: %s", (lines, expected) => {
    expect(found("Dockerfile", env(lines))).toMatch(new RegExp(`^line \\d+: ${expected}$`));
  });

  it.each(["# ENV ECTO_IPV6=true", "ENV PORT=4000", 'ENV ERL_AFLAGS="+JMsingle true"', "ENV RELEASE_NAME=shop"])(
    "aren't seen in %s",
    (lines) => {
      expect(found("Dockerfile", env(lines))).toBeUndefined();
    },
  );

  it("are a query for DNSCluster next to libcluster; without it, the task definition's wins", () => {
    const query = env('ENV DNS_CLUSTER_QUERY="shop.internal"');
    expect(found("Dockerfile", query, true)).toMatch(/^line \d+: DNS_CLUSTER_QUERY$/);
    expect(found("Dockerfile", query)).toBeUndefined();
  });

  it("aren't those of the stage that builds", () => {
    const builder = (text: string) => text.replace("WORKDIR", "ENV ECTO_IPV6=true\nWORKDIR");
    expect(found("Dockerfile", builder)).toBeUndefined();
  });
});

describe("settings in Elixir that override the task's", () => {
  it.each([
    ["config/runtime.exs", "config :kernel, inet_dist_use_interface: {127, 0, 0, 1}", "inet_dist_use_interface"],
    ["config/runtime.exs", 'config :shop, :dns_cluster_query, "shop.internal"', 'dns_cluster_query, "shop.internal"'],
    ["config/runtime.exs", 'app = System.fetch_env!("FLY_APP_NAME")', 'System.fetch_env!("FLY_APP_NAME"'],
    ["config/prod.exs", "config :shop, Shop.Repo, socket_options: [:inet6]", "socket_options"],
    ["lib/shop/application.ex", "Node.set_cookie(:mysecret)", "Node.set_cookie"],
    ["lib/shop/application.ex", ":net_kernel.start([:shop])", ""],
  ])("are named in %s: %s", (file, line, expected) => {
    expect(found(file, below(line))).toContain(expected);
    expect(found(file, below(`# ${line}`))).toBeUndefined();
  });

  it.each(["Node.set_cookie(cookie())", "Node.set_cookie(node(), cookie)", ":erlang.set_cookie(:mine)"])(
    "are named for the node itself: %s",
    (line) => expect(found("lib/shop/application.ex", below(line))).toMatch(/^line \d+: /),
  );

  it("aren't a cookie for another node", () => {
    expect(found("lib/shop/application.ex", below("Node.set_cookie(other, cookie)"))).toBeUndefined();
  });

  it("aren't what Phoenix generates", () => {
    const ipv6 = 'maybe_ipv6 = if System.get_env("ECTO_IPV6") in ~w(true 1), do: [:inet6], else: []';
    const query = 'config :shop, :dns_cluster_query, System.get_env("DNS_CLUSTER_QUERY")';
    expect(found("config/runtime.exs", below(`${ipv6}\n${query}\nsocket_options: maybe_ipv6`))).toBeUndefined();
  });
});
