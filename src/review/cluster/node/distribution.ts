import type { PortRange } from "../../../aws/network/ports";
import {
  discoveries,
  discoveryOf,
  discoveryVariable,
  nodesVariable,
  pollingIntervalOf,
  pollingIntervalVariable,
  type Discovery,
} from "../../../discovery";
import {
  defaultDistributionPorts,
  defaultNetTicktime,
  defaultPollingIntervalMs,
  type DistributionMode,
  distributionModes,
  usesEpmd,
} from "../../../distribution";
import type { Container } from "./containers";
import { EmulatorFlags } from "./emulator-flags";

/** A setting, and whether the plan says it or the review assumes it. */
export interface Setting<T> {
  readonly value: T;
  readonly assumed: boolean;
  /** Whether the user gave it for what the plan doesn't say. */
  readonly given?: true;
}

/** What the review assumes where the environment of the containers sets nothing. */
export interface Assumptions {
  /** First and last port a node listens on. */
  readonly ports: PortRange;
  readonly mode: DistributionMode;
  readonly discovery: Discovery;
  /** Seconds. */
  readonly netTicktime: number;
  /** Milliseconds. */
  readonly pollingInterval: number;
}

/** Where nodes listen by default in a mode. */
export function defaultPorts(mode: DistributionMode): PortRange {
  const { from } = defaultDistributionPorts;
  return usesEpmd(mode) ? defaultDistributionPorts : { from, to: from };
}

/** epmd with 9000–9010, as guides have it; Erlang's net_ticktime of 60 s; libcluster's polling interval of 5000 ms. */
export const usualAssumptions: Assumptions = {
  ports: defaultPorts("epmd"),
  mode: "epmd",
  discovery: "dnspoll",
  netTicktime: defaultNetTicktime.erlang,
  pollingInterval: defaultPollingIntervalMs.dnsPoll,
};

/** How a service's nodes talk to each other. */
export interface Distribution {
  readonly mode: Setting<DistributionMode>;
  readonly ports: Setting<PortRange>;
  readonly discovery: Setting<Discovery>;
  /** Seconds. */
  readonly netTicktime: Setting<number>;
  /** Milliseconds. */
  readonly pollingInterval: Setting<number>;
  /** What carries it, as `-proto_dist` names it: `inet_tcp` unless a flag or the mode says otherwise. */
  readonly protocol: string;
  /** Why it is unknown where its nodes listen and connect to: a flag decides it. */
  readonly unsure?: string;
}

/** Values for what a plan does not set: those of the user, then the usual ones. */
export interface Fallbacks {
  readonly usual: Assumptions;
  readonly given: Partial<Assumptions>;
}

/**
 * Reads it from a container's environment: the variables of this project's application, and the flags of the BEAM in
 * `ERL_FLAGS` and its like. What neither says holds as the user gave it. With `CLUSTER_NODES` or `CLUSTER_DISCOVERY` the application is
 * this project's, and its own defaults come next; its `env.sh` puts them behind `ELIXIR_ERL_OPTIONS`, so of flags only those
 * count that come after the command line.
 */
export function distributionOf(container: Container | undefined, { usual, given }: Fallbacks): Distribution {
  const environment = container?.environment ?? new Map<string, string>();
  const flags = new EmulatorFlags(environment);
  const ours = environment.has(nodesVariable) || environment.has(discoveryVariable);
  const kernel = (name: string, parameter: string) =>
    integer(flags.kernel(parameter, true)) ??
    integer(environment.get(name)) ??
    (ours ? undefined : integer(flags.kernel(parameter)));
  const mode = modeOf(environment, flags, ours, { usual, given });
  const unsure = unsureOf(flags);
  const interval = integer(environment.get(pollingIntervalVariable));
  return {
    mode,
    ports: setting(portsOf(kernel, flags), given.ports, ours ? defaultPorts(mode.value) : undefined, usual.ports),
    discovery: setting(
      discoveries.find((one) => one === environment.get(discoveryVariable)),
      given.discovery,
      discoveryOf((name) => environment.get(name)),
      usual.discovery,
    ),
    netTicktime: setting(
      kernel("NET_TICKTIME", "net_ticktime"),
      given.netTicktime,
      ours ? defaultNetTicktime.ours : undefined,
      usual.netTicktime,
    ),
    pollingInterval: setting(
      interval,
      given.pollingInterval,
      pollingIntervalOf((name) => environment.get(name)),
      usual.pollingInterval,
    ),
    protocol: flags.once("-proto_dist") ?? (mode.value === "tls" ? "inet_tls" : "inet_tcp"),
    ...(unsure !== undefined && { unsure }),
  };
}

function portsOf(
  kernel: (name: string, parameter: string) => number | undefined,
  flags: EmulatorFlags,
): PortRange | undefined {
  const from = kernel("DISTRIBUTION_PORT_MIN", "inet_dist_listen_min") ?? integer(flags.once("-erl_epmd_port"));
  const to = kernel("DISTRIBUTION_PORT_MAX", "inet_dist_listen_max") ?? from;
  return from === undefined || to === undefined ? undefined : { from, to };
}

function modeOf(
  environment: ReadonlyMap<string, string>,
  flags: EmulatorFlags,
  ours: boolean,
  { usual, given }: Fallbacks,
): Setting<DistributionMode> {
  const named = distributionModes.find((one) => one === environment.get("DISTRIBUTION_MODE"));
  const written = named ?? (flags.once("-erl_epmd_port") === undefined ? undefined : "single-port");
  return setting<DistributionMode>(written, given.mode, ours ? "epmd" : undefined, usual.mode);
}

/** Flags that take epmd, or what it tells, out of the review's sight. Source: https://www.erlang.org/doc/apps/erts/erl_cmd.html */
function unsureOf(flags: EmulatorFlags): string | undefined {
  const epmd = flags.all("-epmd_module").at(-1)?.[1];
  if (epmd !== undefined) return `-epmd_module ${epmd} decides where its nodes are looked for, in place of epmd`;
  if (flags.all("-dist_listen").at(-1)?.[1] === "false") return "-dist_listen false: its nodes may not listen at all";
  const without = flags.all("-start_epmd").at(-1)?.[1] === "false" && flags.once("-erl_epmd_port") === undefined;
  return without ? "-start_epmd false without -erl_epmd_port: whether an epmd runs isn't known" : undefined;
}

/** What the plan says, else what the user gave, else the application's own default, else what is usual. */
function setting<T>(written: T | undefined, given: T | undefined, own: T | undefined, usual: T): Setting<T> {
  if (written !== undefined) return { value: written, assumed: false };
  if (given !== undefined) return { value: given, assumed: false, given: true };
  return own === undefined ? { value: usual, assumed: true } : { value: own, assumed: false };
}

function integer(source: string | undefined): number | undefined {
  return source !== undefined && /^\d+$/.test(source) ? Number(source) : undefined;
}
