import { distributionOf, usualAssumptions, type Assumptions } from "../../src/review/cluster/node/distribution";
import type { Container } from "../../src/review/cluster/node/containers";
import { reviewPlan } from "../../src/review/review";
import { pairsOf } from "./fixtures";
import { goodLayout } from "./good-layout";
import { setVariable } from "./layouts";

const distribution = (environment: Record<string, string>, given: Partial<Assumptions> = {}) =>
  distributionOf({ environment: new Map(Object.entries(environment)) } as Partial<Container> as Container, {
    usual: usualAssumptions,
    given,
  });

describe("flags of the BEAM", () => {
  it.each([
    ["ERL_FLAGS alone", { ERL_FLAGS: "-kernel net_ticktime 33" }, 33],
    ["ERL_ZFLAGS after ERL_FLAGS", { ERL_ZFLAGS: "-kernel net_ticktime 44", ERL_FLAGS: "-kernel net_ticktime 33" }, 44],
    ["ERL_FLAGS after ERL_AFLAGS", { ERL_AFLAGS: "-kernel net_ticktime 11", ERL_FLAGS: "-kernel net_ticktime 33" }, 33],
    ["a release of OTP", { ERL_OTP25_FLAGS: "-kernel net_ticktime 55" }, 55],
    [
      "ERL_AFLAGS after those",
      { ERL_AFLAGS: "-kernel net_ticktime 11", ERL_OTP25_FLAGS: "-kernel net_ticktime 5" },
      11,
    ],
    ["the last of several", { ERL_FLAGS: "-kernel net_ticktime 1 -kernel x y net_ticktime 2" }, 2],
    ["two blanks and other parameters", { ERL_AFLAGS: "-kernel  shell_history enabled  net_ticktime 20" }, 20],
    ["in quotes", { ERL_FLAGS: `-kernel net_ticktime "12"` }, 12],
    ["not another application's", { ERL_FLAGS: "-myapp net_ticktime 12" }, 60],
    ["not a value of that name", { ERL_FLAGS: "-kernel logger_level net_ticktime" }, 60],
  ])("say net_ticktime: %s", (_, environment, seconds) => {
    const { netTicktime } = distribution(environment);
    expect(netTicktime).toEqual({ value: seconds, assumed: seconds === 60 });
  });

  it("override this project's variables where they come after the command line", () => {
    const ours = { CLUSTER_NODES: "a@a.local", NET_TICKTIME: "15" };
    expect(distribution({ ...ours, ERL_FLAGS: "-kernel net_ticktime 33" }).netTicktime.value).toBe(33);
    expect(distribution({ ...ours, ERL_AFLAGS: "-kernel net_ticktime 33" }).netTicktime.value).toBe(15);
    expect(
      distribution({ CLUSTER_NODES: "a@a.local", ELIXIR_ERL_OPTIONS: "-kernel net_ticktime 33" }).netTicktime.value,
    ).toBe(15);
  });

  it("say ports and mode, and nothing is assumed then", () => {
    const range = { ERL_AFLAGS: "-kernel inet_dist_listen_min 9100 inet_dist_listen_max 9155" };
    expect(distribution(range).ports).toEqual({ value: { from: 9100, to: 9155 }, assumed: false });
    const { mode, ports } = distribution({ ERL_FLAGS: "-start_epmd false -erl_epmd_port 9200" });
    expect([mode, ports]).toEqual([
      { value: "single-port", assumed: false },
      { value: { from: 9200, to: 9200 }, assumed: false },
    ]);
  });
});

const pairsWith = (...variables: readonly (readonly ["shop" | "stock", string, string])[]) => {
  const layout = goodLayout();
  for (const [service, name, value] of variables) setVariable(layout, service, name, value);
  return pairsOf(reviewPlan(layout));
};

describe("a pair", () => {
  const inet6 = "-proto_dist inet6_tcp";

  it.each(["ERL_AFLAGS", "ERL_FLAGS", "ERL_ZFLAGS"])("over IPv6 by %s with A records is blocked", (name) => {
    const pairs = pairsWith(["shop", name, inet6], ["stock", name, inet6]);
    expect(pairs["shop→stock"]).toEqual([
      "blocked",
      "-proto_dist inet6_tcp dials IPv6 addresses, and stock's service registers A records alone",
    ]);
    expect(pairs["shop→shop"]![0]).toBe("blocked");
  });

  it("of two protocols is blocked", () => {
    expect(pairsWith(["shop", "ERL_FLAGS", "-proto_dist inet_tls"])["shop→stock"]).toEqual([
      "blocked",
      "modes differ: shop runs -proto_dist inet_tls, stock inet_tcp",
    ]);
  });

  it("over TLS connects", () => {
    const tls = "-proto_dist inet_tls";
    expect(pairsWith(["shop", "ERL_FLAGS", tls], ["stock", "ERL_FLAGS", tls])["shop→stock"]).toEqual(["connects"]);
  });

  it.each([
    ["-epmd_module Elixir.My.Epmd", "-epmd_module Elixir.My.Epmd decides where its nodes are looked for"],
    ["-start_epmd false", "-start_epmd false without -erl_epmd_port: whether an epmd runs isn't known"],
    ["-dist_listen false", "-dist_listen false: its nodes may not listen at all"],
  ])("with %s is unknown", (flags, because) => {
    const [state, ...reasons] = pairsWith(["stock", "ERL_FLAGS", flags])["shop→stock"]!;
    expect([state, ...reasons]).toEqual(["unknown", expect.stringContaining(`stock: ${because}`)]);
  });

  it("with -setcookie in addition to a release's own cookie is blocked, its own tasks too", () => {
    const pairs = pairsWith(["shop", "ERL_FLAGS", "-setcookie abc"]);
    const because = expect.stringContaining("the BEAM uses neither") as string;
    expect([pairs["shop→stock"], pairs["shop→shop"]]).toEqual([
      ["blocked", because],
      ["blocked", because],
    ]);
    expect(JSON.stringify(pairs)).not.toContain("abc");
  });

  it("with another node's cookie in -setcookie connects", () => {
    expect(pairsWith(["shop", "ERL_FLAGS", "-setcookie other@host abc"])["shop→stock"]).toEqual(["connects"]);
  });
});

describe("what the user gives", () => {
  const all = {
    ports: { from: 9100, to: 9110 },
    mode: "epmd",
    discovery: "dnspoll",
    netTicktime: 30,
    pollingInterval: 2000,
  } as const;

  it("overrides what this project's application does by itself", () => {
    const { ports, discovery, netTicktime, pollingInterval } = distribution({ CLUSTER_NODES: "a@a.local" }, all);
    expect([ports, discovery, netTicktime, pollingInterval]).toEqual(
      [{ from: 9100, to: 9110 }, "dnspoll", 30, 2000].map((value) => ({ value, assumed: false, given: true })),
    );
  });

  it("doesn't override what the plan says", () => {
    const environment = {
      CLUSTER_NODES: "a@a.local",
      CLUSTER_DISCOVERY: "dns",
      CLUSTER_POLLING_INTERVAL: "1000",
      NET_TICKTIME: "15",
      DISTRIBUTION_PORT_MIN: "9000",
      DISTRIBUTION_PORT_MAX: "9010",
      DISTRIBUTION_MODE: "epmd",
    };
    expect(JSON.stringify(distribution(environment, all))).not.toContain("given");
  });

  it("is listed under the assumptions, and counts as told for findings", () => {
    const layout = goodLayout();
    for (const name of ["CLUSTER_DISCOVERY", "CLUSTER_POLLING_INTERVAL", "NET_TICKTIME"])
      for (const service of ["shop", "stock", "mail"] as const) setVariable(layout, service, name, undefined);
    layout.resource.aws_ecs_service!.shop!.desired_count = 12;
    const flaps = (assumptions: Partial<Assumptions>) => {
      const review = reviewPlan(layout, { assumptions });
      return { ...review, found: review.findings.filter(({ check }) => check.id === "dns-answer-limit") };
    };
    expect(flaps({}).found).toEqual([]);
    const { found, assumptions } = flaps({ discovery: "dnspoll", netTicktime: 30 });
    expect(found).toHaveLength(1);
    expect(assumptions).toEqual([
      "all services: dnspoll, as --discovery says",
      "all services: 30 s, as --net-ticktime says",
    ]);
  });
});
