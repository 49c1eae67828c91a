import { type Colours, coloursOf, type Markup, type Part, terminal, visible } from "../../foreign-text";
import type { Finding } from "../findings";
import type { Check, Severity } from "../checks/check";
import type { Pair } from "../cluster/matrix";
import type { Review } from "../review";
import { describeComparison, type Difference } from "./comparison";
import {
  cell,
  countChanges,
  countFindings,
  describeDeployment,
  describeLinks,
  describeStability,
  forcedBy,
  meanings,
  plural,
  remarks,
  seconds,
  summarize,
  type Cell,
} from "./summary";

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

/** The widest matrix that a terminal shows; beyond it only what doesn't connect is listed. */
const widest = 20;

/** Renders reviews for a terminal: summary, matrix, numbers, changes, findings worst first. */
export function renderTerminal(reviews: readonly Review[], { colour = false }: TerminalOptions = {}): Text {
  const colours = coloursOf(colour);
  const texts = reviews.map((review) => terminal.join([...lines(review, colours, colour)], terminal`\n`));
  return terminal.join(texts, terminal`\n\n`);
}

function* lines(review: Review, colours: Colours, colour: boolean): Generator<Text> {
  yield* summary(review, colours);
  yield* comparison(review, colours);
  if (review.services.length > 0) {
    yield* matrix(review, colours, colour);
    yield* reasons(review, colours, colour);
    yield* stability(review, colours);
    yield* deployments(review, colours);
  }
  yield* changes(review, colours);
  yield* findings(review, colours, colour);
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
  if (services.length > widest)
    return yield terminal`  ${services.length} services: see --html or --markdown for the matrix; what doesn't connect follows.`;
  const names = services.map((service) => visible(service.name));
  const width = Math.max(...names.map(({ length }) => length));
  const column = Math.max(4, ...services.map((_, at) => `[${at + 1}]`.length));
  yield terminal`  ${" ".repeat(width)}     ${services.map((_, at) => `[${at + 1}]`.padEnd(column)).join(" ")}`.trimEnd();
  const used = new Set<Cell>();
  for (const [row, from] of services.entries()) {
    const cells = services.map((to) => {
      const what = cell(review, review.matrix.pair(from, to));
      used.add(what);
      return paintCell(what, colours)(signs[what][colour ? 0 : 1].padEnd(column));
    });
    yield terminal`  ${names[row]!.padEnd(width)} ${`[${row + 1}]`.padEnd(4)}${terminal.join(cells, terminal` `)}`.trimEnd();
  }
  yield colours.dim(
    terminal`  ${[...used].map((what) => `${signs[what][colour ? 0 : 1]} ${meanings[what]}`).join("   ")}`,
  );
}

function* reasons(review: Review, colours: Colours, colour: boolean): Generator<Text> {
  const open = review.matrix.pairs.filter(({ state }) => state === "blocked" || state === "unknown");
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

function* stability(review: Review, colours: Colours): Generator<Text> {
  yield terminal``;
  yield heading(colours, "Cluster stability");
  for (const numbers of review.stability) {
    const paint =
      numbers.verdict === "together"
        ? (text: Part<"terminal">) => terminal`${text}`
        : numbers.verdict === "unknown"
          ? colours.yellow
          : colours.red;
    yield terminal`  ${colours.bold(numbers.service.name)}: ${paint(describeStability(numbers))}`;
    yield colours.dim(
      terminal`      noticed: a join ${seconds(numbers.join)} after its registration, a clean leave ${seconds(numbers.cleanLeave)}, a silent loss ${seconds(numbers.silentLoss)}; a dead address is dialled ${seconds(numbers.staleAddress)}`,
    );
  }
}

function* deployments({ web }: Review, colours: Colours): Generator<Text> {
  if (web.length === 0) return;
  yield terminal``;
  yield heading(colours, "Deployments behind the load balancer");
  for (const one of web) yield terminal`  ${colours.bold(one.service.name)}: ${describeDeployment(one)}`;
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
  const telling = changes.resources.filter(
    ({ action, meaning }) => action === "replace" || action === "delete" || meaning !== undefined,
  );
  for (const change of telling.slice(0, 100)) {
    const { address, action, meaning } = change;
    const forced = forcedBy(change);
    yield terminal`  ${sign[action].padEnd(3)} ${address}${forced && ` (${forced})`}${meaning === undefined ? "" : colours.dim(terminal`: ${meaning}`)}`;
  }
  const rest = changes.resources.length - Math.min(100, telling.length);
  if (rest > 0)
    yield colours.dim(terminal`  and ${rest} more${telling.length > 0 ? "" : " resources"}, which need no remark`);
}

const marks: Readonly<Record<Severity, string>> = { error: "error  ", warning: "warning", note: "note   " };

function* findings({ findings, suppressed }: Review, colours: Colours, colour: boolean): Generator<Text> {
  yield terminal``;
  yield heading(colours, "Findings");
  if (findings.length === 0) yield terminal`  ${colours.green(colour ? "✓ none" : "none")}`;
  const explained = new Set<Check>();
  for (const finding of findings) {
    yield* one(finding, colours, !explained.has(finding.check));
    explained.add(finding.check);
  }
  for (const { finding, reason } of suppressed)
    yield colours.dim(terminal`  ignored ${finding.check.id} at ${finding.address}: ${reason}`);
}

/** A finding; only the first of each check shows the rationale and other scanners' ids. */
function* one(
  { check, severity, address, constructPath, message }: Finding,
  colours: Colours,
  explain: boolean,
): Generator<Text> {
  const paint = severity === "error" ? colours.red : severity === "warning" ? colours.yellow : colours.dim;
  yield terminal`  ${paint(marks[severity])} ${colours.bold(message)}`;
  yield terminal`          ${address}${constructPath === undefined ? "" : ` (${constructPath})`}  ${colours.dim(check.id)}`;
  if (explain)
    yield colours.dim(
      terminal`          Why: ${check.rationale}${check.related ? ` (also ${check.related.join(", ")})` : ""}`,
    );
  yield colours.dim(terminal`          Fix: ${check.remediation}`);
}

function* notes(review: Review, colours: Colours): Generator<Text> {
  const said = remarks(review);
  if (said.length === 0) return;
  yield terminal``;
  yield heading(colours, "Assumptions");
  for (const sentence of said) yield terminal`  ${sentence}`;
}

function heading(colours: Colours, title: string, remark?: string): Text {
  return terminal`${colours.bold(title)}${remark === undefined ? "" : colours.dim(terminal` (${remark})`)}`;
}
