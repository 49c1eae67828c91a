import { Graphviz } from "@hpcc-js/wasm-graphviz";
import { graphvizSvg, type Markup, visible } from "../../../foreign-text";
import type { Service } from "../../cluster/services";
import type { Review } from "../../review";
import { graphOf } from "../links";
import { dotOf, linkId, serviceId } from "./dot";

export interface Drawing {
  /** An `<svg>` element, its colours left to the page's style sheet. */
  readonly svg: Markup<"html">;
  /** What hovering an arrow or a service tells, by the element's id. */
  readonly details: Readonly<Record<string, readonly string[]>>;
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
  const details = Object.fromEntries([
    ...review.services.map(
      (service) => [serviceId(prefix, service), serviceDetails(review, service).map(visible)] as const,
    ),
    ...graph.links.map(({ details }, at) => [linkId(prefix, at), details.map(visible)] as const),
  ]);
  return { svg: graphvizSvg(readable(bare(svg))), details, usualPorts };
}

/** Only the element, without comments and the tooltips that browsers would show in addition to ours. */
function bare(svg: string): string {
  return svg
    .replace(/<!--[\s\S]*?-->\n?/g, "")
    .replace(/<title>[^<]*<\/title>\n?/g, "")
    .replace(/ xlink:title="[^"]*"/g, "");
}

/** The widest drawing in which text is still read, in points. */
const widest = 2000;

/** Keeps a wide drawing from shrinking until nobody can read it: the page scrolls it instead. */
function readable(svg: string): string {
  return svg.replace("<svg ", `<svg style="min-width:${Math.round(Math.min(widthOf(svg), widest) * 0.9)}px" `);
}

function widthOf(svg: string): number {
  return Number(/<svg width="(\d+)pt"/.exec(svg)?.[1] ?? 0);
}

function serviceDetails({ matrix, findings }: Review, service: Service): readonly string[] {
  const own = matrix.pair(service, service);
  const mine = findings.filter(
    ({ address }) => address === service.resource.address || address === service.taskDefinition?.address,
  );
  return [
    service.name,
    service.resource.address,
    `security groups: ${service.endpoint.groups.join(", ") || "unknown"}`,
    `its own tasks: ${own.state === "connects" ? "connect with each other" : own.reasons.map(({ text }) => text).join("; ")}`,
    ...mine.map(({ severity, message }) => `${severity}: ${message}`),
  ];
}
