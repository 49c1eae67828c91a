import type { Progress, Result } from "./progress";

/** One page: what was made, what the review says of it, and what is proved. */
export function resultsPage({ made, review, results }: Progress): string {
  const mark = ({ ok, untried }: Result) => (ok ? "ok" : untried ? "NOT TRIED" : "FAILED").padEnd("NOT TRIED".length);
  const proved = results.map((result) => `${mark(result)}  ${result.text}`).join("\n");
  return `\nWhat was made\n\n${made}\n\nWhat the review says\n\n${review}\n\nWhat is proved\n\n${proved}\n`;
}
