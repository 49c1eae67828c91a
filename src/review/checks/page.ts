import { advice } from "../../advice";
import type { Check } from "./check";

/** The page of a check in docs/checks, in Markdown. `npm run docs:checks` writes them; a test holds them against this. */
export function pageOf({ id, title, severity, rationale, remediation, limitations, related, sources }: Check): string {
  const sections = [
    `# ${id}`,
    `**${title}.** Severity: ${severity}.`,
    `## Impact\n\n${rationale}`,
    `## Fix\n\n${remediation}`,
    ...(limitations === undefined ? [] : [`## Limitations\n\n${limitations}`]),
    ...(related === undefined ? [] : [`## In other scanners\n\n${related.map((rule) => `- ${rule}`).join("\n")}`]),
    `## Suppress\n\n\`\`\`sh\n${advice.ignoreFinding(id)}\n\`\`\``,
    `## Sources\n\n${sources.map((source) => `- <${source}>`).join("\n")}`,
  ];
  return `${sections.join("\n\n")}\n`;
}
