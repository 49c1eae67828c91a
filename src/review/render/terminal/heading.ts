import { type Colours, type Markup, terminal } from "../../../foreign-text";

/** A heading, with a remark for those who need it. */
export function heading(colours: Colours, title: string, remark?: string): Markup<"terminal"> {
  return terminal`${colours.bold(title)}${remark === undefined ? "" : colours.dim(terminal` (${remark})`)}`;
}
