import { dot, type Markup, quoted, visible } from "../../../foreign-text";
import type { Service } from "../../cluster/services";
import type { Review } from "../../review";
import { idOf, usualLabel, type Graph, type Link, type Mesh } from "../links";

type Dot = Markup<"dot">;

/** Graphviz' source of a drawing, and what each element of it stands for. */
export interface DotSource {
  readonly source: Dot;
  /** `dot` ranks along the arrows, which reads best; many services want the even spread of `neato`. */
  readonly engine: "dot" | "neato";
  /** The ports of most arrows, shown once next to a drawing with many; `undefined` where each arrow has its own label. */
  readonly usualPorts: string | undefined;
}

/** From this many boxes on, arrows are spread out and labelled only where they differ. */
const many = 12;

/** Members side by side in the box of a mesh. */
const columns = 5;

/** Writes the graph of a review in Graphviz' language; element ids begin with `prefix`. With many boxes it is always `large`. */
export function dotOf(review: Review, graph: Graph, prefix: string, large = false): DotSource {
  const names = new Names();
  const inMesh = new Set(graph.meshes.flatMap(({ members }) => members));
  const single = review.services.filter((service) => !inMesh.has(service));
  large ||= single.length + graph.meshes.length > many;
  const usualPorts = large ? usualLabel(graph) : undefined;
  const lines = [
    dot`digraph {`,
    // With splines=line neato bends the two arrows between a pair of boxes apart, by nodesep.
    // Courier's widths are those of every monospaced font, so that text fits its box in whatever browser shows it.
    dot`graph [rankdir=LR, nodesep=${large ? 1 : 0.5}, ranksep=1.5, overlap=prism, overlap_scaling=-1.2, splines=${large ? "line" : "true"}, sep="+8", outputorder=edgesfirst, fontname="Courier", fontsize=13, bgcolor="transparent", pad=0.2]`,
    dot`node [shape=box, style="rounded,filled", fontname="Courier", fontsize=12, margin="0.14,0.08"]`,
    dot`edge [fontname="Courier", fontsize=10, arrowsize=0.8${large ? ", len=1.4" : ""}]`,
    ...boxes(review, single, names, prefix, large),
    ...graph.meshes.map((mesh, at) => meshBox(mesh, names, meshId(prefix, at))),
    ...graph.links.map((link, at) => arrow(link, names, linkId(prefix, at), usualPorts)),
    dot`}`,
  ];
  return { source: dot.join(lines, dot`\n`), engine: large ? "neato" : "dot", usualPorts };
}

export function serviceId(prefix: string, service: Service): string {
  return `${prefix}service-${service.resource.address.replace(/[^\w-]+/g, "-")}`;
}

export function meshId(prefix: string, at: number): string {
  return `${prefix}mesh-${at}`;
}

export function linkId(prefix: string, at: number): string {
  return `${prefix}link-${at}`;
}

/** Short names for nodes, which addresses with quotes and brackets are not fit for. */
class Names {
  private readonly names = new Map<string, string>();

  of(end: Service | Mesh): string {
    const id = idOf(end);
    const known = this.names.get(id);
    if (known !== undefined) return known;
    const name = `n${this.names.size}`;
    this.names.set(id, name);
    return name;
  }
}

function* boxes(
  review: Review,
  services: readonly Service[],
  names: Names,
  prefix: string,
  large: boolean,
): Generator<Dot> {
  const namespaceOf = ({ registration }: Service) =>
    registration.kind === "registered" ? registration.discovery.namespace : undefined;
  let cluster = 0;
  for (const namespace of new Set(services.map(namespaceOf))) {
    const members = services.filter((service) => namespaceOf(service) === namespace);
    const nodes = members.map((service) => box(review, service, names, prefix, large));
    if (namespace === undefined || large) yield* nodes;
    else
      yield* [
        dot`subgraph cluster_${cluster++} { label=${quoted(namespace)}; class="namespace"; style="rounded"; margin=16;`,
        ...nodes,
        dot`}`,
      ];
  }
}

function box(review: Review, service: Service, names: Names, prefix: string, large: boolean): Dot {
  const own = ownTasks(review, service);
  const { scale, dnsName, basename, endpoint } = service;
  const rows = [
    dnsName ?? "no DNS name known",
    `${basename ?? "?"}@ip, ${tasks(scale.tasks)}`,
    ...(large && own === "connects"
      ? []
      : [{ connects: "own tasks connect", blocked: "own tasks CAN'T connect", unknown: "own tasks: unknown" }[own]]),
    ...(large ? [] : endpoint.groups),
  ];
  const text = rows.map((row) => dot`<br/><font point-size="10">${shorten(row)}</font>`);
  return dot`${names.of(service)} [id=${quoted(serviceId(prefix, service))}, class=${quoted(`service ${own}`)}, label=<<b>${shorten(service.name)}</b>${text}>, tooltip=" "]`;
}

/** One box with a cell for each member. */
function meshBox(mesh: Mesh, names: Names, id: string): Dot {
  const cells = mesh.members.map((service) => {
    const text = dot`<b>${shorten(service.name)}</b><br/><font point-size="10">${shorten(service.dnsName ?? "no DNS name known")}<br/>${tasks(service.scale.tasks)}</font>`;
    return dot`<td border="1" style="rounded" cellpadding="6">${text}</td>`;
  });
  const rows = Array.from(
    { length: Math.ceil(cells.length / columns) },
    (_, row) => dot`<tr>${cells.slice(row * columns, (row + 1) * columns)}</tr>`,
  );
  const title = dot`<tr><td border="0" colspan="${Math.min(columns, cells.length)}"><b>${mesh.label}</b></td></tr>`;
  return dot`${names.of(mesh)} [id=${quoted(id)}, class="mesh", margin="0.1", label=<<table border="0" cellspacing="8" cellborder="0">${title}${rows}</table>>, tooltip=" "]`;
}

function arrow({ from, to, state, both, label }: Link, names: Names, id: string, usualPorts: string | undefined): Dot {
  const ports = label === usualPorts ? "" : label;
  const sign = state === "blocked" ? "✗" : state === "unknown" ? "?" : "";
  const text = `${sign} ${ports}`.trim();
  const style = { connects: "solid", blocked: "dashed", unknown: "dashed", open: "dotted" }[state];
  const pull = state === "open" ? ", constraint=false" : "";
  return dot`${names.of(from)} -> ${names.of(to)} [id=${quoted(id)}, class=${quoted(`link ${state}`)}, style=${style}, dir=${both ? "both" : "forward"}${usualPorts !== undefined && ports ? ", len=2.5" : ""}, label=${quoted(text && ` ${text} `)}${sign && !ports ? ", fontsize=18" : ""}, tooltip=" "${pull}]`;
}

export function ownTasks({ matrix }: Review, service: Service): "connects" | "blocked" | "unknown" {
  const { state } = matrix.pair(service, service);
  return state === "connects" || state === "blocked" ? state : "unknown";
}

function tasks(count: number | undefined): string {
  return count === undefined ? "tasks unknown" : `${count} ${count === 1 ? "task" : "tasks"}`;
}

/** ASCII alone: Graphviz measures other characters by their bytes and then sets the line askew. */
function shorten(name: string): string {
  const shown = visible(name);
  return shown.length > 44 ? `${shown.slice(0, 20)}..${shown.slice(-22)}` : shown;
}
