import { type Colours, type Markup, terminal } from "../../../foreign-text";
import type { Review } from "../../review";
import { describeServers } from "../servers";
import { heading } from "./heading";

/** Which services can connect to which databases and other servers, and by which rules. */
export function* servers(review: Review, colours: Colours): Generator<Markup<"terminal">> {
  if (review.servers.length === 0) return;
  const paints = { yes: colours.green, no: colours.red, unknown: colours.yellow };
  yield terminal``;
  yield heading(colours, "Databases and other servers");
  for (const { service, server, ports, reaches, verdict, reasons } of describeServers(review)) {
    yield terminal`  ${colours.bold(terminal`${service} → ${server}`)} port ${ports}: ${paints[reaches](verdict)}`;
    for (const reason of reasons) yield colours.dim(terminal`      ${reason}`);
  }
}
