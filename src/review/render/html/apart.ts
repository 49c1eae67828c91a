import { idOf, type Graph } from "../links";
import { boxId, linkId } from "./dot";

type Point = readonly [x: number, y: number];

/** Half of what then lies between the two arrows of a pair, in points. */
const step = 4;

/** Moves the two arrows between a pair of boxes to either side of their line: a missing one would hide the one that answers it. */
export function apart(svg: string, graph: Graph, prefix: string): string {
  const pairs = new Map<string, number[]>();
  for (const [at, { from, to }] of graph.links.entries()) {
    const key = [idOf(from), idOf(to)].sort().join(" ");
    pairs.set(key, [...(pairs.get(key) ?? []), at]);
  }
  for (const [one, other] of pairs.values()) {
    if (one === undefined || other === undefined) continue;
    const { from, to } = graph.links[one]!;
    const boxes = [from, to].map((end) => points(elementOf(svg, boxId(prefix, end, graph))));
    const arrows = [one, other].map((at) => elementOf(svg, linkId(prefix, at)));
    const across = directionOf(arrows[0]!, arrows[1]!);
    svg = svg.replace(arrows[0]!, moved(arrows[0]!, across, boxes));
    svg = svg.replace(arrows[1]!, moved(arrows[1]!, [-across[0], -across[1]], boxes));
  }
  return svg;
}

/** What an SVG of Graphviz draws for an id, in which it writes hyphens as entities. */
function elementOf(svg: string, id: string): string {
  const from = svg.indexOf(`<g id="a_${id.replaceAll("-", "&#45;")}"`);
  const next = svg.indexOf('<g id="', from + 1);
  return svg.slice(from, next < 0 ? undefined : next);
}

/** The points of the first line in an element. */
function points(element: string): readonly Point[] {
  return pairsIn(/ (?:d|points)="([^"]*)"/.exec(element)?.[1] ?? "");
}

function pairsIn(text: string): readonly Point[] {
  return [...text.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
}

/** Across the line of two arrows, towards the label of the first: the other one doesn't cross it then. */
function directionOf(one: string, other: string): Point {
  const [line, label, otherLabel] = [points(one), labelOf(one), labelOf(other)];
  const [[x, y], [toX, toY]] = [line[0]!, line.at(-1)!];
  const length = Math.hypot(toX - x, toY - y) || 1;
  const across: Point = [(y - toY) / length, (toX - x) / length];
  const side = (at: Point | undefined) => (at ? Math.sign((at[0] - x) * across[0] + (at[1] - y) * across[1]) : 0);
  return (side(label) || -side(otherLabel)) < 0 ? [-across[0], -across[1]] : across;
}

const labelAt = / x="(-?[\d.]+)" y="(-?[\d.]+)"/;

function labelOf(arrow: string): Point | undefined {
  const [, x, y] = labelAt.exec(arrow) ?? [];
  return x === undefined ? undefined : [Number(x), Number(y)];
}

/** An arrow whose ends went along the sides of their boxes, so that it still begins and ends there. */
function moved(arrow: string, across: Point, boxes: readonly (readonly Point[])[]): string {
  const line = points(arrow);
  const [first, last] = [alongBox(line[0]!, across, boxes), alongBox(line.at(-1)!, across, boxes)];
  const by = (share: number): Point => [
    first[0] + (last[0] - first[0]) * share,
    first[1] + (last[1] - first[1]) * share,
  ];
  const add = ([x, y]: Point, [byX, byY]: Point) => `${(x + byX).toFixed(2)},${(y + byY).toFixed(2)}`;
  const nearer = (point: Point) => (distance(point, line[0]!) < distance(point, line.at(-1)!) ? first : last);
  let at = 0;
  return arrow
    .replace(/(?<= d="[^"]*)(-?[\d.]+),(-?[\d.]+)/g, (_, x, y) =>
      add([Number(x), Number(y)], by(at++ / Math.max(1, line.length - 1))),
    )
    .replace(/(?<= points=")[^"]*/g, (head) =>
      pairsIn(head)
        .map((point, _, [tip]) => add(point, nearer(tip!)))
        .join(" "),
    )
    .replace(labelAt, (_, x, y) => {
      const [toX, toY] = add([Number(x), Number(y)], by(0.5)).split(",");
      return ` x="${toX}" y="${toY}"`;
    });
}

function distance([x, y]: Point, [toX, toY]: Point): number {
  return Math.hypot(toX - x, toY - y);
}

/** How far an end goes along the side of the box that it touches. */
function alongBox([x, y]: Point, across: Point, boxes: readonly (readonly Point[])[]): Point {
  const outside = boxes.map((corners): Point => {
    const [xs, ys] = [corners.map(([at]) => at), corners.map(([, at]) => at)];
    return [
      Math.max(Math.min(...xs) - x, 0, x - Math.max(...xs)),
      Math.max(Math.min(...ys) - y, 0, y - Math.max(...ys)),
    ];
  });
  const [aside = 0, above = 0] = [...outside].sort((one, other) => Math.hypot(...one) - Math.hypot(...other))[0] ?? [];
  const [acrossX, acrossY] = across;
  // Hardly ever is a line so flat that its end would go far: at a corner.
  if (above > aside && Math.abs(acrossX) > 0.3) return [step / acrossX, 0];
  return aside > above && Math.abs(acrossY) > 0.3 ? [0, step / acrossY] : [acrossX * step, acrossY * step];
}
