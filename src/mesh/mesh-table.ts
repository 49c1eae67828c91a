import { type Colours, coloursOf, type Markup, terminal, visible } from "../foreign-text";
import { type Member, nameOf, sees } from "./mesh";

/** What the signs of a table mean. */
export const legend = "● sees  ✗ doesn't  ? no answer";

/**
 * Which nodes see each other: a line for the node that was asked and a column for each one that it may see:
 *
 *                         1 2 3
 *      1  myapp@10.0.1.4  · ● ●
 *      2  myapp@10.0.2.4  ● · ✗
 *      3  myapp2 10.0.1.5 ? ? ·
 */
export function meshTable(members: readonly Member[], colours: Colours = coloursOf(false)): Markup<"terminal">[] {
  if (members.length === 0) return [];
  const names = members.map((member) => visible(nameOf(member)));
  const longest = Math.max(...names.map(({ length }) => length));
  const digits = String(members.length).length + 1;
  const number = (at: number) => String(at + 1).padStart(digits);
  const sign = (from: Member, to: Member) => {
    if (from === to) return colours.dim("·");
    if (!from.sees) return colours.yellow("?");
    return sees(from, to) ? colours.green("●") : colours.red("✗");
  };
  const rows = members.map((from, at) => {
    const cells = members.map((to) => terminal`${" ".repeat(digits - 1)}${sign(from, to)}`);
    return terminal`${number(at)}  ${names[at]!.padEnd(longest)}${cells}`;
  });
  return [colours.dim(`${" ".repeat(digits + 2 + longest)}${members.map((_, at) => number(at)).join("")}`), ...rows];
}
