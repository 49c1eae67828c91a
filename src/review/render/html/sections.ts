import type { Change } from "../../changes";
import type { Finding } from "../../findings";
import type { Review } from "../../review";
import {
  cell,
  countChanges,
  countFindings,
  describeLinks,
  describeStaying,
  forcedBy,
  meanings,
  plural,
  remarks,
  seconds,
  summarize,
  type Cell,
} from "../summary";
import { escapeHtml as text } from "./escape";

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

export function header(review: Review): string {
  const numbers = summarize(review);
  const { changes } = review;
  const links = numbers.blocked > 0 ? "bad" : numbers.unknown > 0 || numbers.wanted === 0 ? "doubt" : "good";
  const found = numbers.findings.error > 0 ? "bad" : numbers.findings.warning > 0 ? "doubt" : "good";
  const counted = changes ? `<li>${countChanges(changes)}</li>` : "";
  const source =
    review.kind === "plan"
      ? `plan${review.terraformVersion ? ` of Terraform ${review.terraformVersion}` : ""}`
      : "synthesized configuration";
  return `<h1>${text(review.name)}</h1><div class="soft">Review of a ${text(source)}</div>
<ul class="verdict"><li>${plural(numbers.services, "service")}</li><li class="${links}">${text(describeLinks(review, numbers))}</li><li class="${found}">${text(countFindings(numbers))}</li>${counted}</ul>`;
}

export function legend(usualPorts: string | undefined): string {
  const ports =
    usualPorts === undefined ? "" : `<span>Ports: <b>${usualPorts}</b> where an arrow says no other.</span>`;
  return `<div class="legend"><span class="good"><b>——</b> polled, and packets pass</span><span class="bad"><b>– – ✗</b> polled, and can't connect</span><span class="doubt"><b>– – ?</b> not known</span><span><b>·····</b> packets would pass, nobody dials</span><span>Hover an arrow for its rules.</span>${ports}</div>`;
}

export function matrix(review: Review): string {
  const { services } = review.matrix;
  if (services.length > widest)
    return `<h2>Who clusters with whom</h2><p>${services.length} services: the matrix is in --json; what doesn't connect follows.</p>${reasons(review)}`;
  const used = new Set<Cell>();
  const rows = services.map((from) => {
    const cells = services.map((to) => {
      const pair = review.matrix.pair(from, to);
      const what = cell(review, pair);
      used.add(what);
      const title = [`${from.name} → ${to.name}: ${meanings[what]}`, ...pair.reasons.map((reason) => reason.text)].join(
        "\n",
      );
      return `<td class="${what}" title="${text(title)}">${signs[what]}</td>`;
    });
    return `<tr><th scope="row">${text(from.name)}</th>${cells.join("")}</tr>`;
  });
  const key = [...used].map((what) => `<span><b>${signs[what]}</b> ${meanings[what]}</span>`).join("");
  return `<h2>Who clusters with whom</h2><p class="soft">Rows dial, columns are dialled.</p><div class="scroll"><table class="matrix"><thead><tr><th></th>${services.map(({ name }) => `<th scope="col">${text(name)}</th>`).join("")}</tr></thead><tbody>${rows.join("\n")}</tbody></table></div><div class="legend">${key}</div>${reasons(review)}`;
}

function reasons(review: Review): string {
  const open = review.matrix.pairs.filter(({ state }) => state === "blocked" || state === "unknown");
  if (open.length === 0) return "";
  const shown = open
    .slice(0, 200)
    .map(
      (pair) =>
        `<li><b>${text(pair.from.name)} → ${pair.from === pair.to ? "its own tasks" : text(pair.to.name)}</b>: ${text(pair.reasons.map((reason) => reason.text).join("; "))}</li>`,
    );
  return `<ul class="reasons">${shown.join("\n")}</ul>${open.length > 200 ? `<p>… and ${open.length - 200} more pairs.</p>` : ""}`;
}

export function staying(review: Review): string {
  const rows = review.staying.map(
    (numbers) =>
      `<tr><th scope="row">${text(numbers.service.name)}</th><td>${text(describeStaying(numbers))}</td><td class="time">${seconds(numbers.join)}</td><td class="time">${seconds(numbers.cleanLeave)}</td><td class="time">${seconds(numbers.silentLoss)}</td><td class="time">${seconds(numbers.staleAddress)}</td></tr>`,
  );
  return `<h2>Will it stay together</h2><div class="scroll"><table><thead><tr><th>Service</th><th>Tasks and DNS</th><th>A join is noticed</th><th>A clean leave</th><th>A silent loss</th><th>A dead address is dialled</th></tr></thead><tbody>${rows.join("\n")}</tbody></table></div>`;
}

export function changes({ changes }: Review): string {
  if (!changes || changes.resources.length === 0) return "";
  const telling = changes.resources.filter(needsRemark);
  const others = changes.resources.filter((change) => !needsRemark(change));
  const rest =
    others.length === 0
      ? ""
      : `<details><summary>${others.length} more, which need no remark</summary>${table(others)}</details>`;
  return `<h2>What changes</h2>${telling.length > 0 ? table(telling) : ""}${rest}`;
}

function needsRemark({ action, meaning }: Change): boolean {
  return action === "replace" || action === "delete" || meaning !== undefined;
}

function table(changes: readonly Change[]): string {
  const rows = changes
    .slice(0, 500)
    .map(
      (change) =>
        `<tr><td>${change.action}</td><td><code>${text(change.address)}</code></td><td>${text(forcedBy(change) || change.attributes.join(", "))}</td><td>${text(change.meaning ?? "")}</td></tr>`,
    );
  const rest = changes.length - rows.length;
  return `<div class="scroll"><table><thead><tr><th>Action</th><th>Resource</th><th>Attributes</th><th>What it means here</th></tr></thead><tbody>${rows.join("\n")}</tbody></table></div>${rest > 0 ? `<p>… and ${rest} more.</p>` : ""}`;
}

export function findings({ findings, excused }: Review): string {
  const all = findings.map(finding).join("\n");
  const ignored = excused.map(
    ({ finding, reason }) =>
      `<li><code>${finding.check.id}</code> at <code>${text(finding.address)}</code>: ${text(reason)}</li>`,
  );
  return `<h2>Findings</h2>${all || "<p>None.</p>"}${ignored.length > 0 ? `<h3>Ignored</h3><ul>${ignored.join("")}</ul>` : ""}`;
}

function finding({ check, severity, address, constructPath, message }: Finding): string {
  const related = check.related ? `; also ${text(check.related.join(", "))}` : "";
  return `<div class="finding ${severity}"><h3>${severity}: ${text(message)}</h3><small><code>${text(address)}</code>${constructPath === undefined ? "" : ` (${text(constructPath)})`} · ${check.id}${related}</small><p>${text(check.why)}</p><p><b>Mend it:</b> ${text(check.mending)}</p></div>`;
}

export function assumptions(review: Review): string {
  const all = remarks(review);
  return all.length === 0
    ? ""
    : `<h2>Assumptions</h2><ul>${all.map((sentence) => `<li>${text(sentence)}</li>`).join("")}</ul>`;
}
