import { advice } from "../advice";
import { coloursOf, type Markup, terminal } from "../foreign-text";
import type { AdoptionPlan } from "./plan";

type Text = Markup<"terminal">;

const colours = coloursOf();
const line = terminal`\n`;

/** What is there and what is missing, one step a line. */
export function describeFindings({ findings }: AdoptionPlan): Text {
  const sign = {
    present: colours.green("ok     "),
    edited: colours.yellow("missing"),
    "by-hand": colours.yellow("by hand"),
  };
  const lines = findings.map(({ step, edit }) => terminal`${sign[edit.kind]}  ${step.file}: ${step.what}\n`);
  return terminal`${lines}`;
}

/** What adopt doesn't edit: the lines, and where they go. Empty when there is nothing. */
export function describeByHand({ findings }: AdoptionPlan): Text {
  const all = findings.flatMap(({ step, edit }) => {
    if (edit.kind !== "by-hand") return [];
    const lines = (edit.lines ?? "").split("\n").map((one) => terminal`${one && `    ${one}`}`);
    const end = edit.lines === undefined ? terminal`.\n` : terminal`:\n\n${terminal.join(lines, line)}\n`;
    return [terminal`\n${colours.bold(step.file)}: ${step.what}\nNot edited, since ${edit.why}. ${edit.todo}${end}`];
  });
  return terminal`${all}`;
}

/** Remarks that nothing depends on. */
export function describeAdvice({ advice }: Pick<AdoptionPlan, "advice">): Text {
  return terminal`${advice.map((remark) => terminal`\n${colours.bold("Note")}: ${remark}\n`)}`;
}

/** A unified diff for a terminal: in the usual colours, and with hidden characters made visible, as `\r` for a CR. */
export function colourDiff(diff: Buffer): Text {
  const lines = diff
    .toString("utf8")
    .split("\n")
    .map((one) => {
      if (/^(\+\+\+|---) /.test(one)) return colours.bold(one);
      if (one.startsWith("@@")) return colours.cyan(one);
      if (one.startsWith("+")) return colours.green(one);
      return one.startsWith("-") ? colours.red(one) : terminal`${one}`;
    });
  return terminal.join(lines, line);
}

/** What its owner does next. */
export function describeNextSteps({ findings }: AdoptionPlan): string {
  const byHand = findings.some(({ edit }) => edit.kind === "by-hand") ? ", and the steps above" : "";
  return `\nNext: ${advice.fetchAndCompile()}${byHand}. docs/phoenix.md explains each line.\n`;
}
