import { defaultPollingIntervalMs, pollingIntervalOf } from "../../distribution";
import type { PortRange } from "../network/ports";
import type { Container } from "./containers";

export type Mode = "epmd" | "single-port";
export type Resolver = "members" | "stock" | "dns_cluster";

/** epmd's port, which is the same everywhere. Source: https://www.erlang.org/doc/apps/erts/epmd_cmd.html */
export const epmdPort = 4369;

/** A setting, and whether the plan says it or the review assumes it. */
export interface Setting<T> {
  readonly value: T;
  readonly assumed: boolean;
}

/** What the review assumes where the containers' environment is silent. */
export interface Assumptions {
  /** First and last port a node listens on. */
  readonly ports: PortRange;
  readonly mode: Mode;
  readonly resolver: Resolver;
  /** Seconds. */
  readonly netTicktime: number;
  /** Milliseconds. */
  readonly pollingInterval: number;
}

/** epmd with 9000–9010, as guides have it; Erlang's net_ticktime of 60 s; libcluster's polling interval of 5000 ms. */
export const usualAssumptions: Assumptions = {
  ports: [9000, 9010],
  mode: "epmd",
  resolver: "stock",
  netTicktime: 60,
  pollingInterval: defaultPollingIntervalMs.dnsPoll,
};

/** How a service's nodes talk to each other. */
export interface Distribution {
  readonly mode: Setting<Mode>;
  readonly ports: Setting<PortRange>;
  readonly resolver: Setting<Resolver>;
  /** Seconds. */
  readonly netTicktime: Setting<number>;
  /** Milliseconds. */
  readonly pollingInterval: Setting<number>;
}

/**
 * Reads it from a container's environment: the variables of this project's application, and the flags of the BEAM in
 * `ERL_FLAGS` and its like. With `CLUSTER_NODES` the application is that one, and its own defaults hold.
 */
export function distributionOf(container: Container | undefined, assumptions: Assumptions): Distribution {
  const environment = container?.environment ?? new Map<string, string>();
  const flags = ["ERL_FLAGS", "ERL_AFLAGS", "ERL_ZFLAGS", "ELIXIR_ERL_OPTIONS"]
    .map((name) => environment.get(name) ?? "")
    .join(" ");
  const ours = environment.has("CLUSTER_NODES");
  const mode = modeOf(environment, flags, ours, assumptions);
  const whole = (name: string, flag: RegExp) => integer(environment.get(name)) ?? integer(flag.exec(flags)?.[1]);
  const min =
    whole("DISTRIBUTION_PORT_MIN", /inet_dist_listen_min\s+(\d+)/) ??
    integer(/-erl_epmd_port\s+(\d+)/.exec(flags)?.[1]);
  const max = whole("DISTRIBUTION_PORT_MAX", /inet_dist_listen_max\s+(\d+)/) ?? min;
  const usual: PortRange = ours ? (mode.value === "single-port" ? [9000, 9000] : [9000, 9010]) : assumptions.ports;
  return {
    mode,
    ports: min !== undefined && max !== undefined ? told([min, max]) : { value: usual, assumed: !ours },
    resolver: resolverOf(environment, ours, assumptions),
    netTicktime: setting(whole("NET_TICKTIME", /net_ticktime\s+(\d+)/), ours ? 15 : undefined, assumptions.netTicktime),
    pollingInterval: setting(
      pollingIntervalOf((name) => environment.get(name)),
      undefined,
      assumptions.pollingInterval,
    ),
  };
}

function modeOf(
  environment: ReadonlyMap<string, string>,
  flags: string,
  ours: boolean,
  assumptions: Assumptions,
): Setting<Mode> {
  const named = environment.get("DISTRIBUTION_MODE");
  if (named === "epmd" || named === "single-port") return told(named);
  if (/-erl_epmd_port\s+\d+/.test(flags)) return told("single-port");
  return ours ? told("epmd") : { value: assumptions.mode, assumed: true };
}

function resolverOf(
  environment: ReadonlyMap<string, string>,
  ours: boolean,
  assumptions: Assumptions,
): Setting<Resolver> {
  const named = environment.get("CLUSTER_RESOLVER");
  if (named === "members" || named === "stock") return told(named);
  if (ours) return told("members");
  return environment.has("DNS_CLUSTER_QUERY") ? told("dns_cluster") : { value: assumptions.resolver, assumed: true };
}

const told = <T>(value: T): Setting<T> => ({ value, assumed: false });

function setting(said: number | undefined, usual: number | undefined, assumed: number): Setting<number> {
  const value = said ?? usual;
  return value === undefined ? { value: assumed, assumed: true } : told(value);
}

function integer(source: string | undefined): number | undefined {
  return source !== undefined && /^\d+$/.test(source) ? Number(source) : undefined;
}
