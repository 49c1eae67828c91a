import { Graphviz } from "@hpcc-js/wasm-graphviz";
import { graphvizSvg, html, type Markup, visible } from "../../../foreign-text";
import { clusters } from "../../cluster/connections/partitions";
import type { Service } from "../../cluster/services";
import type { Review } from "../../review";
import { graphOf, type Graph, type Link } from "../links";
import { dotOf, linkId, meshId, ownTasks, serviceId } from "./dot";

/** What one element of a drawing stands for. */
export interface Shape {
  /** What the page shows when somebody points at the element; the first line is its title. */
  readonly lines: readonly string[];
  /** Positions of its services in {@link Drawing.services}: a filter keeps the element if it keeps any of them. */
  readonly of: readonly number[];
}

export interface Drawing {
  /** An `<svg>` element, its colours left to the page's style sheet. */
  readonly svg: Markup<"html">;
  /** By element id. */
  readonly shapes: Readonly<Record<string, Shape>>;
  /** Name and position in {@link Drawing.clusters} of each service. */
  readonly services: readonly (readonly [name: string, cluster: number])[];
  /** Names of the services in each cluster. */
  readonly clusters: readonly (readonly string[])[];
  /** The ports of all arrows without a label. */
  readonly usualPorts: string | undefined;
}

/** Draws the services of a review as Graphviz lays them out; ids begin with `prefix`, so that several drawings fit one page. */
export async function draw(review: Review, prefix: string): Promise<Drawing> {
  const graph = graphOf(review);
  const graphviz = await Graphviz.load();
  const layOut = (large: boolean) => {
    const { source, engine, usualPorts } = dotOf(review, graph, prefix, large);
    return { svg: graphviz.layout(String(source), "svg_inline", engine), usualPorts };
  };
  const ranked = layOut(false);
  // Services that cluster in a long row, each with the next, make dot's ranks wider than any screen.
  const { svg, usualPorts } = widthOf(ranked.svg) > widest ? layOut(true) : ranked;
  const shapes = Object.fromEntries(shapesOf(review, graph, prefix));
  const parts = clusters(review.matrix);
  const withCells = graph.meshes.reduce(
    (text, { members }, at) =>
      cellsOf(
        text,
        meshId(prefix, at),
        members.map((member) => serviceId(prefix, member)),
      ),
    bare(svg),
  );
  return {
    svg: graphvizSvg(accessible(withCells, shapes, review)),
    shapes,
    services: review.services.map((service) => [
      visible(service.name),
      parts.findIndex((members) => members.includes(service)),
    ]),
    clusters: parts.map((members) => members.map(({ name }) => visible(name))),
    usualPorts,
  };
}

/** The widest drawing that keeps dot's ranks, in points. */
const widest = 2000;

function widthOf(svg: string): number {
  return Number(/<svg width="(\d+)pt"/.exec(svg)?.[1] ?? 0);
}

/** Only the shapes, without comments, tooltips of the browser's own and links to nowhere. */
function bare(svg: string): string {
  return svg
    .replace(/<!--[\s\S]*?-->\n?/g, "")
    .replace(/<title>[^<]*<\/title>\n?/g, "")
    .replace(/<g id="a_[^"]*"><a[^>]*>\n?/g, "")
    .replace(/<\/a>\n<\/g>\n?/g, "")
    .replace(/ id="[^"]*"/g, (id) => id.replaceAll("&#45;", "-"));
}

/** Makes an element of each member's cell in a mesh: Graphviz draws a cell as a path and the texts after it. */
function cellsOf(svg: string, mesh: string, ids: readonly string[]): string {
  const begin = svg.indexOf(`<g id="${mesh}"`);
  const end = svg.indexOf("</g>", begin);
  const [head, outline, ...cells] = svg.slice(begin, end).split(/(?=<path )/);
  const wrapped = cells.map((cell, at) => `<g id="${ids[at]}" class="service cell">\n${cell}</g>\n`);
  return `${svg.slice(0, begin)}${head}${outline}${wrapped.join("")}${svg.slice(end)}`;
}

/** More elements than this would be a tab stop each for what is as it should be. */
const maxTabStops = 60;

/** Gives each element a role and a name, and the keyboard a way to it. */
function accessible(svg: string, shapes: Readonly<Record<string, Shape>>, review: Review): string {
  const few = Object.keys(shapes).length <= maxTabStops;
  const name = html`${review.services.length} services and their connections`;
  return svg
    .replace(
      /<svg width="([\d.]+)pt" height="([\d.]+)pt"/,
      `<svg role="group" aria-label="${name}" width="$1" height="$2"`,
    )
    .replace(/<g id="([^"]+)" class="([^"]*)"/g, (element, id: string, kind: string) => {
      const shape = shapes[id];
      if (!shape) return element;
      const stop = few || !/\blink\b.*\b(connects|open)\b/.test(kind);
      return `${element} role="img" aria-label="${html`${nameOf(shape)}`}" tabindex="${stop ? 0 : -1}"`;
    });
}

function nameOf({ lines }: Shape): string {
  return lines.slice(0, 2).join(": ");
}

function* shapesOf(review: Review, graph: Graph, prefix: string): Generator<readonly [string, Shape]> {
  const position = new Map(review.services.map((service, at) => [service, at]));
  const members = (end: Link["from"]) => ("members" in end ? end.members : [end]).map((one) => position.get(one)!);
  for (const [at, service] of review.services.entries())
    yield [serviceId(prefix, service), { lines: serviceDetails(review, service).map(visible), of: [at] }];
  for (const [at, mesh] of graph.meshes.entries())
    yield [meshId(prefix, at), { lines: [visible(mesh.label)], of: members(mesh) }];
  for (const [at, { from, to, state, details }] of graph.links.entries()) {
    const [title, ...rest] = details.map(visible);
    const lines = [title!, stateNames[state], ...rest];
    yield [linkId(prefix, at), { lines, of: [...members(from), ...members(to)] }];
  }
}

const stateNames: Readonly<Record<Link["state"], string>> = {
  connects: "connects",
  blocked: "can't connect",
  unknown: "unknown",
  open: "not polled",
};

function serviceDetails(review: Review, service: Service): readonly string[] {
  const own = review.matrix.pair(service, service);
  const mine = review.findings.filter(
    ({ address }) => address === service.resource.address || address === service.taskDefinition?.address,
  );
  const reasons = own.reasons.map(({ text }) => text).join("; ");
  const tasks = { connects: "own tasks connect", blocked: "own tasks can't connect", unknown: "own tasks: unknown" };
  return [
    service.name,
    `${tasks[ownTasks(review, service)]}${reasons && `: ${reasons}`}`,
    service.resource.address,
    `security groups: ${service.endpoint.groups.join(", ") || "unknown"}`,
    ...mine.map(({ severity, message }) => `${severity}: ${message}`),
  ];
}
