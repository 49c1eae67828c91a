import type { TallyFigures } from "./tally";

/** The lines around the page's table. */
const [begin, end] = ["<!-- conformance: begin -->", "<!-- conformance: end -->"];

export interface PublishedRun extends TallyFigures {
  readonly seed: number;
  readonly seconds: number;
}

/** The page with the figures of a run in place of those before. */
export function withFigures(page: string, run: PublishedRun): string {
  const [before, after] = [page.indexOf(begin), page.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`The page has no place for the table: ${begin} … ${end}`);
  return `${page.slice(0, before + begin.length)}\n\n${table(run)}\n\n${page.slice(after)}`;
}

function table({ layouts, peered, withAcls, withRouteTables, ...run }: PublishedRun): string {
  const count = (number: number) => number.toLocaleString("en");
  const percent = (part: number) => `${((100 * part) / run.connections).toFixed(1)} %`;
  const rows: readonly (readonly [what: string, figure: string])[] = [
    ["layouts", `${layouts}, from seed ${run.seed} on`],
    ["of these with several VPCs", count(peered)],
    ["with network ACLs", count(withAcls)],
    ["with route tables of their own", count(withRouteTables)],
    ["security-group rules", count(run.rules)],
    ["tasks", count(run.tasks)],
    ["ordered pairs of tasks", count(run.pairs)],
    ["TCP connections tried", count(run.connections)],
    ["of these passed", `${count(run.passed)} (${percent(run.passed)})`],
    ["denied by network ACLs alone", `${count(run.deniedByAcls)}, in ${count(run.layoutsDeniedByAcls)} layouts`],
    ["denied by routes alone", count(run.deniedByRoutes)],
    ["packets: first ones, and answers", count(run.packets)],
    ["**disagreements**", `**${count(run.disagreements)}**`],
    ["connections that the review reports as unknown", `${count(run.mixed + run.cautious)}`],
    ["of these out of caution", `${count(run.cautious)} (${percent(run.cautious)})`],
    ["seconds", count(run.seconds)],
  ];
  const width = Math.max(...rows.map(([what]) => what.length));
  const last = Math.max(...rows.map(([, figure]) => figure.length), "figure".length);
  const line = (what: string, figure: string) => `| ${what.padEnd(width)} | ${figure.padEnd(last)} |`;
  return [
    line("what", "figure"),
    `| ${"-".repeat(width)} | ${"-".repeat(last)} |`,
    ...rows.map(([what, figure]) => line(what, figure)),
  ].join("\n");
}
