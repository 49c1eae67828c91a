/** TCP or UDP ports, both ends included. */
export interface PortRange {
  /** The lowest port, 0 to 65535. */
  readonly from: number;
  /** The highest port, at least `from`. */
  readonly to: number;
}

/** The highest port. */
export const maxPort = 65_535;

/**
 * The ports that Linux, and with it a Fargate task, connects from.
 * Source: https://docs.kernel.org/networking/ip-sysctl.html (ip_local_port_range)
 */
export const ephemeralPorts: PortRange = { from: 32_768, to: 60_999 };

export const everyPort: PortRange = { from: 0, to: maxPort };

/** `9000–9010`, or `4369` for a single port. */
export const showPorts = ({ from, to }: PortRange): string => (from === to ? `${from}` : `${from}–${to}`);

/** What two ranges share; `undefined` for nothing. */
export function shared(one: PortRange, other: PortRange): PortRange | undefined {
  const both = { from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) };
  return both.from <= both.to ? both : undefined;
}

export const overlaps = (one: PortRange, other: PortRange): boolean => shared(one, other) !== undefined;

/** Ranges in ascending order, with those that touch or overlap made one. */
export function merged(ranges: readonly PortRange[]): PortRange[] {
  const result: PortRange[] = [];
  for (const range of [...ranges].sort((one, other) => one.from - other.from)) {
    const last = result.at(-1);
    if (last && range.from <= last.to + 1)
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else result.push(range);
  }
  return result;
}

/** The parts of `range` that are in none of `others`, in ascending order. */
export function without(range: PortRange, others: readonly PortRange[]): PortRange[] {
  const left: PortRange[] = [];
  let next = range.from;
  for (const { from, to } of merged(others)) {
    if (from > range.to) break;
    if (from > next) left.push({ from: next, to: from - 1 });
    next = Math.max(next, to + 1);
  }
  return next > range.to ? left : [...left, { from: next, to: range.to }];
}

/** Whether a security-group rule is for any protocol, and with it any port. */
export const isAnyProtocol = (protocol: string): boolean => protocol === "-1" || protocol.toLowerCase() === "all";

/** Whether a security-group rule is for TCP. Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html */
export const isTcp = (protocol: string): boolean =>
  isAnyProtocol(protocol) || protocol === "6" || protocol.toLowerCase() === "tcp";

/** The ports of a rule as EC2 has them: every port for any protocol, and where the first one is left out or -1. */
export function rulePorts(protocol: string, from: number | undefined, to: number | undefined): PortRange {
  if (isAnyProtocol(protocol) || from === undefined || from < 0) return everyPort;
  return { from, to: to ?? from };
}
