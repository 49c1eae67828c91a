import { planOfServices } from "../../../bench/plan-of-services";
import { renderHtml } from "../../../src/review/render/html/page";
import { renderMarkdown } from "../../../src/review/render/markdown";
import { describeMissingMatrix, describeWrong } from "../../../src/review/render/summary";
import { renderTerminal } from "../../../src/review/render/terminal";
import { reviewPlan } from "../../../src/review/review";
import { notEmpty } from "../../not-empty";
import { planWithGaps } from "./browser";

type Plan = {
  resource_changes: { change: { after: object; after_unknown: Record<string, true> } }[];
  configuration: { root_module: { resources: { expressions: Record<string, object> }[] } };
};

/** A plan in which every attribute of each resource is unknown. */
function unknownPlan(count: number): object {
  const plan = planOfServices(count, "peers") as Plan;
  for (const { change } of plan.resource_changes) {
    for (const name of Object.keys(change.after)) change.after_unknown[name] = true;
    change.after = {};
  }
  for (const { expressions } of plan.configuration.root_module.resources)
    for (const name of Object.keys(expressions)) expressions[name] = { references: ["var.unknown"] };
  return plan;
}

const pairs = (plan: object) => reviewPlan(plan).matrix.pairs.filter(({ state }) => state !== "connects");

async function everyText(plan: object): Promise<readonly string[]> {
  const reviews = [reviewPlan(plan, { name: "prod" })];
  return [renderTerminal(reviews), renderMarkdown(reviews), await renderHtml(reviews)].map(String);
}

describe("pairs that don't connect", () => {
  it("are called unknown where nothing is known of them", async () => {
    const wrong = pairs(unknownPlan(6));
    expect(describeWrong(wrong)).toBe("is unknown");
    expect(describeWrong(pairs(planWithGaps(5, "peers")))).toBe("doesn't connect");
    expect(describeWrong([...wrong, ...pairs(planWithGaps(5, "peers"))])).toBe("doesn't connect or is unknown");
    const [, , page] = await everyText(unknownPlan(6));
    expect(page).toContain("Only what is unknown (36 pairs)");
    expect(page).not.toMatch(/don't connect|doesn't connect/);
  });

  it("have a sign on their arrows, and the ports only where they are different from the usual ones", async () => {
    const texts = async (plan: object) => {
      const page = String(await renderHtml([reviewPlan(plan)]));
      expect(page).toContain("Ports: <b>4369, 9000–9010</b>");
      const links = [...page.matchAll(/<g id="s0-link[^>]*>[^]*?<\/g>/g)].join("");
      return new Set([...links.matchAll(/>([^<]*)<\/text>/g)].map(([, text]) => text!.trim()));
    };
    expect(await texts(unknownPlan(6))).toEqual(new Set(["?"]));
    expect(await texts(planWithGaps(40, "peers"))).toEqual(new Set(["✗"]));
  });
});

describe("a matrix that a format doesn't show", () => {
  const missing = (count: number, plan = planOfServices(count, "cluster")) => describeMissingMatrix(reviewPlan(plan));

  it("is where the format says, and what is wrong follows if there is something", () => {
    expect(missing(21)).toBe("21 services: the matrix is in the HTML and the JSON of this review.");
    expect(missing(151)).toBe("151 services: the matrix is in the JSON of this review.");
    expect(missing(0, planWithGaps(25, "peers") as never)).toBe(
      "25 services: the matrix is in the HTML and the JSON of this review; what doesn't connect follows.",
    );
  });

  it.each([
    [21, [true, false, false]],
    [61, [true, true, false]],
    [151, [true, true, true]],
  ])("of %d services: terminal, comment and page %j", async (count, where) => {
    const texts = await everyText(planOfServices(count, "cluster"));
    expect(texts.map((text) => text.includes("services: the matrix is in"))).toEqual(where);
  });
});

it("a message that names 40 services doesn't become a heading", async () => {
  const [terminal, , page] = await everyText(planOfServices(40, "peers"));
  const title = "warning: Two services are connected to a third but can't reach each other";
  expect(page).toContain(`<h3>${title.replace("'", "&#39;")}</h3>`);
  expect(terminal).toContain(`  ${title.replace(": ", " ")}  overlapping-partitions\n          80 of 780 pairs`);
});

it("the resource that a message is about comes first, a few that are alike after it", async () => {
  const [, , page] = await everyText(planOfServices(3, "peers"));
  const [first, ...others] = [0, 1, 2].map((at) => `<code>aws_ecs_task_definition.service${at}</code>`);
  expect(page).toContain(`no execution role <small>${first}, and 2 alike: ${others.join(", ")}</small>`);
});

it.each([
  ["some have a remark", planOfServices(2, "cluster"), "12 more without a remark"],
  ["none has", unknownPlan(2), "27 resources without a remark"],
])("changes without a remark are counted: %s", async (_, plan, text) => {
  for (const each of notEmpty(await everyText(plan))) expect(each).toContain(text);
});

it("says of a plan without services that it has none", async () => {
  const plan = { format_version: "1.2", resource_changes: [], configuration: { root_module: {} } };
  const [terminal, markdown, page] = await everyText(plan);
  expect(terminal).toContain("no services;");
  expect(markdown).toContain("no services ·");
  expect(page).toContain("<p>This plan has no ECS service.</p>");
});
