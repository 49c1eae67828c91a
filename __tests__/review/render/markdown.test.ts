import { planOfServices } from "../../../bench/plan-of-services";
import { reviewPlan } from "../../../src/review/review";
import { groupFindings } from "../../../src/review/render/groups";
import { longestComment, renderMarkdown } from "../../../src/review/render/markdown";
import { goodLayout } from "../good-layout";
import { layoutOf, mutations } from "../layouts";
import { reviewFixture } from "../fixtures";
import { notEmpty } from "../../not-empty";

const layout = (name: string) => layoutOf(mutations.find((mutation) => mutation.name === name)!);

describe("--markdown", () => {
  it("begins with the verdict", () => {
    expect(String(renderMarkdown([reviewPlan(goodLayout(), { name: "prod" })]))).toMatch(
      /^## ✅ Cluster review: prod\n\n3 services · 5 of 5 wanted connections can form · no errors, no warnings, no notes\n/,
    );
  });

  it("draws what connects and what is missing", () => {
    const text = String(renderMarkdown([reviewPlan(layout("ingress rule stock_from_shop_range removed"))]));
    expect(text).toContain('n2 -->|"4369, 9000–9010"| n1');
    expect(text).toContain('n1 -.->|"✗ 4369, 9000–9010"| n2');
  });

  it("has the matrix as a table, with the reasons below", () => {
    const text = String(renderMarkdown([reviewPlan(layout("ingress rule stock_from_shop_range removed"))]));
    expect(text).toContain("| **shop** | · | ✅ | ❌ |");
    expect(text).toContain(
      "- **shop → stock**: no rule for 9000–9010 from aws\\_security\\_group.shop to aws\\_security\\_group.stock",
    );
  });

  it("lets no name in the plan become markup, a mention or a reference", () => {
    const plan = JSON.parse(
      JSON.stringify(goodLayout()).replaceAll('"name":"shop"', '"name":"<b>@team|#1</b>"'),
    ) as object;
    const text = String(renderMarkdown([reviewPlan(plan)]));
    expect(text.replace(/```mermaid[\s\S]*?```/, "")).not.toMatch(/<b>|@team|[^\\]#1/);
  });

  describe.each([50, 70, 200])("of %d services, none of which connects", (count) => {
    // GIVEN a plan with more to say than fits
    const plan = planOfServices(count, "peers") as { resource_changes: { type: string }[] };
    plan.resource_changes = plan.resource_changes.filter(({ type }) => type !== "aws_vpc_security_group_ingress_rule");
    const review = reviewPlan(plan);
    const text = String(renderMarkdown([review]));

    it("stays under GitHub's limit, and uses it", () => {
      expect(text.length).toBeLessThan(longestComment);
      expect(text.length).toBeGreaterThan(60_000);
    });

    it("says of each part what was left out", () => {
      expect(text).toMatch(/_\d+ more left out: all pairs are in the JSON and the HTML of this review\._/);
      const findings = /### Findings\n([\s\S]*?)\n### /.exec(text)![1]!;
      const listed = findings.match(/^- /gm)!.length;
      const leftOut = /_(\d+) more left out: all findings are in the JSON/.exec(findings)?.[1] ?? 0;
      expect(listed + Number(leftOut)).toBe(groupFindings(review).flatMap(({ alike }) => alike).length);
      for (const title of ["Which services cluster", "Findings", "Cluster stability", "What changes"])
        expect(text).toContain(`\n\n### ${title}\n`);
      expect(text).toMatch(/```mermaid\n|the drawing is in the HTML of this review\._/);
    });

    it("ends everything that it folds, or GitHub would fold the rest of the page too", () => {
      let depth = 0;
      for (const [tag] of notEmpty(text.matchAll(/<\/?details>/g))) {
        depth += tag === "<details>" ? 1 : -1;
        expect([0, 1]).toContain(depth);
      }
      expect(depth).toBe(0);
      expect(text).not.toMatch(/<summary>[^\n]*\s*<\/details>/);
    });
  });

  it("shares the limit among several stacks", () => {
    const reviews = Array.from({ length: 12 }, () => reviewFixture("guide"));
    const text = String(renderMarkdown(reviews));
    expect(text.length).toBeLessThan(longestComment);
    expect(text.match(/^## ❌ Cluster review/gm)).toHaveLength(12);
  });

  it("of more stacks than fit says little of each, and that", () => {
    const text = String(renderMarkdown(Array.from({ length: 150 }, () => reviewFixture("guide"))));
    expect(text.length).toBeLessThan(longestComment);
    expect(text.match(/_All else is in the JSON and the HTML of this review\._/g)).toHaveLength(150);
  });
});
