import type { Progress } from "./progress";

/** One page: what was made, what the review says of it, and what is proved. */
export function resultsPage({ made, review, results }: Progress): string {
  const proved = results.map(({ ok, text }) => `${ok ? "ok    " : "FAILED"}  ${text}`).join("\n");
  return `\nWhat was made\n\n${made}\n\nWhat the review says\n\n${review}\n\nWhat is proved\n\n${proved}\n`;
}
