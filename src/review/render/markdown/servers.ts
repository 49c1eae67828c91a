import { markdown } from "../../../foreign-text";
import type { Review } from "../../review";
import { describeServers } from "../servers";
import { foldIf, type Part } from "./part";

const icons = { yes: "🟢", no: "🔴", unknown: "🟡" };

/** Which services can connect to which databases and other servers, and by which rules. */
export function servers(review: Review): Part {
  const instead = "the servers are in the JSON and the HTML of this review.";
  if (review.servers.length === 0) return { text: markdown``, instead };
  const lines = describeServers(review).map(
    ({ service, server, ports, reaches, verdict, reasons }) =>
      markdown`- ${icons[reaches]} **${service}** → ${server} port ${ports}: ${verdict} (${reasons.join("; ")})`,
  );
  const text = foldIf(lines.length > 10, `${lines.length} connections`, markdown.join(lines, markdown`\n`));
  return { title: markdown`Databases and other servers`, text, instead };
}
