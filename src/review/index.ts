/** The review: what a plan will do to the cluster. */
export { reviewPlan, reviewInput, type Review, type ReviewOptions } from "./review";
export { readInput, type Input } from "./read/input";
export { UserError } from "../user-error";
export { renderTerminal } from "./render/terminal";
export { renderHtml } from "./render/html/page";
export { renderMarkdown } from "./render/markdown";
export { renderJson } from "./render/json";
export { renderSarif } from "./render/sarif";
export { checks } from "./checks";
