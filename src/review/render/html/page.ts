import { createHash } from "node:crypto";
import { html, type Markup, scriptJson } from "../../../foreign-text";
import type { Review } from "../../review";
import { changes } from "./changes";
import { comparison } from "./comparison";
import { draw, type Drawing } from "./drawing";
import { findings } from "./findings";
import { matrix } from "./matrix";
import { deployments, stability } from "./numbers";
import { drawingScript } from "./drawing-script";
import { matrixScript } from "./matrix-script";
import { assumptions, header } from "./sections";
import { servers } from "./servers";
import { style } from "./style";
import { viewer } from "./viewer";

type Html = Markup<"html">;

/** Renders reviews as one HTML page that needs no network: style, script and drawing are in it. */
export async function renderHtml(reviews: readonly Review[]): Promise<Html> {
  const drawings = await Promise.all(reviews.map((review, at) => draw(review, `s${at}-`)));
  const title = `Review: ${reviews.map(({ name }) => name).join(", ")}`;
  const stacks = reviews.map((review, at) => stack(review, drawings[at]!, `s${at}`));
  const data = Object.fromEntries(
    drawings.map(({ shapes, services }, at) => [`s${at}-drawing`, { shapes, services }] as const),
  );
  const script = html`${drawingScript}${matrixScript}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${policy(style, script)}" />
        <title>${title}</title>
        <style>${style}</style>
      </head>
      <body>
        <main>
          ${html.join(stacks, html`\n`)}
          <div id="tip" role="status" hidden></div>
        </main>
        <script type="application/json" id="data">
          ${scriptJson(data)}
        </script>
        <script>${script}</script>
      </body>
    </html>
`;
}

/** Lets the browser use this style and this script and nothing else: markup that a plan smuggled in could run nothing. */
function policy(style: Html, script: Html): Html {
  const hash = (text: Html) => createHash("sha256").update(String(text)).digest("base64");
  return html`default-src 'none'; style-src 'sha256-${hash(style)}'; script-src 'sha256-${hash(script)}'; base-uri 'none'; form-action 'none'`;
}

function stack(review: Review, drawing: Drawing, id: string): Html {
  const none = review.services.length === 0;
  const cluster = none
    ? html`<p>This ${review.kind === "plan" ? "plan" : "configuration"} has no ECS service.</p>`
    : html`${viewer(review, drawing, `${id}-drawing`)}${matrix(review, `${id}-matrix`)}${stability(review)}${servers(review)}${deployments(review)}`;
  return html`<section class="stack">
    <header>${header(review)}</header>
    ${comparison(review)}${findings(review)}${cluster}${changes(review)}${assumptions(review)}
  </section>`;
}
