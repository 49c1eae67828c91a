import { showPorts } from "../../aws/network/ports";
import { epmdPort, usesEpmd } from "../../distribution";
import { dialledPorts } from "../cluster/connections/connection";
import type { Pair } from "../cluster/connections/matrix";
import type { Service } from "../cluster/services";
import type { Review } from "../review";

/** The ports of a connection as an arrow names them: `4369, 9000–9010`. */
export function portsLabel(from: Service, to: Service): string {
  const own = to.distribution.ports.value;
  return dialledPorts(from, to)
    .map((port) => (port === epmdPort || !usesEpmd(from.distribution.mode.value) ? String(port) : showPorts(own)))
    .join(", ");
}

/** Addresses of the rules that let a connection through, out of the one and into the other. */
export function rulesBehind({ firewall }: Review, { from, to }: Pair): readonly string[] {
  const range = (port: number) => ({ from: port, to: port });
  const rules = dialledPorts(from, to).flatMap((port) =>
    (["egress", "ingress"] as const).flatMap((direction) =>
      firewall.explain(direction, from.endpoint, to.endpoint, range(port)).map((rule) => {
        const ports = rule.anyProtocol ? "any port" : showPorts(rule.ports);
        return `${direction} ${ports}: ${rule.address}${rule.origin === "state" ? " (in the state alone: added outside this configuration)" : ""}`;
      }),
    ),
  );
  return [...new Set(rules)];
}

/** An arrow between two services, or between a service and a mesh. */
export interface Link {
  readonly from: Service | Mesh;
  readonly to: Service | Mesh;
  readonly state: "connects" | "blocked" | "unknown" | "open";
  /** Whether the other direction is the same, so that one line with two heads says both. */
  readonly both: boolean;
  readonly label: string;
  readonly details: readonly string[];
}

/** Services each of which connects with each, and with the same others: drawn as one hub, or 50 of them would be 1225 arrows. */
export interface Mesh {
  readonly members: readonly Service[];
  readonly label: string;
}

export interface Graph {
  readonly meshes: readonly Mesh[];
  readonly links: readonly Link[];
}

/** Later ones are painted over earlier ones: what is missing must be seen. */
const paintedLast: readonly Link["state"][] = ["open", "connects", "unknown", "blocked"];

/** From this many services on a full mesh is drawn as a hub. */
const meshFrom = 5;

/** The arrows of a drawing. Packets that may pass though nobody dials are drawn where there are few services. */
export function graphOf(review: Review): Graph {
  const meshes = findMeshes(review);
  const hub = new Map(meshes.flatMap((mesh) => mesh.members.map((member) => [member, mesh] as const)));
  const end = (service: Service, other: Service) => {
    const mesh = hub.get(service);
    return mesh && !mesh.members.includes(other) ? mesh : service;
  };
  const links = new Map<string, Link>();
  const key = (from: Service | Mesh, to: Service | Mesh, state: string) => `${idOf(from)} ${idOf(to)} ${state}`;
  for (const pair of review.matrix.pairs) {
    if (pair.from === pair.to || (hub.has(pair.from) && hub.get(pair.from) === hub.get(pair.to))) continue;
    const state = stateOf(pair, review);
    if (!state) continue;
    const whole = state === "connects";
    const [from, to] = [whole ? end(pair.from, pair.to) : pair.from, whole ? end(pair.to, pair.from) : pair.to];
    if (links.has(key(from, to, state))) continue;
    const label = portsLabel(pair.from, pair.to);
    const back = links.get(key(to, from, state));
    const details = detailsOf(review, pair);
    if (back && back.label === label)
      links.set(key(to, from, state), { ...back, both: true, details: [...back.details, ...details] });
    else links.set(key(from, to, state), { from, to, state, both: false, label, details });
  }
  return {
    meshes,
    links: [...links.values()].sort((a, b) => paintedLast.indexOf(a.state) - paintedLast.indexOf(b.state)),
  };
}

function stateOf(pair: Pair, { services }: Review): Link["state"] | undefined {
  if (pair.state !== "not-polled") return pair.state === "unknown" && services.length > 12 ? undefined : pair.state;
  return pair.packets === "yes" && services.length <= 12 ? "open" : undefined;
}

function detailsOf(review: Review, pair: Pair): readonly string[] {
  const title = `${pair.from.name} → ${pair.to.name}`;
  const why = pair.reasons.map(({ text }) => text);
  const rules = pair.packets === "yes" ? rulesBehind(review, pair) : [];
  const open =
    pair.state === "not-polled" ? [`${pair.from.name} doesn't poll ${pair.to.name}, though packets would pass`] : [];
  return [title, ...open, ...why, ...rules];
}

function findMeshes({ matrix, services }: Review): readonly Mesh[] {
  if (services.length < meshFrom) return [];
  const around = new Map<string, Service[]>();
  for (const service of services) {
    const connected = services.filter(
      (other) =>
        other === service ||
        (matrix.pair(service, other).state === "connects" && matrix.pair(other, service).state === "connects"),
    );
    const key = connected.map((other) => services.indexOf(other)).join(" ");
    const same = around.get(key);
    if (same) same.push(service);
    else around.set(key, [service]);
  }
  return [...around.values()]
    .filter((members) => members.length >= meshFrom)
    .map((members) => ({
      members,
      label: `each of these ${members.length} connects with each: ${portsLabel(members[0]!, members[1]!)}`,
    }));
}

/** A name for an end of a link that is unique within one drawing. */
export function idOf(end: Service | Mesh): string {
  return "members" in end ? `mesh of ${end.members[0]!.resource.address}` : end.resource.address;
}

/** The label of most arrows. */
export function usualLabel({ links }: Graph): string | undefined {
  const count = new Map<string, number>();
  for (const { label } of links) count.set(label, (count.get(label) ?? 0) + 1);
  return [...count].sort((a, b) => b[1] - a[1])[0]?.[0];
}
