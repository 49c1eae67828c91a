import { chartHeight, deniedChart, meshChart, trafficChart } from "./charts";
import { lanes } from "./lanes";
import { fullShare, loners, meshOverTime, type MeshShare } from "./mesh-over-time";
import type { Recorded, RecordedEvent } from "./recorded";
import { right, timeGrid, type TimeScale, timeScale } from "./scale";
import { escapeText, shape, since } from "./svg";
import { style } from "./style";

export type { Recorded } from "./recorded";

const legend = [
  ["starting", "provisioning to activating"],
  ["running", "running"],
  ["healthy", "healthy"],
  ["unhealthy", "unhealthy"],
  ["ending", "deactivating to deprovisioning"],
  ["joined", "a node has come into sight"],
  ["lost", "a node has gone out of sight"],
] as const;

/**
 * A run's timeline as one HTML page that needs nothing else: the mesh, denied packets, and a lane each task, over time.
 *
 * @param title what was run. @param recorded what happened. The same input gives the same page.
 */
export function timelineHtml(title: string, recorded: Recorded): string {
  const shares = meshOverTime(recorded);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escapeText(title)}</h1>
<p>${new Date(recorded.from).toISOString().slice(0, 19).replace("T", " ")} UTC, ${since(recorded.from, recorded.to)}. Rest the pointer on anything for details.</p>
<ul class="figures">${figures(recorded, shares)}</ul>
<div class="drawing">${drawing(recorded, shares)}</div>
<div class="legend">${legend.map(([kind, text]) => `<span><i class="key ${kind}"></i>${text}</span>`).join("")}</div>
<h2>What happened</h2>
<table>${recorded.events.map((event) => row(event, recorded.from)).join("")}</table>
</body>
</html>
`;
}

function figures({ from, to, tasks, denied }: Recorded, shares: readonly MeshShare[]): string {
  const first = shares.find(({ share }) => share === 1);
  const several = shares.some(({ running }) => running > 1);
  const full = fullShare(shares, to);
  const alone = several ? loners({ tasks }).length : 0;
  const apart = tasks.filter((task) => task.apart).length;
  const packets = denied.at(-1)?.packets ?? 0;
  const lost = tasks.flatMap(({ peers }) => peers).filter(({ gone }) => gone !== undefined).length;
  return [
    `<li>${tasks.length} tasks</li>`,
    ...(first ? [`<li>first full mesh after ${since(from, first.at)}</li>`] : []),
    ...(!first && several ? [`<li class="bad">never a full mesh</li>`] : []),
    ...(full === undefined ? [] : [`<li>full for ${Math.floor(full * 1000) / 10} % of the time since</li>`]),
    ...(alone > 0 ? [`<li class="bad">${alone} ${alone === 1 ? "task" : "tasks"} never saw another</li>`] : []),
    ...(apart > 0 ? [`<li>${apart} ${apart === 1 ? "task is" : "tasks are"} kept apart on purpose</li>`] : []),
    `<li>${lost} times a node lost sight of another</li>`,
    `<li>${packets} packets denied</li>`,
  ].join("");
}

function drawing(recorded: Recorded, shares: readonly MeshShare[]): string {
  const scale = timeScale(recorded.from, recorded.to);
  const charts = [
    (top: number) => meshChart(shares, scale, top),
    (top: number) => deniedChart(recorded.denied, scale, top),
    ...(recorded.traffic.length > 0 ? [(top: number) => trafficChart(recorded.traffic, scale, top)] : []),
  ];
  const { svg, bottom } = lanes(recorded, scale, 28 + charts.length * chartHeight + 8);
  return [
    `<svg viewBox="0 0 ${right + 20} ${bottom}" role="img" aria-label="Tasks over time">`,
    timeGrid(scale, bottom),
    ...charts.map((chart, index) => chart(28 + index * chartHeight)),
    svg,
    ...recorded.events
      .filter(({ kind }) => kind === "done" || kind === "change")
      .map((event) => doneLine(event, scale, bottom)),
    "</svg>",
  ].join("\n");
}

const doneLine = ({ at, text }: RecordedEvent, { x, from }: TimeScale, bottom: number): string =>
  shape("path", { class: "done", d: `M${x(at)} 20V${bottom}` }, `${since(from, at)}: ${text}`);

const row = ({ at, kind, service, text }: RecordedEvent, from: number): string =>
  `<tr class="${kind}"><td>${since(from, at)}</td><td>${escapeText(service ?? (kind === "problem" || kind === "change" ? kind : ""))}</td><td>${escapeText(text)}</td></tr>`;
