import { Graphviz } from "@hpcc-js/wasm-graphviz";
import type { Service } from "../../cluster/services";
import type { Review } from "../../review";
import { graphOf, idOf, type Graph, type Link } from "../links";
import { escapeHtml } from "./escape";

export interface Drawing {
  /** An `<svg>` element, its colours left to the page's style sheet. */
  readonly svg: string;
  /** What hovering an arrow or a service tells, by the element's id. */
  readonly details: Readonly<Record<string, readonly string[]>>;
}

/** Draws the services of a review as Graphviz lays them out; ids begin with `prefix`, so that several drawings fit one page. */
export async function draw(review: Review, prefix: string): Promise<Drawing> {
  const graph = graphOf(review);
  const graphviz = await Graphviz.load();
  const details: Record<string, readonly string[]> = {};
  const source = dot(review, graph, prefix, details);
  // dot ranks along the arrows, which reads best; a hub with its spokes wants to be round.
  const engine = graph.meshes.length > 0 || review.services.length > 16 ? "fdp" : "dot";
  const svg = graphviz.layout(source, "svg", engine);
  return {
    svg: svg
      .slice(svg.indexOf("<svg"))
      .replace(/<!--.*?-->\n?/gs, "")
      .replace(/ xlink:title="[^"]*"/g, ""),
    details,
  };
}

function dot(
  review: Review,
  { meshes, links }: Graph,
  prefix: string,
  details: Record<string, readonly string[]>,
): string {
  const names = new Map<string, string>();
  const nodeName = (id: string) => names.get(id) ?? (names.set(id, `n${names.size}`), names.get(id)!);
  const inNamespace = groupByNamespace(review.services);
  const lines = [
    "digraph {",
    'graph [rankdir=LR, nodesep=0.5, ranksep=1.6, K=1.1, sep="+18", splines=true, overlap=prism, fontname="Arial", fontsize=13, bgcolor="transparent", pad=0.3]',
    'node [shape=box, style="rounded,filled", fontname="Arial", fontsize=12, margin="0.18,0.1"]',
    'edge [fontname="Arial", fontsize=10, arrowsize=0.8]',
  ];
  let cluster = 0;
  for (const [namespace, services] of inNamespace) {
    const nodes = services.map((service) => {
      const id = `${prefix}service-${service.resource.address.replace(/[^\w-]+/g, "-")}`;
      details[id] = serviceDetails(review, service);
      return `${nodeName(idOf(service))} [id=${quote(id)}, class=${quote(`service ${ownTasks(review, service)}`)}, label=${label(review, service)}, tooltip=" "]`;
    });
    if (namespace === undefined) lines.push(...nodes);
    else
      lines.push(
        `subgraph cluster_${cluster++} { label=${quote(namespace)}; class="namespace"; style="rounded"; margin=18;`,
        ...nodes,
        "}",
      );
  }
  for (const mesh of meshes) {
    lines.push(`${nodeName(idOf(mesh))} [shape=ellipse, class="mesh", label=${quote(mesh.label)}, tooltip=" "]`);
    for (const member of mesh.members)
      lines.push(`${nodeName(idOf(member))} -> ${nodeName(idOf(mesh))} [dir=none, class="link connects", tooltip=" "]`);
  }
  links.forEach((link, at) => {
    const id = `${prefix}link-${at}`;
    details[id] = link.details;
    lines.push(`${nodeName(idOf(link.from))} -> ${nodeName(idOf(link.to))} [${edge(link, id)}]`);
  });
  return [...lines, "}"].join("\n");
}

function groupByNamespace(services: readonly Service[]): Map<string | undefined, Service[]> {
  const groups = new Map<string | undefined, Service[]>();
  for (const service of services) {
    const namespace = service.registration.kind === "registered" ? service.registration.discovery.namespace : undefined;
    const group = groups.get(namespace);
    if (group) group.push(service);
    else groups.set(namespace, [service]);
  }
  return groups;
}

function edge({ state, both, label }: Link, id: string): string {
  const text = state === "blocked" ? `✗ ${label}` : state === "unknown" ? `? ${label}` : label;
  const style = { connects: "solid", blocked: "dashed", unknown: "dashed", open: "dotted" }[state];
  const pull = state === "open" ? ", constraint=false" : "";
  return `id=${quote(id)}, class=${quote(`link ${state}`)}, style=${style}, dir=${both ? "both" : "forward"}, label=${quote(` ${text} `)}, tooltip=" "${pull}`;
}

function label(review: Review, service: Service): string {
  const { scale, dnsName, basename, endpoint } = service;
  const tasks = scale.tasks === undefined ? "tasks: unknown" : `${scale.tasks} ${scale.tasks === 1 ? "task" : "tasks"}`;
  const own = {
    connects: "connect with each other",
    blocked: "✗ can't connect with each other",
    unknown: "? with each other",
  }[ownTasks(review, service)];
  const small = review.services.length > 16;
  const rows = [`<b>${escapeHtml(shorten(service.name))}</b>`, dnsName ?? "no DNS name known"];
  const more = [`${basename ?? "?"}@…  ·  ${tasks}`, own, endpoint.groups.map(shorten).join(", ")];
  const text = [...rows, ...(small ? [tasks] : more)].map((row, at) =>
    at === 0 ? row : `<font point-size="10">${escapeHtml(row)}</font>`,
  );
  return `<${text.join("<br/>")}>`;
}

function shorten(name: string): string {
  return name.length > 44 ? `${name.slice(0, 20)}…${name.slice(-22)}` : name;
}

function ownTasks({ matrix }: Review, service: Service): "connects" | "blocked" | "unknown" {
  const { state } = matrix.pair(service, service);
  return state === "connects" || state === "blocked" ? state : "unknown";
}

function serviceDetails({ matrix, findings }: Review, service: Service): readonly string[] {
  const own = matrix.pair(service, service);
  return [
    service.name,
    service.resource.address,
    `security groups: ${service.endpoint.groups.join(", ") || "unknown"}`,
    `its own tasks: ${own.state === "connects" ? "connect with each other" : own.reasons.map(({ text }) => text).join("; ")}`,
    ...findings
      .filter(({ address }) => address === service.resource.address || address === service.taskDefinition?.address)
      .map(({ severity, message }) => `${severity}: ${message}`),
  ];
}

function quote(text: string): string {
  return JSON.stringify(text).replace(/\\u/g, "\\\\u");
}
