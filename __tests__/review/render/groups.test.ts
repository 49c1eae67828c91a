import { notEmpty } from "../../not-empty";
import { planOfServices } from "../../../bench/plan-of-services";
import type { Finding } from "../../../src/review/findings";
import {
  describeAlike,
  describeServices,
  groupChanges,
  groupFindings,
  groupStability,
} from "../../../src/review/render/groups";
import { renderMarkdown } from "../../../src/review/render/markdown";
import { renderTerminal } from "../../../src/review/render/terminal";
import { reviewPlan, type Review } from "../../../src/review/review";

/** 24 services, none of which may read its cookie; `different` run more tasks than a DNS answer has records. */
function review({ different = [] as readonly string[] } = {}): Review {
  const plan = planOfServices(24, "cluster") as {
    resource_changes: { type: string; name: string; change: { after: Record<string, unknown> } }[];
  };
  for (const { type, name, change } of plan.resource_changes)
    if (type === "aws_ecs_service" && different.includes(name)) change.after.desired_count = 20;
  return reviewPlan(plan, { name: "prod" });
}

describe("findings", () => {
  it("are one where only the name differs", () => {
    const [group, ...others] = groupFindings(review()).filter(({ check }) => check.id === "secret-not-readable");
    expect(others).toEqual([]);
    expect(group!.count).toBe(24);
    expect(group!.alike.map(({ length }) => length)).toEqual([24]);
  });

  it("are apart where more than their own name differs, and where a name is only part of another", () => {
    // GIVEN two findings about service1, which differ in what they say of service10 and service11
    const all = review();
    const { check } = all.findings[0]!;
    const about = (address: string, message: string): Finding => ({ check, severity: "error", address, message });
    const findings = [
      about("aws_ecs_service.service1", "service1 reaches service10"),
      about("aws_ecs_service.service1", "service1 reaches service11"),
      about("aws_ecs_service.service2", "service2 reaches service10"),
    ];
    // WHEN
    const [group] = groupFindings({ ...all, findings });
    // THEN only the first and the third say the same
    expect(group!.alike.map((each) => each.map(({ message }) => message))).toEqual([
      ["service1 reaches service10", "service2 reaches service10"],
      ["service1 reaches service11"],
    ]);
  });

  it("of one check keep their severities apart, worst first", () => {
    const all = review();
    const [finding] = all.findings;
    const findings = [finding!, { ...finding!, severity: "note" as const }];
    expect(groupFindings({ ...all, findings }).map(({ severity }) => severity)).toEqual(["error", "note"]);
  });

  it("come first, and 24 alike are explained and fixed once, in the terminal and in a comment", () => {
    const formats = [renderTerminal([review()]), renderMarkdown([review()])].map(String);
    for (const text of notEmpty(formats)) {
      expect(text.split("allow ssm:GetParameters on the parameter's ARN")).toHaveLength(2);
      expect(text.split("injects /organization/release-cookie")).toHaveLength(2);
      expect(text).toContain("(24)");
      expect(text).toMatch(/and 23 alike: `?aws_ecs_task_definition\.service1`?, /);
      expect(text.indexOf("Findings")).toBeLessThan(text.indexOf("Which services cluster"));
    }
  });
});

describe("cluster stability", () => {
  it("is one line for all that are alike, below the outliers", () => {
    const all = review({ different: ["service3", "service7"] });
    const lines = groupStability(all).map(({ services }) => describeServices(services, all.services));
    expect(lines).toEqual(["service3, service7", "all but service3, service7 (22 services)"]);
    expect(String(renderTerminal([all])).match(/^ {2}[^\n]* tasks × 200 % →/gm)).toHaveLength(2);
    expect(String(renderMarkdown([all])).match(/^\|[^\n]* tasks × 200 % →/gm)).toHaveLength(2);
  });

  it("has what may lose nodes above all else, however many they are", () => {
    const all = review();
    const stability = all.stability.map((one, at) => ({ ...one, verdict: at < 20 ? "flaps" : "together" }) as const);
    expect(groupStability({ ...all, stability }).map(({ first }) => first.verdict)).toEqual(["flaps", "together"]);
  });
});

it("changes with one remark are together", () => {
  const { telling, others } = groupChanges(review().changes!);
  expect(telling.map(({ length }) => length)).toEqual([24]);
  expect(others.length).toBeGreaterThan(24);
});

it.each([
  [1, 1, "service0"],
  [3, 3, "service0, service1, service2"],
  [24, 24, "all 24 services"],
  [22, 24, "all but service22, service23 (22 services)"],
  [10, 24, "10 services: service0, service1, service2, service3, service4, service5 and 4 more"],
])("%d of %d services are described as %s", (some, count, text) => {
  const { services } = review();
  expect(describeServices(services.slice(0, some), services.slice(0, count))).toBe(text);
});

it("names 24 addresses that are alike and counts the rest", () => {
  const addresses = Array.from({ length: 30 }, (_, at) => `a${at}.b`);
  expect(describeAlike(addresses.slice(0, 2))).toBe("a0.b, and 1 alike: a1.b");
  expect(describeAlike(addresses)).toMatch(
    /^a0\.b, and 29 alike: (a\d+\.b, ){23}a24\.b and 5 more \(--json lists all\)$/,
  );
});
