import { createHash } from "node:crypto";
import { json, type Markup, visible } from "../../foreign-text";
import { checks } from "../checks";
import type { Severity } from "../checks/check";
import type { Finding } from "../findings";
import type { Review } from "../review";

const levels: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", note: "note" };

export interface SarifOptions {
  /** Path of the reviewed file, relative to the repository, where it is known. Code scanning wants one for every result. */
  readonly file?: string;
}

/**
 * Renders findings as SARIF 2.1.0 for code scanning. A plan has no source lines, so each result names the reviewed file and,
 * as a logical location, the resource's address. Compared with another plan, each says whether it is new; findings that are
 * gone are left out, since GitHub would take them for present ones.
 * Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function renderSarif(reviews: readonly Review[], { file = "plan.json" }: SarifOptions = {}): Markup<"json"> {
  const rules = checks.map(({ id, title, rationale, remediation, severity, related, sources }) => ({
    id,
    name: id.replace(/(^|-)(\w)/g, (_, _dash: string, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: rationale },
    help: { text: remediation, markdown: `${rationale}\n\n**Fix:** ${remediation}` },
    helpUri: sources[0],
    defaultConfiguration: { level: levels[severity] },
    ...(related && { properties: { tags: related } }),
  }));
  const results = reviews.flatMap((review) => [
    ...review.findings.map((finding) => ({
      ...result(finding, review, file),
      ...(review.comparison && {
        baselineState: review.comparison.newFindings.includes(finding) ? "new" : "unchanged",
      }),
    })),
    ...review.suppressed.map(({ finding, reason }) => ({
      ...result(finding, review, file),
      suppressions: [{ kind: "external", status: "accepted", justification: reason }],
    })),
  ]);
  const driver = {
    name: "elixir-cluster review",
    informationUri: "https://www.erlang.org/doc/system/distributed.html",
    rules,
  };
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver }, columnKind: "utf16CodeUnits", results }],
  };
  return json(log, 2);
}

function result({ check, severity, address, constructPath, message }: Finding, { name }: Review, file: string) {
  const fingerprint = createHash("sha256").update(`${check.id} ${address} ${message}`).digest("hex");
  return {
    ruleId: check.id,
    ruleIndex: checks.indexOf(check),
    level: levels[severity],
    message: { text: `${plain(message)}. ${check.remediation}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: encodeURI(file) }, region: { startLine: 1 } },
        logicalLocations: [{ fullyQualifiedName: constructPath ?? address, name: address, kind: "resource" }],
      },
    ],
    partialFingerprints: { "elixirCluster/v1": fingerprint },
    properties: { stack: name },
  };
}

/**
 * Visible text of which no viewer makes a link.
 * Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html (3.11.6, messages with embedded links)
 */
function plain(text: string): string {
  return visible(text).replace(/[\\[\]]/g, (character) => `\\${character}`);
}
