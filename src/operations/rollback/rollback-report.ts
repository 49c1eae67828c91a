import { coloursOf, type Markup, terminal } from "../../foreign-text";
import { imageName } from "../status/image-name";
import type { Revision } from "./revisions";

const pc = coloursOf();

const outcomes = { runs: "runs now", ran: "ran", failed: "didn't succeed" } as const;

/** The revisions of a service as a table, the newest first. */
export function revisionTable(revisions: readonly Revision[]): Markup<"terminal"> {
  const rows = revisions.map(({ name, image, outcome, deployedAt, isInactive }) => [
    name,
    outcomes[outcome],
    deployedAt ? `${deployedAt.toISOString().slice(0, 16)}Z` : "",
    image === undefined ? "deleted" : imageName(image),
    isInactive ? "deregistered" : "",
  ]);
  const head = ["revision", "", "deployed", "image", ""];
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]!.length)));
  const line = (cells: readonly string[]) =>
    terminal`  ${cells.map((cell, at) => cell.padEnd(widths[at]!)).join("  ")}`.trimEnd();
  return terminal.join([pc.dim(line(head)), ...rows.map(line)], terminal`\n`);
}
