import { maxPort, merged, type PortRange } from "../../aws/network/ports";
import { defaultDistributionPorts, epmdPort } from "../../distribution";
import { UserError } from "../../user-error";

/** How nodes find each other's listening port. */
export type DistributionMode = "epmd" | "single-port";

/**
 * The ports of Erlang distribution, in one place. Security-group rules use {@link ports}, the container gets
 * {@link environment}, from which the release's `env.sh` sets the node's flags; so the two can't drift apart.
 */
export class ErlangDistribution {
  private constructor(
    /** Whether nodes ask epmd for a peer's port, or all use the same one. */
    readonly mode: DistributionMode,
    private readonly listening: PortRange,
    private readonly extraPorts: readonly PortRange[],
  ) {}

  /**
   * Nodes register with epmd on 4369 and listen on a port of a fixed range.
   *
   * @param range where nodes listen. @default 9000–9010
   * @throws UserError when the range is empty, isn't within 1024–65535, or contains epmd's port.
   */
  static epmd(range: PortRange = defaultDistributionPorts): ErlangDistribution {
    return new ErlangDistribution("epmd", checked(range), []);
  }

  /**
   * No epmd: every node listens on this one port, and every node knows it. One port in all.
   * Source: `-erl_epmd_port`, https://www.erlang.org/doc/apps/erts/erl_cmd
   *
   * @throws UserError when the port isn't within 1024–65535.
   */
  static singlePort(port: number = defaultDistributionPorts.from): ErlangDistribution {
    return new ErlangDistribution("single-port", checked({ from: port, to: port }), []);
  }

  /** The same, with further TCP ports open between peers, for other protocols of the application. */
  withExtraPorts(extraPorts: readonly PortRange[]): ErlangDistribution {
    return new ErlangDistribution(this.mode, this.listening, extraPorts);
  }

  /** Where one node reaches another, in ascending order, overlaps merged: what a security group must allow. */
  get ports(): readonly PortRange[] {
    return merged([...this.distributionPorts, ...this.extraPorts]);
  }

  /** The ports of distribution itself, without the extra ones. */
  get distributionPorts(): readonly PortRange[] {
    return this.mode === "epmd" ? merged([{ from: epmdPort, to: epmdPort }, this.listening]) : [this.listening];
  }

  /** The container's variables, which the release's `env.sh` reads. */
  get environment(): Readonly<Record<string, string>> {
    return {
      DISTRIBUTION_MODE: this.mode,
      DISTRIBUTION_PORT_MIN: String(this.listening.from),
      DISTRIBUTION_PORT_MAX: String(this.listening.to),
    };
  }

  /** Whether a node of this mode can talk to one of `other`: both must look for the port in the same way. */
  isCompatibleWith(other: ErlangDistribution): boolean {
    if (this.mode !== other.mode) return false;
    return this.mode === "epmd" || this.listening.from === other.listening.from;
  }

  /** The mode and ports, for messages. */
  toString(): string {
    const { from, to } = this.listening;
    return this.mode === "epmd" ? `epmd with ${from}–${to}` : `single port ${from}`;
  }
}

function checked(range: PortRange): PortRange {
  const { from, to } = range;
  if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 1024 && to <= maxPort && from <= to)) {
    throw new UserError(
      `distribution ports ${from}–${to}: they must be within 1024–${maxPort}, the first not above the last`,
    );
  }
  if (from <= epmdPort && epmdPort <= to) {
    throw new UserError(
      `distribution ports ${from}–${to} contain ${epmdPort}, which is epmd's own: choose a range without it`,
    );
  }
  return range;
}
