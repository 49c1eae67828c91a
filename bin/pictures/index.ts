// Draws the README's pictures: `npm run docs:pictures`, or one of them by its name. Needs what the demo needs, and Chromium.
import path from "node:path";
import { projectRoot } from "../../src/project-root";
import { drawDemo } from "./demo";
import { drawReview } from "./review";

// As in src/cli.ts.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

const pictures: Readonly<Record<string, (docs: string) => Promise<void>>> = {
  review: (docs) => drawReview(path.join(docs, "review.png")),
  demo: (docs) => drawDemo(path.join(docs, "demo.svg")),
};

async function draw(names: readonly string[]): Promise<void> {
  for (const name of names.length > 0 ? names : Object.keys(pictures)) {
    const picture = pictures[name];
    if (!picture) throw new Error(`There is no picture "${name}". There are: ${Object.keys(pictures).join(", ")}.`);
    await picture(path.join(projectRoot, "docs"));
  }
}

draw(process.argv.slice(2)).catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
