import { renderTerminal } from "../../../src/review/render/terminal";
import { reviewPlan } from "../../../src/review/review";
import { layoutOf, mutations } from "../layouts";
import { reviewFixture } from "../fixtures";

const broken = reviewPlan(
  layoutOf(mutations.find(({ name }) => name === "ingress rule stock_from_shop_range removed")!),
  { name: "prod" },
);

describe("the terminal", () => {
  it("gets summary, findings, matrix, reasons and numbers, plain when piped", () => {
    expect(String(renderTerminal([broken]))).toBe(`prod (synthesized configuration)
3 services; 4 of 5 wanted connections can form (1 blocked); 1 error, no warnings, no notes

Findings
  error   shop cannot connect to stock: no rule for 9000–9010 from aws_security_group.shop to aws_security_group.stock
          aws_ecs_service.shop  cannot-connect
          Why: Each attempt to connect fails, and can block the connecting node for 7 s. The two services cluster only if the other one can connect in the opposite direction.
          Fix: Depending on the reason, open the ports between the two security groups in both directions, or give both services the same namespace, basename, mode or cookie.

Which services cluster (rows dial, columns are dialled)
            [1]  [2]  [3]
  mail  [1] yes  -    -
  shop  [2] -    yes  NO
  stock [3] -    yes  yes
  yes connects   - not polled, closed   NO polls it, can't connect

  NO shop → stock
      no rule for 9000–9010 from aws_security_group.shop to aws_security_group.stock

Cluster stability
  mail, shop, stock: 2 tasks × 200 % → up to 4 in DNS, 8 an answer, discovery dns: stays together
      noticed: a join ≤ 11 s after its registration, a clean leave ≤ 1 s, a silent loss 11.25–18.75 s; a dead address is dialled ≤ 11 s`);
  });

  it.each([9, 10, 20])("has its cells below the numbers of %s services", (count) => {
    const services = Array.from({ length: count }, (_, at) => [`s${at}`, { name: `service${at}` }]);
    const text = String(renderTerminal([reviewPlan({ resource: { aws_ecs_service: Object.fromEntries(services) } })]));
    const [heads, ...rows] = text.split("Which services cluster (rows dial, columns are dialled)\n")[1]!.split("\n");
    const column = heads!.indexOf("[1]");
    expect(rows.slice(0, count).map((row) => row.slice(column - 1, column + 1))).toEqual(
      Array.from({ length: count }, () => expect.stringMatching(/^ \S/) as string),
    );
  });

  it("gets signs and colour where it has them", () => {
    const text = String(renderTerminal([broken], { colour: true }));
    expect(text).toContain("\u001b[31m✗");
    expect(text).toContain("\u001b[32m✓");
  });

  it("explains each check and its fix once, with the same rule of other scanners", () => {
    const text = String(renderTerminal([reviewFixture("guide")]));
    const why = "Everyone who may describe the task definition can read it";
    expect(text.split(why)).toHaveLength(2);
    expect(text).toMatch(/^ {10}Why: Everyone who may describe the task definition .* \(also trivy AWS-0036\)$/m);
    expect(text.split("Fix: Store the value as an SSM SecureString")).toHaveLength(2);
  });

  it("lists findings worst first", () => {
    const marks = [...String(renderTerminal([reviewFixture("guide")])).matchAll(/^ {2}(error|warning|note) /gm)].map(
      ([, mark]) => mark,
    );
    expect(marks).toEqual(
      [...marks].sort((a, b) => ["error", "warning", "note"].indexOf(a!) - ["error", "warning", "note"].indexOf(b!)),
    );
  });
});
