import pc from "picocolors";
import { Markup, type Part, tag } from "./markup";
import { visible } from "./visible";

/** A template for a terminal. Foreign text stays on one line and contains no control character. */
export const terminal = tag("terminal", visible);

const styles = ["bold", "dim", "red", "green", "yellow", "cyan"] as const;

/** Colours text for a terminal. */
export type Colours = Readonly<Record<(typeof styles)[number], (text: Part<"terminal">) => Markup<"terminal">>>;

/** @param enabled whether text gets colours. @default whether standard output is a terminal with colours */
export function coloursOf(enabled: boolean = pc.isColorSupported): Colours {
  const colours = pc.createColors(enabled);
  return Object.fromEntries(
    styles.map((style) => [
      style,
      (text: Part<"terminal">) => new Markup("terminal", colours[style](String(terminal`${text}`))),
    ]),
  ) as unknown as Colours;
}
