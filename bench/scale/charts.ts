import type { TopLevelSpec } from "vega-lite";

/** A point of a chart. */
export interface Point {
  readonly nodes: number;
  readonly value: number;
  readonly series: string;
}

/** One picture: measured points, and lines that were computed. */
export interface Chart {
  readonly title: string;
  /** What the vertical axis shows, with its unit. */
  readonly unit: string;
  readonly points: readonly Point[];
  readonly lines: readonly Point[];
  /** @default "linear" */
  readonly scale?: "linear" | "log";
}

const [width, height] = [520, 280];

/** A chart as draw.mjs takes it. */
export function specOf({ title, unit, points, lines, scale = "linear" }: Chart): TopLevelSpec {
  const axis = (type: "linear" | "log") => ({
    scale: { type, ...(type === "log" ? { nice: false } : { zero: true }) },
  });
  const x = { field: "nodes", type: "quantitative" as const, title: "nodes", ...axis(scale) };
  const y = { field: "value", type: "quantitative" as const, title: unit, ...axis(scale) };
  const color = { field: "series", type: "nominal" as const, title: null, scale: { scheme: "tableau10" as const } };
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: "white",
    title,
    width,
    height,
    layer: [
      { data: { values: [...lines] }, mark: { type: "line", strokeWidth: 1.5 }, encoding: { x, y, color } },
      {
        data: { values: [...points] },
        mark: { type: "point", filled: true, size: 28, opacity: 0.7 },
        encoding: { x, y, color },
      },
    ],
    config: { font: "sans-serif", legend: { orient: "bottom", columns: 1, labelLimit: 500, symbolType: "stroke" } },
  };
}
