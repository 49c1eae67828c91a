import { html, type Markup, scriptJson } from "../../../foreign-text";
import type { Review } from "../../review";
import { draw, type Drawing } from "./drawing";
import { comparison } from "./comparison";
import { changes } from "./changes";
import { findings } from "./findings";
import { matrix } from "./matrix";
import { deployments, stability } from "./numbers";
import { assumptions, header, legend } from "./sections";
import { script, style } from "./style";

/** Renders reviews as one HTML page that needs no network: style, script and drawing are in it. */
export async function renderHtml(reviews: readonly Review[]): Promise<Markup<"html">> {
  const drawings = await Promise.all(reviews.map((review, at) => draw(review, `s${at}-`)));
  const details = Object.assign({}, ...drawings.map((drawing) => drawing.details)) as Drawing["details"];
  const title = `Review: ${reviews.map(({ name }) => name).join(", ")}`;
  const stacks = reviews.map((review, at) => stack(review, drawings[at]!));
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
        />
        <title>${title}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        ${html.join(stacks, html`\n`)}
        <div id="told" role="status" hidden></div>
        <script type="application/json" id="details">
          ${scriptJson(details)}
        </script>
        <script>
          ${script}
        </script>
      </body>
    </html>
`;
}

function stack(review: Review, drawing: Drawing): Markup<"html"> {
  const picture =
    review.services.length === 0
      ? html`<p>No ECS service is in it.</p>`
      : html`<h2>The cluster</h2>
          <div class="drawing">${drawing.svg}</div>
          ${legend(drawing.usualPorts)}`;
  const cluster = review.services.length === 0 ? "" : html`${matrix(review)}${stability(review)}${deployments(review)}`;
  return html`<section class="stack">
    <header>${header(review)}</header>
    ${comparison(review)}${findings(review)}${picture}${cluster}${changes(review)}${assumptions(review)}
  </section>`;
}
