import { defaultNetTicktime } from "../../src/distribution";
import { Chance } from "../../src/lab/scenarios/steps/chance";
import type { Chart, Point } from "./charts";
import { type Fit, formula, powerFit, valueAt } from "./fit";
import { type Cost, type CostKind, type Measured, median, type Newcomer, quantile } from "./measured";
import { secondsUntilKnown } from "./newcomer";

/** Sizes that the page answers for. */
const asked = [50, 100, 150] as const;

/** Sizes and runs of the simulation. */
const simulatedSizes = [10, 20, 40, 60, 80, 100, 150, 200, 300, 500, 700, 1000] as const;
const runs = 60;

/** One cost: what of it is shown, in which unit. */
interface Shown {
  readonly kind: CostKind;
  readonly what: string;
  readonly unit: string;
  readonly of: (cost: Cost) => number;
}

const idleSecondsOf = ({ milliseconds }: Cost) => milliseconds / 1000;

const shown: readonly Shown[] = [
  {
    kind: "idle",
    what: "idle, with `net_ticktime` 15 s: packets",
    unit: "a second",
    of: (cost) => cost.packets / idleSecondsOf(cost),
  },
  {
    kind: "idle",
    what: "idle: processor",
    unit: "% of a core, all nodes",
    of: (cost) => (cost.cpuSeconds / idleSecondsOf(cost)) * 100,
  },
  { kind: "join", what: "a node joins: processor", unit: "s, all nodes", of: (cost) => cost.cpuSeconds },
  { kind: "join", what: "a node joins: traffic", unit: "KiB", of: (cost) => cost.kibibytes },
  { kind: "leave", what: "a node ends: processor", unit: "s, all nodes", of: (cost) => cost.cpuSeconds },
  { kind: "leave", what: "a node ends: traffic", unit: "KiB", of: (cost) => cost.kibibytes },
  { kind: "form", what: "all connect at once: processor", unit: "s, all nodes", of: (cost) => cost.cpuSeconds },
  { kind: "register", what: "one `:global.register_name/2`: traffic", unit: "KiB", of: (cost) => cost.kibibytes },
];

const pointsOf = ({ kind, of }: Shown, measured: Measured): (readonly [number, number])[] =>
  measured.costs(kind).map((cost) => [cost.nodes, of(cost)] as const);

/** Medians by size, which the fit goes through: a few leaves cost much more than others of the same size. */
function medians(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const sizes = [...new Set(points.map(([nodes]) => nodes))];
  return sizes.map((size) => [size, median(points.filter(([nodes]) => nodes === size).map(([, value]) => value))]);
}

const fitOf = (each: Shown, measured: Measured): Fit => powerFit(medians(pointsOf(each, measured)));

/** The table of costs at the sizes asked: measured where a size was, else by the fit. */
export function costTable(measured: Measured): string {
  const rows = shown.map((each) => {
    const fit = fitOf(each, measured);
    const known = new Map(medians(pointsOf(each, measured)));
    const cells = asked.map((nodes) => {
      const seen = known.get(nodes) ?? known.get(nodes - 1);
      return seen === undefined
        ? `_${rounded(valueAt(fit, nodes))}_`
        : `${rounded(seen)} (${rounded(valueAt(fit, nodes))})`;
    });
    return [each.what, each.unit, ...cells, `\`${formula(fit)}\``];
  });
  const connections = asked.map((nodes) => ((nodes * (nodes - 1)) / 2).toLocaleString("en"));
  const ticks = asked.map((nodes) => rounded((nodes * (nodes - 1) * 4) / defaultNetTicktime.ours));
  return table(
    ["what", "unit", ...asked.map(String), "fit"],
    [
      ["connections", "", ...connections, "`n·(n-1)/2`, exact"],
      ["ticks, by Erlang's rule", "a second", ...ticks, "`n·(n-1)·4/net_ticktime`, exact"],
      ...rows,
    ],
  );
}

/** The table of how long until all know a newcomer: simulated, and measured where it was. */
export function newcomerTable(measured: Measured): string {
  const rows = ways.map((way) => {
    const cells = [20, 40, 80, 150, 500, 1000].map((nodes) => {
      const seen = measured.newcomers
        .filter((each) => each.nodes === nodes && each.answers === way.answers && each.links === way.links)
        .map(({ milliseconds }) => milliseconds / 1000);
      const times = simulated({ ...way, nodes });
      const text = `${rounded(median(times))} / ${rounded(quantile(times, 0.95))}`;
      return seen.length === 0 ? text : `${text} (${rounded(Math.min(...seen))} to ${rounded(Math.max(...seen))})`;
    });
    return [way.name, ...cells];
  });
  return table(["seconds: median / 95 % (measured)", "20", "40", "80", "150", "500", "1000"], rows);
}

const ways: readonly (Pick<Newcomer, "answers" | "links"> & { readonly name: string })[] = [
  { name: "full mesh, other answers for each query", answers: "random", links: "mesh" },
  { name: "full mesh, answers cached for 10 s", answers: "cached", links: "mesh" },
  { name: "`connect_all false`, other answers for each query", answers: "random", links: "apart" },
  { name: "`connect_all false`, answers cached for 10 s", answers: "cached", links: "apart" },
];

const simulations = new Map<string, number[]>();

/** The same times for the same question, simulated once. */
function simulated({ nodes, answers, links }: Omit<Newcomer, "milliseconds">): number[] {
  const key = `${nodes} ${answers} ${links}`;
  const chance = new Chance(nodes);
  const times =
    simulations.get(key) ?? Array.from({ length: runs }, () => secondsUntilKnown({ nodes, answers, links }, chance));
  simulations.set(key, times);
  return times;
}

/** File names of the pictures, with what they show. */
export function charts(measured: Measured): Readonly<Record<string, Chart>> {
  return {
    "idle.svg": costChart("An idle mesh: ticks", measured, shown.slice(0, 1)),
    "processor.svg": costChart(
      "One node joins, one node ends: processor time of all nodes, s",
      measured,
      [shown[2]!, shown[4]!],
      "log",
    ),
    "traffic.svg": costChart("One node joins, one node ends: traffic, KiB", measured, [shown[3]!, shown[5]!], "log"),
    "newcomer.svg": newcomerChart(measured),
  };
}

function costChart(title: string, measured: Measured, all: readonly Shown[], scale: Chart["scale"] = "linear"): Chart {
  const seriesOf = (each: Shown) => `${each.what.replaceAll("`", "")}: ${formula(fitOf(each, measured))}`;
  const points = all.flatMap((each) =>
    pointsOf(each, measured).map(([nodes, value]): Point => ({ nodes, value, series: seriesOf(each) })),
  );
  const lines = all.flatMap((each) => {
    const fit = fitOf(each, measured);
    const at = Array.from({ length: 29 }, (_, index) => 10 + index * 5);
    return at.map((nodes): Point => ({ nodes, value: valueAt(fit, nodes), series: seriesOf(each) }));
  });
  return { title, unit: all.map(({ unit }) => unit)[0]!, points, lines, scale };
}

/** Zero seconds have no place on a logarithmic axis. */
const shortest = 0.1;

function newcomerChart(measured: Measured): Chart {
  const nameOf = ({ answers, links }: Pick<Newcomer, "answers" | "links">) =>
    ways.find((way) => way.answers === answers && way.links === links)!.name.replaceAll("`", "");
  return {
    title: "A newcomer and all others are connected: seconds",
    unit: "s: lines simulated (median), points measured",
    scale: "log",
    points: measured.newcomers.map((each) => ({
      nodes: each.nodes,
      value: Math.max(shortest, each.milliseconds / 1000),
      series: nameOf(each),
    })),
    lines: ways.flatMap((way) =>
      simulatedSizes.map((nodes) => ({
        nodes,
        value: Math.max(shortest, median(simulated({ ...way, nodes }))),
        series: nameOf(way),
      })),
    ),
  };
}

/** Two digits that count; whole numbers from a hundred on. */
const rounded = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(2)));

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
