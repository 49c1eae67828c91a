import { type Colours, coloursOf, type Markup, terminal, visible } from "../../foreign-text";
import type { Pair } from "../cluster/connections/matrix";
import type { Review } from "../review";
import { countOthers, describeAlike, groupChanges } from "./groups";
import { describeComparison, type Difference } from "./comparison";
import {
  cell,
  countChanges,
  countFindings,
  describeLinks,
  describeMissingMatrix,
  forcedBy,
  isWrong,
  meanings,
  plural,
  remarks,
  summarize,
  widestMatrix,
  type Cell,
} from "./summary";
import { findings } from "./terminal/findings";
import { heading } from "./terminal/heading";
import { deployments, stability } from "./terminal/numbers";
import { servers } from "./terminal/servers";

export interface TerminalOptions {
  /** Colour and signs; plain words otherwise, as for a pipe. @default false */
  readonly colour?: boolean;
}

type Text = Markup<"terminal">;

const signs: Readonly<Record<Cell, readonly [sign: string, plain: string]>> = {
  connects: ["✓", "yes"],
  blocked: ["✗", "NO"],
  "unknown-open": ["✓?", "yes?"],
  "unknown-closed": ["✗?", "no?"],
  unknown: ["?", "?"],
  dialled: ["←", "<-"],
  open: ["○", "open"],
  closed: ["·", "-"],
};

/** Renders reviews for a terminal: summary, findings worst first, matrix, numbers, changes. */
export function renderTerminal(reviews: readonly Review[], { colour = false }: TerminalOptions = {}): Text {
  const colours = coloursOf(colour);
  const texts = reviews.map((review) => terminal.join([...lines(review, colours, colour)], terminal`\n`));
  return terminal.join(texts, terminal`\n\n`);
}

function* lines(review: Review, colours: Colours, colour: boolean): Generator<Text> {
  yield* summary(review, colours);
  yield* comparison(review, colours);
  yield* findings(review, colours, colour);
  if (review.services.length > 0) {
    yield* matrix(review, colours, colour);
    yield* reasons(review, colours, colour);
    yield* stability(review, colours);
    yield* servers(review, colours);
    yield* deployments(review, colours);
  }
  yield* changes(review, colours);
  yield* notes(review, colours);
}

function* summary(review: Review, colours: Colours): Generator<Text> {
  const { changes } = review;
  const numbers = summarize(review);
  const source =
    review.kind === "plan"
      ? `plan${review.terraformVersion ? ` of Terraform ${review.terraformVersion}` : ""}`
      : "synthesized configuration";
  yield terminal`${colours.bold(review.name)} ${colours.dim(terminal`(${source})`)}`;
  const paint =
    numbers.findings.error > 0 || numbers.blocked > 0
      ? colours.red
      : numbers.findings.warning > 0
        ? colours.yellow
        : colours.green;
  yield terminal`${plural(numbers.services, "service")}; ${describeLinks(review, numbers)}; ${paint(countFindings(numbers))}`;
  if (changes) yield terminal`${countChanges(changes)}`;
}

const changeMarks: Readonly<Record<Difference["kind"], string>> = {
  worse: "worse ",
  doubtful: "maybe ",
  better: "better",
  neutral: "      ",
};

function* comparison({ comparison }: Review, colours: Colours): Generator<Text> {
  if (!comparison) return;
  yield terminal``;
  yield heading(colours, `Compared with ${visible(comparison.against)}`);
  const differences = describeComparison(comparison);
  if (differences.length === 0) yield terminal`  same connections, same findings`;
  const paints = { worse: colours.red, doubtful: colours.yellow, better: colours.green, neutral: colours.dim };
  for (const { kind, text, reasons } of differences) {
    yield terminal`  ${paints[kind](changeMarks[kind])} ${text}`;
    for (const reason of reasons) yield colours.dim(terminal`         ${reason}`);
  }
}

function* matrix(review: Review, colours: Colours, colour: boolean): Generator<Text> {
  const { services } = review.matrix;
  yield terminal``;
  yield heading(colours, "Which services cluster", "rows dial, columns are dialled");
  if (services.length > widestMatrix.terminal) return yield terminal`  ${describeMissingMatrix(review)}`;
  const names = services.map((service) => visible(service.name));
  const width = Math.max(...names.map(({ length }) => length));
  const column = Math.max(4, ...services.map((_, at) => `[${at + 1}]`.length));
  const label = `[${services.length}]`.length + 1;
  yield terminal`  ${" ".repeat(width + 1 + label)}${services.map((_, at) => `[${at + 1}]`.padEnd(column)).join(" ")}`.trimEnd();
  const used = new Set<Cell>();
  for (const [row, from] of services.entries()) {
    const cells = services.map((to) => {
      const what = cell(review, review.matrix.pair(from, to));
      used.add(what);
      return paintCell(what, colours)(signs[what][colour ? 0 : 1].padEnd(column));
    });
    yield terminal`  ${names[row]!.padEnd(width)} ${`[${row + 1}]`.padEnd(label)}${terminal.join(cells, terminal` `)}`.trimEnd();
  }
  yield colours.dim(
    terminal`  ${[...used].map((what) => `${signs[what][colour ? 0 : 1]} ${meanings[what]}`).join("   ")}`,
  );
}

function* reasons(review: Review, colours: Colours, colour: boolean): Generator<Text> {
  const open = review.matrix.pairs.filter(isWrong);
  if (open.length > 0) yield terminal``;
  for (const pair of open.slice(0, 60)) yield* reason(review, pair, colours, colour);
  if (open.length > 60) yield terminal`  … and ${open.length - 60} more pairs (--json lists all)`;
}

function* reason(review: Review, pair: Pair, colours: Colours, colour: boolean): Generator<Text> {
  const what = cell(review, pair);
  const sign = paintCell(what, colours)(signs[what][colour ? 0 : 1]);
  yield terminal`  ${sign} ${pair.from.name} → ${pair.to === pair.from ? "its own tasks" : pair.to.name}`;
  for (const { text } of pair.reasons) yield terminal`      ${text}`;
}

function paintCell(what: Cell, colours: Colours): Colours["red"] {
  if (what === "connects") return colours.green;
  if (what === "blocked") return colours.red;
  return what.startsWith("unknown") ? colours.yellow : colours.dim;
}

function* changes({ changes }: Review, colours: Colours): Generator<Text> {
  if (!changes || changes.resources.length === 0) return;
  yield terminal``;
  yield heading(colours, "What changes");
  const sign = {
    create: "+",
    update: "~",
    replace: "-/+",
    delete: "-",
    forget: ".",
    import: "=",
    move: ">",
    invoke: "!",
  };
  const groups = groupChanges(changes);
  const { telling, others } = groups;
  for (const group of telling.slice(0, 100)) {
    const { action, meaning } = group[0]!;
    const forced = forcedBy(group[0]!);
    const addresses = describeAlike(group.map(({ address }) => address));
    yield terminal`  ${sign[action].padEnd(3)} ${addresses}${forced && ` (${forced})`}${meaning === undefined ? "" : colours.dim(terminal`: ${meaning}`)}`;
  }
  if (telling.length > 100)
    yield colours.dim(terminal`  … and ${telling.length - 100} more with a remark (--json lists all)`);
  if (others.length > 0) yield colours.dim(terminal`  ${countOthers(groups)} without a remark`);
}

function* notes(review: Review, colours: Colours): Generator<Text> {
  const said = remarks(review);
  if (said.length === 0) return;
  yield terminal``;
  yield heading(colours, "Assumptions");
  for (const sentence of said) yield terminal`  ${sentence}`;
}
