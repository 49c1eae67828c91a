import pc from "picocolors";
import { advice } from "../advice";
import type { AdoptionPlan } from "./plan";

/** What is there and what is missing, one step a line. */
export function describeFindings({ findings }: AdoptionPlan): string {
  const sign = { present: pc.green("ok     "), edited: pc.yellow("missing"), "by-hand": pc.yellow("by hand") };
  return findings.map(({ step, edit }) => `${sign[edit.kind]}  ${step.file}: ${step.what}`).join("\n") + "\n";
}

/** What adopt doesn't edit: the lines, and where they go. Empty when there is nothing. */
export function describeByHand({ findings }: AdoptionPlan): string {
  return findings
    .flatMap(({ step, edit }) =>
      edit.kind === "by-hand"
        ? [
            `\n${pc.bold(step.file)}: ${step.what}\n` +
              `Not edited, since ${edit.why}. ${edit.todo}${edit.lines === undefined ? "." : ":"}\n` +
              (edit.lines === undefined ? "" : `\n${edit.lines.replace(/^(?=.)/gm, "    ")}\n`),
          ]
        : [],
    )
    .join("");
}

/** Remarks that nothing depends on. */
export function describeAdvice({ advice }: AdoptionPlan): string {
  return advice.map((remark) => `\n${pc.bold("Note")}: ${remark}\n`).join("");
}

/** A unified diff for a terminal: in the usual colours, and with control characters to be seen, as `^M` for a CR. */
export function colourDiff(diff: Buffer): string {
  return diff
    .toString("utf8")
    .replace(/[\0-\x08\x0B-\x1F\x7F]/g, (control) => `^${String.fromCharCode(control.charCodeAt(0) ^ 64)}`)
    .split("\n")
    .map((line) => {
      if (/^(\+\+\+|---) /.test(line)) return pc.bold(line);
      if (line.startsWith("@@")) return pc.cyan(line);
      if (line.startsWith("+")) return pc.green(line);
      return line.startsWith("-") ? pc.red(line) : line;
    })
    .join("\n");
}

/** What its owner does next. */
export function describeNextSteps({ findings }: AdoptionPlan): string {
  const byHand = findings.some(({ edit }) => edit.kind === "by-hand") ? ", and what is said above" : "";
  return `\nNext: ${advice.fetchAndCompile()}${byHand}. docs/phoenix.md explains each line.\n`;
}
