import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { renderHtml } from "../../../src/review/render/html/page";
import { reviewPlan, type Review } from "../../../src/review/review";
import { scratchFolder } from "../../scratch";
import { layoutOf, mutations } from "../layouts";
import { planOfServices, type Topology } from "../../../bench/plan-of-services";

/** Three services, one of which can't connect to another. */
export const broken = () =>
  layoutOf(mutations.find(({ name }) => name === "ingress rule stock_from_shop_range removed")!);

/** A plan in which every tenth service lacks a rule for the one before it. */
export function planWithGaps(count: number, topology: Topology): object {
  const plan = planOfServices(count, topology) as { resource_changes: { name: string }[] };
  plan.resource_changes = plan.resource_changes.filter(({ name }) => !/^service\d*1_from_service\d*2_9000$/.test(name));
  return plan;
}

export interface Opened {
  readonly page: Page;
  /** Addresses that the page asked for, its own included. */
  readonly asked: readonly string[];
  readonly errors: readonly string[];
}

export interface InBrowser {
  /** Screenshots stay where REVIEW_SCREENSHOTS says, for a person to look at. */
  readonly screenshots: string;
  open(reviews: object | readonly Review[], options?: BrowserContextOptions): Promise<Opened>;
}

function findChromium(): string | undefined {
  for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"])
    try {
      return execFileSync("which", [name], { encoding: "utf8" }).trim();
    } catch {
      // The next name.
    }
  return undefined;
}

const executablePath = findChromium();
const must = executablePath !== undefined || process.env.CI !== undefined;

/** Tests of the page in Chromium; skipped with a line where there is none. */
export function describeInBrowser(what: string, tests: (browser: InBrowser) => void): void {
  if (!must) console.warn(`skipped: ${what} (no chromium on this machine)`);
  (must ? describe : describe.skip)(what, () => {
    const folder = scratchFolder("review-html");
    const screenshots = process.env.REVIEW_SCREENSHOTS ?? folder;
    let browser: Browser;

    beforeAll(async () => {
      mkdirSync(screenshots, { recursive: true });
      browser = await chromium.launch({
        executablePath: executablePath!,
        args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        // A busy machine may need longer than Playwright's 30 s.
        timeout: 0,
      });
    });
    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    tests({
      screenshots,
      async open(reviews, options = {}) {
        const file = path.join(folder, "review.html");
        const all = Array.isArray(reviews) ? (reviews as readonly Review[]) : [reviewPlan(reviews, { name: "prod" })];
        writeFileSync(file, String(await renderHtml(all)));
        const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
        // What is missing fails its test; a busy machine gets its time.
        page.setDefaultTimeout(120_000);
        const [asked, errors]: [string[], string[]] = [[], []];
        page.on("request", (request) => asked.push(request.url()));
        page.on("pageerror", (error) => errors.push(error.message));
        page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
        await page.goto(`file://${file}`);
        return { page, asked, errors };
      },
    });
  });
}
