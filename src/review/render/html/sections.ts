import { html, type Markup } from "../../../foreign-text";
import type { Change } from "../../changes";
import type { Finding } from "../../findings";
import type { Review } from "../../review";
import {
  cell,
  countChanges,
  countFindings,
  describeDeployment,
  describeLinks,
  describeStability,
  forcedBy,
  meanings,
  plural,
  remarks,
  seconds,
  summarize,
  type Cell,
} from "../summary";

type Html = Markup<"html">;

const [nothing, line] = [html``, html`\n`];

export const signs: Readonly<Record<Cell, string>> = {
  connects: "✓",
  blocked: "✗",
  "unknown-open": "✓?",
  "unknown-closed": "✗?",
  unknown: "?",
  dialled: "←",
  open: "○",
  closed: "·",
};

/** Most services that the page shows as a whole matrix: 10,000 cells. */
const widest = 100;

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
    <span class="good"><b>——</b> polled, and packets pass</span
    ><span class="bad"><b>– – ✗</b> polled, and can't connect</span
    ><span class="doubt"><b>– – ?</b> not known</span
    ><span><b>·····</b> packets would pass, nobody dials</span><span>Hover an arrow for its rules.</span>${ports}
  </div>`;
}

export function matrix(review: Review): Html {
  const { services } = review.matrix;
  if (services.length > widest)
    return html`<h2>Which services cluster</h2>
      <p>${services.length} services: the matrix is in --json; what doesn't connect follows.</p>
      ${reasons(review)}`;
  const used = new Set<Cell>();
  const rows = services.map((from) => {
    const cells = services.map((to) => {
      const pair = review.matrix.pair(from, to);
      const what = cell(review, pair);
      used.add(what);
      const why = pair.reasons.map(({ text }) => text);
      const title = html.join([`${from.name} → ${to.name}: ${meanings[what]}`, ...why], line);
      return html`<td class="${what}" title="${title}">${signs[what]}</td>`;
    });
    return html`<tr>
      <th scope="row">${from.name}</th>
      ${cells}
    </tr>`;
  });
  const key = [...used].map((what) => html`<span><b>${signs[what]}</b> ${meanings[what]}</span>`);
  return html`<h2>Which services cluster</h2>
    <p class="soft">Rows dial, columns are dialled.</p>
    <div class="scroll">
      <table class="matrix">
        <thead>
          <tr>
            <th></th>
            ${services.map(({ name }) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${html.join(rows, line)}
        </tbody>
      </table>
    </div>
    <div class="legend">${key}</div>
    ${reasons(review)}`;
}

function reasons(review: Review): Html {
  const open = review.matrix.pairs.filter(({ state }) => state === "blocked" || state === "unknown");
  if (open.length === 0) return nothing;
  const shown = open.slice(0, 200).map(
    (pair) =>
      html`<li>
          <b>${pair.from.name} → ${pair.from === pair.to ? "its own tasks" : pair.to.name}</b>:
          ${pair.reasons.map((reason) => reason.text).join("; ")}
        </li>`,
  );
  return html`<ul class="reasons">
      ${html.join(shown, line)}
    </ul>
    ${open.length > 200 ? html`<p>… and ${open.length - 200} more pairs.</p>` : ""}`;
}

export function stability(review: Review): Html {
  const rows = review.stability.map(
    (numbers) =>
      html`<tr>
        <th scope="row">${numbers.service.name}</th>
        <td>${describeStability(numbers)}</td>
        <td class="time">${seconds(numbers.join)}</td>
        <td class="time">${seconds(numbers.cleanLeave)}</td>
        <td class="time">${seconds(numbers.silentLoss)}</td>
        <td class="time">${seconds(numbers.staleAddress)}</td>
      </tr>`,
  );
  return html`<h2>Cluster stability</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Service</th>
            <th>Tasks and DNS</th>
            <th>A join is noticed</th>
            <th>A clean leave</th>
            <th>A silent loss</th>
            <th>A dead address is dialled</th>
          </tr>
        </thead>
        <tbody>
          ${html.join(rows, line)}
        </tbody>
      </table>
    </div>`;
}

export function deployments({ web }: Review): Html {
  if (web.length === 0) return nothing;
  const rows = web.map(
    (one) =>
      html`<tr>
        <th scope="row">${one.service.name}</th>
        <td>${describeDeployment(one)}</td>
      </tr>`,
  );
  return html`<h2>Deployments behind the load balancer</h2>
    <div class="scroll">
      <table>
        <tbody>
          ${html.join(rows, line)}
        </tbody>
      </table>
    </div>`;
}

export function changes({ changes }: Review): Html {
  if (!changes || changes.resources.length === 0) return nothing;
  const telling = changes.resources.filter(needsRemark);
  const others = changes.resources.filter((change) => !needsRemark(change));
  const rest =
    others.length === 0
      ? ""
      : html`<details>
          <summary>${others.length} more, which need no remark</summary>
          ${table(others)}
        </details>`;
  return html`<h2>What changes</h2>
    ${telling.length > 0 ? table(telling) : ""}${rest}`;
}

function needsRemark({ action, meaning }: Change): boolean {
  return action === "replace" || action === "delete" || meaning !== undefined;
}

function table(changes: readonly Change[]): Html {
  const rows = changes.slice(0, 500).map(
    (change) =>
      html`<tr>
        <td>${change.action}</td>
        <td><code>${change.address}</code></td>
        <td>${forcedBy(change) || change.attributes.join(", ")}</td>
        <td>${change.meaning ?? ""}</td>
      </tr>`,
  );
  const rest = changes.length - rows.length;
  return html`<div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Action</th>
            <th>Resource</th>
            <th>Attributes</th>
            <th>What it means here</th>
          </tr>
        </thead>
        <tbody>
          ${html.join(rows, line)}
        </tbody>
      </table>
    </div>
    ${rest > 0 ? html`<p>… and ${rest} more.</p>` : ""}`;
}

export function findings({ findings, suppressed }: Review): Html {
  const all = findings.length > 0 ? html.join(findings.map(finding), line) : html`<p>None.</p>`;
  const ignored = suppressed.map(
    ({ finding, reason }) =>
      html`<li><code>${finding.check.id}</code> at <code>${finding.address}</code>: ${reason}</li>`,
  );
  return html`<h2>Findings</h2>
    ${all}${
      ignored.length > 0
        ? html`<h3>Ignored</h3>
            <ul>
              ${ignored}
            </ul>`
        : ""
    }`;
}

function finding({ check, severity, address, constructPath, message }: Finding): Html {
  const related = check.related ? `; also ${check.related.join(", ")}` : "";
  return html`<div class="finding ${severity}">
    <h3>${severity}: ${message}</h3>
    <small
      ><code>${address}</code>${constructPath === undefined ? "" : ` (${constructPath})`} · ${check.id}${related}</small
    >
    <p>${check.rationale}</p>
    <p><b>Fix:</b> ${check.remediation}</p>
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
