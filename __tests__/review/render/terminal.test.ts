import { renderTerminal } from "../../../src/review/render/terminal";
import { reviewPlan } from "../../../src/review/review";
import { layoutOf, mutations } from "../layouts";
import { reviewFixture } from "../fixtures";

const broken = reviewPlan(
  layoutOf(mutations.find(({ name }) => name === "ingress rule stock_from_shop_range removed")!),
  { name: "prod" },
);

describe("the terminal", () => {
  it("gets summary, matrix, reasons, numbers and findings, plain when piped", () => {
    expect(renderTerminal([broken])).toBe(`prod (synthesized configuration)
3 services; 4 of 5 wanted connections can form (1 blocked); 1 error, no warnings, no notes

Who clusters with whom (rows dial, columns are dialled)
            [1]  [2]  [3]
  mail  [1] yes  -    -
  shop  [2] -    yes  NO
  stock [3] -    yes  yes
  yes connects   - not polled, closed   NO polls it, can't connect

  NO shop → stock
      no rule for 9000–9010 from aws_security_group.shop to aws_security_group.stock

Will it stay together
  mail: 2 tasks × 200 % → up to 4 in DNS, 8 an answer, resolver members: stays together
      noticed: a join ≤ 11 s after its registration, a clean leave ≤ 1 s, a silent loss 11.25–18.75 s; a dead address is dialled ≤ 11 s
  shop: 2 tasks × 200 % → up to 4 in DNS, 8 an answer, resolver members: stays together
      noticed: a join ≤ 11 s after its registration, a clean leave ≤ 1 s, a silent loss 11.25–18.75 s; a dead address is dialled ≤ 11 s
  stock: 2 tasks × 200 % → up to 4 in DNS, 8 an answer, resolver members: stays together
      noticed: a join ≤ 11 s after its registration, a clean leave ≤ 1 s, a silent loss 11.25–18.75 s; a dead address is dialled ≤ 11 s

Findings
  error   shop cannot connect to stock: no rule for 9000–9010 from aws_security_group.shop to aws_security_group.stock
          aws_ecs_service.shop  cannot-connect
          Do what the reason says: open the ports between the two security groups in both directions, or give both the same namespace, basename, mode or cookie.
`);
  });

  it("gets signs and colour where it has them", () => {
    const text = renderTerminal([broken], { colour: true });
    expect(text).toContain("\u001b[31m✗");
    expect(text).toContain("\u001b[32m✓");
  });

  it("lists findings worst first", () => {
    const marks = [...renderTerminal([reviewFixture("guide")]).matchAll(/^ {2}(error|warning|note) /gm)].map(
      ([, mark]) => mark,
    );
    expect(marks).toEqual(
      [...marks].sort((a, b) => ["error", "warning", "note"].indexOf(a!) - ["error", "warning", "note"].indexOf(b!)),
    );
  });
});
