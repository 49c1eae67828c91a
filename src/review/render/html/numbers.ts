import { html, type Markup } from "../../../foreign-text";
import type { Service } from "../../cluster/services";
import type { Review } from "../../review";
import { describeServices, groupDeployments, groupStability } from "../groups";
import { describeDeployment, describeStability, seconds } from "../summary";
import { table } from "./region";

type Html = Markup<"html">;

/** Cluster stability, one row for all services that are alike. */
export function stability(review: Review): Html {
  const rows = groupStability(review).map(
    ({ services, first }) =>
      html`<tr class="${first.verdict === "together" ? "" : first.verdict === "unknown" ? "doubt" : "bad"}">
        ${head(services, review.services)}
        <td class="text">${describeStability(first)}</td>
        <td class="time">${seconds(first.join)}</td>
        <td class="time">${seconds(first.cleanLeave)}</td>
        <td class="time">${seconds(first.silentLoss)}</td>
        <td class="time">${seconds(first.staleAddress)}</td>
      </tr>`,
  );
  return html`<h2>Cluster stability</h2>
    ${table(`${review.name}: Cluster stability`, ["Service", "Tasks and DNS", "A join is noticed", "A clean leave", "A silent loss", "A dead address is dialled"], rows)}`;
}

/** How long deployments take, one row for all services that are alike. */
export function deployments(review: Review): Html {
  if (review.web.length === 0) return html``;
  const all = [...new Set(review.web.map(({ service }) => service))];
  const rows = groupDeployments(review).map(
    ({ services, first }) =>
      html`<tr>
        ${head(services, all)}
        <td class="text">${describeDeployment(first)}</td>
      </tr>`,
  );
  return html`<h2>Deployments behind the load balancer</h2>
    ${table(`${review.name}: Deployments behind the load balancer`, ["Service", "A deployment"], rows)}`;
}

/** Names that a cell shows; more are folded. */
const most = 6;

function head(services: readonly Service[], all: readonly Service[]): Html {
  const who = describeServices(services, all);
  if (services.length <= most) return html`<th scope="row">${who}</th>`;
  return html`<th scope="row">
    <details>
      <summary>${who}</summary>
      ${services.map(({ name }) => name).join(", ")}
    </details>
  </th>`;
}
