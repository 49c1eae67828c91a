import { html, type Markup } from "../../../foreign-text";
import type { Review } from "../../review";
import { countChanges, countFindings, describeLinks, plural, remarks, summarize } from "../summary";

type Html = Markup<"html">;

const nothing = html``;

export function header(review: Review): Html {
  const numbers = summarize(review);
  const { changes } = review;
  const links = numbers.blocked > 0 ? "bad" : numbers.unknown > 0 || numbers.wanted === 0 ? "doubt" : "good";
  const found = numbers.findings.error > 0 ? "bad" : numbers.findings.warning > 0 ? "doubt" : "good";
  const counted = changes ? html`<li>${countChanges(changes)}</li>` : "";
  const source =
    review.kind === "plan"
      ? `plan${review.terraformVersion ? ` of Terraform ${review.terraformVersion}` : ""}`
      : "synthesized configuration";
  return html`<h1>${review.name}</h1>
    <div class="soft">Review of a ${source}</div>
    <ul class="verdict">
      <li>${plural(numbers.services, "service")}</li>
      <li class="${links}">${describeLinks(review, numbers)}</li>
      <li class="${found}">${countFindings(numbers)}</li>
      ${counted}
    </ul>`;
}

export function legend(usualPorts: string | undefined): Html {
  const ports =
    usualPorts === undefined ? "" : html`<span>Ports: <b>${usualPorts}</b> where an arrow says no other.</span>`;
  return html`<div class="legend">
    <span class="good"><b>——</b> connects</span
    ><span class="bad"><b>– – ✗</b> can't connect</span
    ><span class="doubt"><b>– – ?</b> not known</span
    ><span><b>·····</b> packets would pass, no service dials</span><span class="hint">Point at an arrow for its rules, or tap it.</span>${ports}
  </div>`;
}

export function assumptions(review: Review): Html {
  const all = remarks(review);
  return all.length === 0
    ? nothing
    : html`<h2>Assumptions</h2>
        <ul>
          ${all.map((sentence) => html`<li>${sentence}</li>`)}
        </ul>`;
}
