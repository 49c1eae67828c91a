import { statSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { planOfServices } from "../../../bench/plan-of-services";
import { renderHtml } from "../../../src/review/render/html/page";
import { reviewPlan } from "../../../src/review/review";
import { goodLayout } from "../good-layout";
import { broken, describeInBrowser, planWithGaps } from "./browser";

describe("--html", () => {
  it("needs nothing from the network", async () => {
    const html = String(await renderHtml([reviewPlan(broken())]));
    expect(html).not.toMatch(/(src|href)=|url\(|@import|https?:\/\/(?!www\.w3\.org)/);
  });

  it("lets no name in the plan become markup", async () => {
    const evil = JSON.parse(
      JSON.stringify(goodLayout()).replaceAll('"name":"shop"', '"name":"</script><img onerror=alert(1)>"'),
    ) as object;
    const html = String(await renderHtml([reviewPlan(evil, { name: "<b>" })]));
    expect(html).not.toMatch(/<img|<b>&lt;b&gt;|<title>[^<]*<b>/);
    expect(html.match(/<\/script>/g)).toHaveLength(2);
  });

  it("begins with findings, and explains 24 alike once", async () => {
    const html = String(await renderHtml([reviewPlan(planOfServices(24, "cluster"))]));
    expect(html.split("allow ssm:GetParameters on the parameter&#39;s ARN")).toHaveLength(2);
    expect(html).toMatch(/<h3>error: [^<]*\(24\)<\/h3>/);
    expect(html).toContain("24 resources are alike");
    const headings = [...html.matchAll(/<h2>([^<]*)<\/h2>/g)].map(([, heading]) => heading);
    expect(headings).toEqual([
      "Findings",
      "The cluster",
      "Which services cluster",
      "Cluster stability",
      "What changes",
    ]);
  });

  it("has one row for all services whose numbers are alike", async () => {
    const html = String(await renderHtml([reviewPlan(planOfServices(24, "cluster"))]));
    expect(html.match(/2 tasks × 200 % →/g)).toHaveLength(1);
    expect(html).toMatch(/<summary>all 24 services<\/summary>\s*service0, service1,/);
  });

  it("draws services that connect with each other as one box, or 50 of them would be 1225 arrows", async () => {
    const html = String(await renderHtml([reviewPlan(planOfServices(50, "cluster"))]));
    expect(html).toContain("each of these 50 connects with each: 4369, 9000–9010");
    expect(html.match(/class="edge/g)).toBeNull();
  });
});

/** Asked as text, since it is the browser that has a `document`. */
const styleOf = (page: Page, selector: string, property: string) =>
  page.evaluate<string>(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).${property}`);

/** In points, how far the middle of each missing arrow is from the nearest point of any other arrow. */
const gapsOfMissing = `(() => {
  const at = (path, share) => path.getPointAtLength(path.getTotalLength() * share);
  const others = [...document.querySelectorAll(".edge:not(.blocked) path")].flatMap((path) =>
    Array.from({ length: 101 }, (_, step) => at(path, step / 100)));
  return [...document.querySelectorAll(".edge.blocked path")].map((path) => {
    const { x, y } = at(path, 0.5);
    return Math.min(...others.map((point) => Math.hypot(point.x - x, point.y - y)));
  });
})()`;

describeInBrowser("--html in a browser", ({ open, screenshots }) => {
  it.each(["light", "dark"] as const)("shows the missing arrow in red, in %s", async (scheme) => {
    const { page, asked, errors } = await open(broken(), { colorScheme: scheme });
    const arrow = page.locator(".edge.blocked");
    expect(await arrow.count()).toBe(1);
    const colour = await styleOf(page, ".edge.blocked path", "stroke");
    expect(colour).toBe(scheme === "light" ? "rgb(200, 32, 28)" : "rgb(255, 123, 114)");
    const paper = await styleOf(page, "body", "backgroundColor");
    expect(paper).toBe(scheme === "light" ? "rgb(255, 255, 255)" : "rgb(20, 24, 31)");
    await page.screenshot({ path: path.join(screenshots, `three-${scheme}.png`), fullPage: true });
    expect([asked.length, errors]).toEqual([1, []]);
    await page.close();
  });

  it("tells the rules behind an arrow under the pointer", async () => {
    const { page } = await open(broken());
    const tip = page.locator("#tip");
    expect(await tip.isVisible()).toBe(false);
    await page.locator(".edge.connects path").first().hover();
    expect(await tip.innerText()).toContain("stock → shop");
    expect(await tip.innerText()).toContain("egress 9000–9010: aws_vpc_security_group_egress_rule.stock_to_shop_range");
    expect(await tip.innerText()).toContain("ingress 4369: aws_vpc_security_group_ingress_rule.shop_from_stock_epmd");
    await page.screenshot({ path: path.join(screenshots, "hover.png") });
    await page.close();
  });

  it("tells why an arrow is missing, by keyboard too", async () => {
    const { page } = await open(broken());
    await page.locator(".edge.blocked").focus();
    expect(await page.locator("#tip").innerText()).toContain(
      "no rule for 9000–9010 from aws_security_group.shop to aws_security_group.stock",
    );
    await page.close();
  });

  it.each([
    [2, "peers", "light"],
    [7, "peers", "light"],
    [12, "peers", "dark"],
    [50, "peers", "light"],
    [50, "peers", "dark"],
    [50, "cluster", "light"],
  ] as const)(
    "keeps text inside its box, and readable from near, with %d services (%s, %s)",
    async (count, topology, scheme) => {
      const { page } = await open(planOfServices(count, topology), { colorScheme: scheme });
      for (let step = 0; step < 5; step++) await page.getByRole("button", { name: "Zoom in" }).click();
      const outside = await page.locator(".drawing .node").evaluateAll(
        (nodes) =>
          nodes.flatMap((node) => {
            const box = node.querySelector("path, polygon")!.getBoundingClientRect();
            return [...node.querySelectorAll("text")].filter((text) => {
              const own = text.getBoundingClientRect();
              return own.left < box.left - 1 || own.right > box.right + 1;
            });
          }).length,
      );
      expect(outside).toBe(0);
      const heights = await page
        .locator(".drawing .node text")
        .evaluateAll((texts) => texts.map((text) => text.getBoundingClientRect().height));
      expect(Math.min(...heights)).toBeGreaterThan(8);
      await page.locator(".drawing").screenshot({ path: path.join(screenshots, `${count}-${topology}-${scheme}.png`) });
      await page.close();
    },
  );

  it.each([
    [3, "light"],
    [50, "light"],
    [50, "dark"],
  ] as const)(
    "shows a missing arrow next to the one that answers it, with %d services, in %s",
    async (count, scheme) => {
      // GIVEN services that lack one rule each for the one before them
      const { page } = await open(planWithGaps(count, "peers"), { colorScheme: scheme });
      // WHEN each missing arrow is held against the nearest other one, point by point
      const gaps = await page.evaluate<number[]>(gapsOfMissing);
      // THEN none lies on another
      expect(gaps.length).toBeGreaterThanOrEqual(count / 10);
      expect(Math.min(...gaps)).toBeGreaterThan(4.4);
      await page.locator(".drawing").screenshot({ path: path.join(screenshots, `${count}-missing-${scheme}.png`) });
      await page.close();
    },
  );

  it("prints", async () => {
    const { page } = await open(broken(), { colorScheme: "dark" });
    const pdf = path.join(screenshots, "three.pdf");
    await page.pdf({ path: pdf, format: "A4" });
    expect(statSync(pdf).size).toBeGreaterThan(10_000);
    await page.emulateMedia({ media: "print" });
    expect(await styleOf(page, "body", "backgroundColor")).toBe("rgb(255, 255, 255)");
    await page.screenshot({ path: path.join(screenshots, "print.png"), fullPage: true });
    await page.close();
  });
});
