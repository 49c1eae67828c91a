import type { MeshShare } from "./mesh-over-time";
import type { Recorded } from "./recorded";
import { left, right, type TimeScale } from "./scale";
import { label, round, shape, since } from "./svg";

const height = 64;

/** How much of the full mesh there was, as an area. @param top where it begins */
export function meshChart(all: readonly MeshShare[], { x, from, to }: TimeScale, top: number): string {
  const shares = thinned(all, x);
  const bottom = top + height;
  const y = (share: number) => round(bottom - share * height);
  const line = shares.map(({ at, share }) => `H${x(at)}V${y(share)}`).join("");
  const tooltips = shares.map(({ at, running, share }, index) => {
    const begin = x(at);
    const width = round(Math.max(0.5, x(shares[index + 1]?.at ?? to) - begin));
    const what = `${Math.floor(share * 1000) / 10} % of the links between ${running} running tasks, from ${since(from, at)} on`;
    return shape("rect", { class: "told", x: begin, y: top, width, height }, what);
  });
  return [
    label(0, top + 14, "Mesh", "service"),
    label(0, top + 30, "links that the nodes see, of all", "soft"),
    label(left - 8, top + 8, "100 %", "soft end"),
    label(left - 8, bottom, "0", "soft end"),
    `<path class="mesh" d="M${left} ${bottom}${line}H${right}V${bottom}Z"/>`,
    ...tooltips,
  ].join("");
}

/** Of the changes on the same place, the lowest share and the last one: links that flap have thousands. */
function thinned(shares: readonly MeshShare[], x: TimeScale["x"]): MeshShare[] {
  const places = new Map<number, { lowest: MeshShare; last: MeshShare }>();
  for (const share of shares) {
    const place = Math.round(x(share.at));
    const lowest = places.get(place)?.lowest;
    places.set(place, { lowest: lowest && lowest.share <= share.share ? lowest : share, last: share });
  }
  return [...places.values()].flatMap(({ lowest, last }) => (lowest === last ? [last] : [lowest, last]));
}

/** Packets denied in each look, as bars. @param top where it begins */
export function deniedChart(denied: Recorded["denied"], { x, from }: TimeScale, top: number): string {
  const bottom = top + height;
  const counts = denied.map(({ at, packets }, index) => ({ at, packets: packets - (denied[index - 1]?.packets ?? 0) }));
  const most = Math.max(1, ...counts.map(({ packets }) => packets));
  const bars = counts.map(({ at, packets }) => {
    const tall = round(Math.max(1, (packets / most) * height));
    const title = `${packets} packets denied in the second before ${since(from, at)}`;
    return shape("rect", { class: "denied", x: x(at) - 4, y: bottom - tall, width: 4, height: tall }, title);
  });
  return [
    label(0, top + 14, "Denied packets", "service"),
    label(0, top + 30, `${denied.at(-1)?.packets ?? 0} in all, by security groups`, "soft"),
    label(left - 8, top + 8, `${most} a second`, "soft end"),
    `<path class="grid" d="M${left} ${bottom}H${right}"/>`,
    ...bars,
  ].join("");
}

/** Requests that have ended in each second, as bars, and errors among them. @param top where it begins */
export function trafficChart(traffic: Recorded["traffic"], { x, from }: TimeScale, top: number): string {
  const bottom = top + height;
  const most = Math.max(1, ...traffic.map(({ requests, errors }) => Math.max(requests, errors)));
  const bars = traffic.flatMap(({ at, requests, errors }) => {
    const [begin, width] = [x(at), round(Math.max(1, x(at + 1000) - x(at) - 0.5))];
    const title = `${requests} requests, ${errors} errors in the second from ${since(from, at)} on`;
    const bar = (style: string, count: number) => {
      const tall = round((count / most) * height);
      return shape("rect", { class: style, x: begin, y: round(bottom - tall), width, height: tall }, title);
    };
    return [bar("traffic", requests), ...(errors > 0 ? [bar("denied", errors)] : [])];
  });
  const [requests, errors] = [traffic, traffic].map((all, index) =>
    all.reduce((sum, second) => sum + (index === 0 ? second.requests : second.errors), 0),
  );
  return [
    label(0, top + 14, "Requests", "service"),
    label(0, top + 30, `${requests} in all, ${errors} errors`, "soft"),
    label(left - 8, top + 8, `${most} a second`, "soft end"),
    `<path class="grid" d="M${left} ${bottom}H${right}"/>`,
    ...bars,
  ].join("");
}

export const chartHeight = height + 22;
