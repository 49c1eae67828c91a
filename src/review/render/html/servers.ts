import { html, type Markup } from "../../../foreign-text";
import type { Review } from "../../review";
import { describeServers } from "../servers";
import { table } from "./region";

const classes = { yes: "", no: "bad", unknown: "doubt" };

/** Which services can connect to which databases and other servers, and by which rules. */
export function servers(review: Review): Markup<"html"> {
  if (review.servers.length === 0) return html``;
  const title = "Databases and other servers";
  const rows = describeServers(review).map(
    ({ service, server, ports, reaches, verdict, reasons }) =>
      html`<tr class="${classes[reaches]}">
        <th scope="row">${service}</th>
        <td>${server}</td>
        <td>${ports}</td>
        <td>${verdict}</td>
        <td class="text">${reasons.join("; ")}</td>
      </tr>`,
  );
  return html`<h2>${title}</h2>
    ${table(`${review.name}: ${title}`, ["Service", "Server", "Port", "Connection", "Rules"], rows)}`;
}
