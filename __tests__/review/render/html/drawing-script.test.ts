import path from "node:path";
import type { Page } from "playwright-core";
import { planOfServices } from "../../../../bench/plan-of-services";
import { describeInBrowser, planWithGaps } from "../browser";

const viewOf = async (page: Page) => {
  const text = await page.locator(".drawing svg").getAttribute("viewBox");
  const [x, y, width, height] = text!.split(" ").map(Number);
  return { x: x!, y: y!, width: width!, height: height! };
};

/** Whether all of the drawing is within its frame. */
const isWhole = (page: Page) =>
  page.evaluate<boolean>(`(() => {
    const frame = document.querySelector(".drawing").getBoundingClientRect();
    const graph = document.querySelector(".drawing .graph").getBoundingClientRect();
    return graph.left >= frame.left && graph.right <= frame.right && graph.top >= frame.top && graph.bottom <= frame.bottom;
  })()`);

/** The name of the element with the focus, unless its middle is within the drawing's frame. */
const focusOutsideFrame = `(() => {
  const frame = document.querySelector(".drawing").getBoundingClientRect();
  const { left, right, top, bottom } = document.activeElement.getBoundingClientRect();
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const within = x > frame.left && x < frame.right && y > frame.top && y < frame.bottom;
  return within ? [] : [document.activeElement.getAttribute("aria-label")];
})()`;

/** Puts two clusters into one plan: 20 services that all connect, and 5 more of other names. */
function twoClusters(): object {
  const [many, few] = [20, 5].map((count) => planOfServices(count, "cluster") as Record<string, never>);
  const other = JSON.parse(
    JSON.stringify(few)
      .replaceAll(/service(?=\d)/g, "worker")
      .replaceAll("organization", "elsewhere")
      .replaceAll('.shared"', '.others"')
      .replaceAll('"shared', '"others')
      .replaceAll(".main", ".second")
      .replaceAll('"main"', '"second"')
      .replaceAll(".main.", ".second."),
  ) as typeof few;
  const plan = structuredClone(many) as unknown as {
    resource_changes: unknown[];
    configuration: { root_module: { resources: unknown[] } };
  };
  const added = other as unknown as typeof plan;
  plan.resource_changes.push(...added.resource_changes);
  plan.configuration.root_module.resources.push(...added.configuration.root_module.resources);
  return plan;
}

describeInBrowser("the drawing in a browser", ({ open, screenshots }) => {
  it.each([2, 12, 40, 100])("fits its frame with %d services", async (count) => {
    const { page, errors } = await open(planOfServices(count, "peers"));
    expect(await isWhole(page)).toBe(true);
    expect(errors).toEqual([]);
    await page.screenshot({ path: path.join(screenshots, `fit-${count}.png`), fullPage: true });
    await page.close();
  });

  it("zooms by buttons, keyboard and wheel, and fits again", async () => {
    const { page } = await open(planWithGaps(40, "peers"));
    const begin = await viewOf(page);
    await page.getByRole("button", { name: "Zoom in" }).click();
    const closer = await viewOf(page);
    expect(closer.width / begin.width).toBeCloseTo(0.7);
    await page.locator(".drawing").focus();
    await page.keyboard.press("+");
    expect((await viewOf(page)).width / closer.width).toBeCloseTo(0.8);
    await page.keyboard.press("0");
    expect(await viewOf(page)).toEqual(begin);
    await page.locator(".drawing").hover();
    await page.mouse.wheel(0, -80);
    await page.waitForFunction(
      `Number(document.querySelector(".drawing svg").getAttribute("viewBox").split(" ")[2]) < ${begin.width * 0.9}`,
    );
    await page.getByRole("button", { name: "Zoom out" }).click();
    await page.getByRole("button", { name: "Zoom out" }).click();
    // Farther out than all of it is nothing to see.
    expect(await viewOf(page)).toEqual(begin);
    await page.close();
  });

  it("leaves the wheel to the page until it has the focus", async () => {
    const { page } = await open(planWithGaps(40, "peers"));
    const begin = await viewOf(page);
    await page.locator(".drawing").hover();
    const before = await page.evaluate<number>("scrollY");
    await page.mouse.wheel(0, 50);
    // Not waitForFunction: newer Chromiums refuse its eval, as the page's policy says.
    while ((await page.evaluate<number>("scrollY")) <= before) await page.waitForTimeout(20);
    expect(await viewOf(page)).toEqual(begin);
    await page.close();
  });

  it("moves by mouse and keyboard, as far as the pointer does", async () => {
    const { page } = await open(planWithGaps(40, "peers"));
    await page.getByRole("button", { name: "Zoom in" }).click();
    const begin = await viewOf(page);
    const frame = (await page.locator(".drawing").boundingBox())!;
    await page.mouse.move(frame.x + 200, frame.y + 200);
    await page.mouse.down();
    await page.mouse.move(frame.x + 250, frame.y + 200, { steps: 5 });
    await page.mouse.move(frame.x + 300, frame.y + 230, { steps: 5 });
    await page.mouse.up();
    const moved = await viewOf(page);
    const scale = begin.width / frame.width;
    expect(moved.x - begin.x).toBeCloseTo(-100 * scale, -1);
    expect(moved.y - begin.y).toBeCloseTo(-30 * scale, -1);
    await page.mouse.move(frame.x + 100, frame.y + 100);
    expect(await viewOf(page)).toEqual(moved);
    await page.locator(".drawing").focus();
    await page.keyboard.press("ArrowRight");
    expect((await viewOf(page)).x).toBeGreaterThan(moved.x);
    await page.close();
  });

  it("zooms by pinch", async () => {
    const { page } = await open(planWithGaps(40, "peers"), {
      viewport: { width: 390, height: 844 },
      isMobile: true,
      hasTouch: true,
    });
    const begin = await viewOf(page);
    await page.evaluate(`(() => {
      const box = document.querySelector(".drawing");
      const send = (type, pointerId, clientX) => box.dispatchEvent(
        new PointerEvent(type, { pointerId, clientX, clientY: 300, button: 0, pointerType: "touch", bubbles: true }));
      send("pointerdown", 1, 150); send("pointerdown", 2, 250);
      send("pointermove", 2, 350); send("pointerup", 1, 150); send("pointerup", 2, 350);
    })()`);
    expect((await viewOf(page)).width / begin.width).toBeCloseTo(0.5);
    await page.close();
  });

  it("keeps a service that is searched for, with its arrows, and shows it near", async () => {
    const { page } = await open(planWithGaps(40, "peers"));
    const begin = await viewOf(page);
    await page.getByLabel("Service", { exact: true }).fill("Service12");
    expect(await page.locator(".drawing .service:not(.dim)").count()).toBe(1);
    expect(await page.locator(".drawing .link:not(.dim)").count()).toBe(5);
    expect(await page.locator(".viewer [data-found]").innerText()).toBe("1 of 40 services");
    expect((await viewOf(page)).width).toBeLessThan(begin.width / 2);
    const box = (await page.locator("[aria-label^='service12:']").boundingBox())!;
    expect(box.height).toBeGreaterThan(30);
    await page.screenshot({ path: path.join(screenshots, "searched.png") });
    await page.getByLabel("Service", { exact: true }).fill("");
    expect(await page.locator(".drawing .dim").count()).toBe(0);
    expect(await viewOf(page)).toEqual(begin);
    await page.close();
  });

  it("keeps one cluster, and finds a service in the box of its mesh", async () => {
    const { page } = await open(twoClusters());
    await page.getByLabel("Cluster", { exact: true }).selectOption({ label: "worker0, worker1 and 3 more" });
    expect(await page.locator(".viewer [data-found]").innerText()).toBe("5 of 25 services");
    expect(await page.locator(".drawing .cell:not(.dim)").count()).toBe(5);
    expect(await page.locator(".drawing .mesh:not(.dim)").count()).toBe(1);
    await page.getByLabel("Service", { exact: true }).fill("worker3");
    expect(await page.locator(".drawing .cell:not(.dim)").count()).toBe(1);
    await page.screenshot({ path: path.join(screenshots, "cluster.png") });
    await page.close();
  });

  it("names every element that the keyboard reaches", async () => {
    const { page } = await open(planWithGaps(40, "peers"));
    const names = await page
      .locator(".drawing [tabindex='0']")
      .evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
    // 40 services and what is missing: a tab stop for each of 76 arrows that connect would be too many.
    expect(names).toHaveLength(44);
    expect(names).toContain("service0: own tasks connect");
    expect(names).toContain("service2 → service1: can't connect");
    await page.close();
  });

  it("brings what the keyboard reaches into the frame", async () => {
    const { page } = await open(planWithGaps(40, "peers"));
    for (let step = 0; step < 5; step++) await page.getByRole("button", { name: "Zoom in" }).click();
    await page.locator(".drawing").focus();
    const outside: string[] = [];
    for (let stop = 0; stop < 44; stop++) {
      await page.keyboard.press("Tab");
      outside.push(...(await page.evaluate<string[]>(focusOutsideFrame)));
    }
    // Seen however small the drawing is: the line that marks the focus doesn't shrink with it.
    const line = "getComputedStyle(document.activeElement.querySelector('.drawing svg path'))";
    expect(await page.evaluate(`[${line}.vectorEffect, ${line}.strokeWidth]`)).toEqual(["non-scaling-stroke", "3px"]);
    expect(outside).toEqual([]);
    await page.close();
  });

  it("hides what it shows at Escape, and shows it again at Enter", async () => {
    const { page } = await open(planWithGaps(40, "peers"));
    const tip = page.locator("#tip");
    await page.locator("[aria-label^='service12:']").focus();
    expect(await tip.isVisible()).toBe(true);
    await page.keyboard.press("Escape");
    expect(await tip.isVisible()).toBe(false);
    await page.keyboard.press("Enter");
    expect(await tip.innerText()).toContain("service12");
    await page.close();
  });

  it("prints all of the drawing and what is folded", async () => {
    const { page } = await open(planWithGaps(40, "peers"));
    await page.getByRole("button", { name: "Zoom in" }).click();
    await page.evaluate(`dispatchEvent(new Event("beforeprint"))`);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("details:not([open]) summary").allInnerTexts()).toEqual(["957 more without a remark"]);
    expect(await isWhole(page)).toBe(true);
    expect(await page.locator("input:visible, select:visible, button:visible, .hint:visible").count()).toBe(0);
    await page.emulateMedia({ media: "screen" });
    await page.evaluate(`dispatchEvent(new Event("afterprint"))`);
    expect(await page.locator("details[open]").count()).toBe(0);
    await page.close();
  });
});
