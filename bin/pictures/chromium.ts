import { chromium, type Page } from "playwright-core";

/** Opens a page in headless Chromium, sharp on dense screens, in light colours. */
export async function withPage(
  viewport: { width: number; height: number },
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    await use(await browser.newPage({ viewport, deviceScaleFactor: 1.5, colorScheme: "light" }));
  } finally {
    await browser.close();
  }
}
