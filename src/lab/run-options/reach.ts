import { isIPv4 } from "node:net";
import { maxPort } from "../../aws/network/ports";
import { UserError } from "../../user-error";
import type { Destination } from "../data-plane/data-plane";

/** First of the addresses for names beyond the VPC: addresses for documentation, which no VPC has. Source: RFC 5737 */
const network = "203.0.113";
const firstHost = 10;
const lastHost = 254;

const forms = "it must be NAME:PORT=HOST:PORT, such as db.internal:5432=127.0.0.1:5432";

/**
 * What `--reach NAME:PORT=HOST:PORT` options name: each name gets an address of its own, and a name that is an IPv4 address keeps
 * it. `NAME:PORT` alone connects this machine to the same name and port.
 *
 * @throws UserError when one has another form, or names a port of a name twice.
 */
export function parseReach(options: readonly string[]): Destination[] {
  const destinations = new Map<string, { name: string; address: string; ports: Destination["ports"][number][] }>();
  for (const option of options) {
    const { name, port, host, hostPort } = parsed(option);
    const known = destinations.get(name);
    if (known?.ports.some((each) => each.port === port))
      throw new UserError(`--reach ${option}: ${name}:${port} is given twice.`);
    const destination = known ?? { name, address: isIPv4(name) ? name : nextAddress(destinations.size), ports: [] };
    destination.ports.push({ port, host, hostPort });
    destinations.set(name, destination);
  }
  return [...destinations.values()];
}

function parsed(option: string) {
  const [left = "", right = left, ...more] = option.split("=");
  const [name, port] = place(left);
  const [host, hostPort] = place(right);
  const isName = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/.test(name);
  if (more.length > 0 || !isName || host === "" || port === undefined || hostPort === undefined)
    throw new UserError(`--reach ${option}: ${forms}.`);
  return { name, port, host, hostPort };
}

/** An IPv6 address is in brackets: `[::1]:5432`. */
function place(text: string): [name: string, port: number | undefined] {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]*)):(\d+)$/i.exec(text) ?? [];
  const number = Number(port);
  const valid = number >= 1 && number <= maxPort;
  return [(bracketed ?? plain ?? "").toLowerCase().replace(/\.$/, ""), valid ? number : undefined];
}

function nextAddress(index: number): string {
  const host = firstHost + index;
  if (host > lastHost) throw new UserError(`--reach takes ${lastHost - firstHost + 1} names at most.`);
  return `${network}.${host}`;
}
