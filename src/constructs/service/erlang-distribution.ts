import { maxPort, merged, type PortRange } from "../../aws/network/ports";
import { certificatesVariable } from "../../containers/variables";
import {
  defaultDistributionPorts,
  type DistributionMode,
  epmdPort,
  lowestNodePort,
  usesEpmd,
} from "../../distribution";
import { UserError } from "../../user-error";
import type { ReleaseSecret } from "./secrets/release-secret";

/**
 * The ports of Erlang distribution, in one place. Security-group rules use {@link ports}, the container gets
 * {@link environment} and {@link secrets}, from which the release's `env.sh` sets the node's flags; so they can't drift apart.
 */
export class ErlangDistribution {
  private constructor(
    readonly mode: DistributionMode,
    private readonly listening: PortRange,
    private readonly extraPorts: readonly PortRange[],
    private readonly certificates?: ReleaseSecret,
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

  /**
   * A single port, over which nodes speak TLS 1.3. Both sides must present a certificate that an authority of the cluster signed.
   * Source: https://www.erlang.org/doc/apps/ssl/ssl_distribution
   *
   * @param certificates the secret that the command `secrets` writes. A service needs it; of a peer of another project it is unknown.
   * @throws UserError when the port isn't within 1024–65535.
   */
  static tls(port: number = defaultDistributionPorts.from, certificates?: ReleaseSecret): ErlangDistribution {
    return new ErlangDistribution("tls", checked({ from: port, to: port }), [], certificates);
  }

  /** The same, with further TCP ports open between peers, for other protocols of the application. */
  withExtraPorts(extraPorts: readonly PortRange[]): ErlangDistribution {
    return new ErlangDistribution(this.mode, this.listening, extraPorts, this.certificates);
  }

  /** Where one node reaches another, in ascending order, overlaps merged: what a security group must allow. */
  get ports(): readonly PortRange[] {
    return merged([...this.distributionPorts, ...this.extraPorts]);
  }

  /** The ports of distribution itself, without the extra ones. */
  get distributionPorts(): readonly PortRange[] {
    return usesEpmd(this.mode) ? merged([{ from: epmdPort, to: epmdPort }, this.listening]) : [this.listening];
  }

  /** The container's variables, which the release's `env.sh` reads. */
  get environment(): Readonly<Record<string, string>> {
    return {
      DISTRIBUTION_MODE: this.mode,
      DISTRIBUTION_PORT_MIN: String(this.listening.from),
      DISTRIBUTION_PORT_MAX: String(this.listening.to),
    };
  }

  /** The container's secrets, which `env.sh` reads too. */
  get secrets(): Readonly<Record<string, ReleaseSecret>> {
    return this.certificates ? { [certificatesVariable]: this.certificates } : {};
  }

  /**
   * Whether a node of this mode can talk to one of `other`: both must look for the port in the same way, and over TLS have
   * certificates of one authority.
   */
  isCompatibleWith(other: ErlangDistribution): boolean {
    if (this.mode !== other.mode) return false;
    if (usesEpmd(this.mode)) return true;
    const [own, theirs] = [this.certificates, other.certificates];
    return this.listening.from === other.listening.from && (!own || !theirs || own.arn === theirs.arn);
  }

  /** The mode and ports, for messages. */
  toString(): string {
    const { from, to } = this.listening;
    if (usesEpmd(this.mode)) return `epmd with ${from}–${to}`;
    if (this.mode === "single-port") return `single port ${from}`;
    return `TLS on port ${from}${this.certificates ? ` with the certificates in ${this.certificates.name}` : ""}`;
  }
}

function checked(range: PortRange): PortRange {
  const { from, to } = range;
  if (!(Number.isInteger(from) && Number.isInteger(to) && from >= lowestNodePort && to <= maxPort && from <= to)) {
    throw new UserError(
      `distribution ports ${from}–${to}: they must be within ${lowestNodePort}–${maxPort}, the first not above the last`,
    );
  }
  if (from <= epmdPort && epmdPort <= to) {
    throw new UserError(
      `distribution ports ${from}–${to} contain ${epmdPort}, which is epmd's own: choose a range without it`,
    );
  }
  return range;
}
