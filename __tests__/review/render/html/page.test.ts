import { readFileSync } from "node:fs";
import path from "node:path";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { compare } from "../../../../src/review/comparison";
import { reviewPlan, type Review } from "../../../../src/review/review";
import { planOfServices } from "../../../../bench/plan-of-services";
import { reviewFixture } from "../../fixtures";
import { broken, describeInBrowser, planWithGaps } from "../browser";

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResults>("axe.run(document, { resultTypes: ['violations'] })");
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** The least contrast of a text in the drawing with what is behind it: axe doesn't evaluate text in SVG. */
const leastContrast = `(() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = numbers(colour).map((part) => part / 255).map((part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const panel = getComputedStyle(document.querySelector(".drawing")).backgroundColor;
  const ratios = [...document.querySelectorAll(".drawing text")].map((text) => {
    const box = text.closest(".node, .cell")?.querySelector(":scope > path, :scope > polygon");
    const [one, other] = [getComputedStyle(text).fill, box ? getComputedStyle(box).fill : panel].map(luminance);
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  });
  return Math.min(...ratios);
})()`;

const compared = (): readonly Review[] => {
  const [before, after] = [planOfServices(7, "peers"), planWithGaps(7, "peers")].map((plan) =>
    reviewPlan(plan, { name: "prod" }),
  );
  return [{ ...after!, comparison: compare(before!, after!) }, reviewFixture("guide")];
};

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true } as const;

describeInBrowser("the page in a browser", ({ open, screenshots }) => {
  it.each([
    ["three services", broken, { colorScheme: "light" }],
    ["three services", broken, { colorScheme: "dark" }],
    ["two stacks, compared", compared, { colorScheme: "light" }],
    ["two stacks, compared", compared, { colorScheme: "dark" }],
    ["40 services on a phone", () => planWithGaps(40, "peers"), { colorScheme: "light", ...phone }],
    ["40 services in one cluster", () => planOfServices(40, "cluster"), { colorScheme: "dark" }],
  ] as const)("is accessible: %s", async (_, plan, options) => {
    const { page, errors } = await open(plan(), options);
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate<number>(leastContrast)).toBeGreaterThanOrEqual(4.5);
    expect(errors).toEqual([]);
    await page.close();
  });

  it("is accessible with what is folded open, and after each search", async () => {
    const { page, errors } = await open(planWithGaps(40, "peers"));
    await page.evaluate("document.querySelectorAll('details').forEach((folded) => (folded.open = true))");
    await page.getByLabel("Service", { exact: true }).fill("service1");
    await page.getByLabel("Only what doesn't connect (4 pairs)").check();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel("Service", { exact: true }).fill("nothing of this name");
    await page.getByLabel("Row", { exact: true }).fill("nothing of this name");
    expect(await page.locator("[data-found]").allInnerTexts()).toEqual(["0 of 40 services", "0 of 40 rows"]);
    expect(await violations(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  });

  it("has no control that needs scripts where they are off, and all of the drawing", async () => {
    const { page } = await open(planWithGaps(40, "peers"), { javaScriptEnabled: false });
    expect(await page.locator("input:visible, select:visible, button:visible, .hint:visible").count()).toBe(0);
    expect(await page.locator(".drawing .service:visible").count()).toBe(40);
    const text = await page.locator(".drawing .service text").first().boundingBox();
    expect(text!.height).toBeGreaterThan(10);
    await page.close();
  });

  it("draws in the system's colours where these are forced", async () => {
    const { page } = await open(broken(), { forcedColors: "active" });
    const colours = await page.evaluate<string[]>(`(() => {
      const probe = document.body.appendChild(document.createElement("p"));
      const own = [...document.querySelectorAll(".drawing .edge path, .drawing .node path")].map((path) => getComputedStyle(path).stroke);
      const text = getComputedStyle(probe).color;
      return [...new Set(own)].filter((colour) => colour !== text);
    })()`);
    expect(colours).toEqual([]);
    await page.close();
  });

  it.each([40, 120])("prints a matrix of %d services within the width of the paper", async (count) => {
    // GIVEN an A4 sheet, less its margins
    const { page } = await open(planWithGaps(count, "cluster"), { viewport: { width: 718, height: 1000 } });
    await page.evaluate(`dispatchEvent(new Event("beforeprint"))`);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".matrix tbody tr").count()).toBe(count);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(718);
    await page.close();
  });

  it("runs no script but its own", async () => {
    const { page, errors } = await open(broken());
    await page.evaluate(
      `for (const type of ["", "module"]) document.body.append(Object.assign(document.createElement("script"), { type, textContent: "window.foreign = true" }))`,
    );
    await page.evaluate(`document.body.insertAdjacentHTML("beforeend", "<p id=styled style='color: red'>")`);
    expect(await page.evaluate("window.foreign")).toBeUndefined();
    expect(await page.evaluate("getComputedStyle(styled).color")).not.toBe("rgb(255, 0, 0)");
    expect(errors.filter((error) => /Content Security Policy/.test(error)).length).toBeGreaterThanOrEqual(3);
    await page.close();
  });

  // 320 CSS pixels are also a window of 1280 at 400 %: https://www.w3.org/TR/WCAG22/#reflow
  it.each([390, 320])("fits %d pixels with 40 services", async (width) => {
    const { page } = await open(planWithGaps(40, "peers"), { ...phone, viewport: { width, height: 844 } });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    const targets = await page
      .locator(".tools button")
      .evaluateAll((all) =>
        all.map((one) => Math.min(one.getBoundingClientRect().width, one.getBoundingClientRect().height)),
      );
    expect(Math.min(...targets)).toBeGreaterThanOrEqual(44);
    await page.locator(".drawing").scrollIntoViewIfNeeded();
    await page.screenshot({ path: path.join(screenshots, `phone-40-${width}.png`) });
    await page.close();
  });

  describe("the matrix of 40 services", () => {
    const rows = ".matrix tbody tr:not([hidden])";

    it("keeps both heads in sight", async () => {
      const { page } = await open(planWithGaps(40, "peers"));
      const top = async () => {
        const [box, column, row] = await Promise.all(
          [".matrix-viewer .scroll", ".matrix thead th:nth-child(40)", ".matrix tbody tr:last-child th"].map((one) =>
            page.locator(one).boundingBox(),
          ),
        );
        return [column!.y - box!.y, row!.x - box!.x];
      };
      await page.locator(".matrix-viewer .scroll").evaluate((box) => box.scrollTo(9999, 9999));
      expect(Math.max(...(await top()).map(Math.abs))).toBeLessThan(4);
      await page.close();
    });

    it("shows only what doesn't connect, and the rows searched for", async () => {
      const { page } = await open(planWithGaps(40, "peers"));
      expect(await page.locator(rows).count()).toBe(40);
      await page.getByLabel("Only what doesn't connect (4 pairs)").check();
      expect(await page.locator(`${rows} th`).allInnerTexts()).toEqual([
        "service2",
        "service12",
        "service22",
        "service32",
      ]);
      const columns = ".matrix thead th:not([hidden])";
      expect(await page.locator(columns).allInnerTexts()).toEqual(["service1", "service11", "service21", "service31"]);
      expect(await page.locator(`${rows} td:not([hidden])`).count()).toBe(16);
      await page.getByLabel("Row", { exact: true }).fill("SERVICE1");
      expect(await page.locator(`${rows} th`).allInnerTexts()).toEqual(["service12"]);
      expect(await page.locator(".matrix-viewer [data-found]").innerText()).toBe("1 of 40 rows");
      await page.getByLabel("Only what doesn't connect (4 pairs)").uncheck();
      expect(await page.locator(rows).count()).toBe(11);
      expect(await page.locator(columns).count()).toBe(40);
      await page.close();
    });
  });
});
