import { advice } from "../../advice";
import type { Check } from "./check";

/** The page of a check in docs/checks, in Markdown. `npm run docs:checks` writes them; a test holds them against this. */
export function pageOf({ id, title, severity, why, mending, silent, related, sources }: Check): string {
  const sections = [
    `# ${id}`,
    `**${title}.** Severity: ${severity}.`,
    `## What comes of it\n\n${why}`,
    `## How to mend it\n\n${mending}`,
    ...(silent === undefined ? [] : [`## When it says nothing\n\n${silent}`]),
    ...(related === undefined ? [] : [`## In other scanners\n\n${related.map((rule) => `- ${rule}`).join("\n")}`]),
    `## To leave it out\n\n\`\`\`sh\n${advice.ignoreFinding(id)}\n\`\`\``,
    `## Sources\n\n${sources.map((source) => `- <${source}>`).join("\n")}`,
  ];
  return `${sections.join("\n\n")}\n`;
}
