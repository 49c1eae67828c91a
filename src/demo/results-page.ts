import type { Finding } from "../lab/scenarios/scenario";

interface StateJson {
  readonly values?: { readonly root_module?: { readonly resources?: readonly { mode: string; type: string }[] } };
}

/** What an apply created, from `terraform show -json` and the outputs: how many of each type, and how to reach each service. */
export function applySummary(state: unknown, outputs: Record<string, unknown>): string {
  const resources = (state as StateJson).values?.root_module?.resources ?? [];
  const counts = new Map<string, number>();
  for (const { type } of resources.filter(({ mode }) => mode === "managed"))
    counts.set(type, (counts.get(type) ?? 0) + 1);
  const byType = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, count]) => `${String(count).padStart(3)} ${type}`);
  const services = Object.values((outputs.services ?? {}) as Record<string, Record<string, string>>).map(
    (service) =>
      `${service.service}: ${service.dns_name}, ${service.security_group_id}, logs in ${service.log_group}` +
      (service.console ? `\n  ${service.console}` : ""),
  );
  return [...byType, "", ...services].join("\n");
}

/** One page: what was created, what the review says of it, and what is proved. */
export function resultsPage(summary: string, review: string, findings: readonly Finding[]): string {
  const mark = ({ ok, untried }: Finding) => (ok ? "ok" : untried ? "NOT TRIED" : "FAILED").padEnd("NOT TRIED".length);
  const proved = findings.map((finding) => `${mark(finding)}  ${finding.line}`).join("\n");
  return `\nWhat was created\n\n${summary}\n\nWhat the review says\n\n${review}\n\nWhat is proved\n\n${proved}\n`;
}
