import { compare } from "../../src/review/comparison";
import { describeComparison } from "../../src/review/render/comparison";
import { reviewPlan } from "../../src/review/review";
import { at, type Block, edited, type Edit, withoutRules } from "./edits";
import { setVariable } from "./layouts";

const reviewed = (...edits: Edit[]) => reviewPlan(edited(...edits), { name: "base.json" });
const told = (before: Edit[], after: Edit[]) => describeComparison(compare(reviewed(...before), reviewed(...after)));

/** No rule lets shop and stock reach each other's epmd. */
const apart = withoutRules("stock_from_shop_epmd", "shop_from_stock_epmd");
const withoutMail: Edit = ({ resource }) => {
  for (const named of Object.values(resource))
    for (const name of Object.keys(named)) if (name.startsWith("mail")) delete named[name];
};
const desired =
  (service: string, values: Block): Edit =>
  (layout) =>
    void Object.assign(at(layout, "aws_ecs_service", service), values);
const stockPolls =
  (nodes: string): Edit =>
  (layout) =>
    setVariable(layout, "stock", "CLUSTER_NODES", nodes);

describe("what differs between two plans", () => {
  it("is nothing for the same plan", () => {
    expect(told([], [])).toEqual([]);
    expect(told([apart], [apart])).toEqual([]);
  });

  it("is which services lose which, and why", () => {
    expect(told([], [apart])).toEqual([
      {
        kind: "worse",
        text: "shop no longer connects with stock",
        reasons: ["shop to aws_security_group.stock", "stock to aws_security_group.shop"].map(
          (ends) => `epmd 4369 closed: no rule from aws_security_group.${ends}`,
        ),
      },
      { kind: "worse", text: "2 new errors: cannot-connect (2)", reasons: [] },
    ]);
  });

  it("is which services gain which", () => {
    expect(told([apart], [])).toEqual([
      { kind: "better", text: "shop now connects with stock", reasons: [] },
      { kind: "better", text: "2 findings fixed: cannot-connect (2)", reasons: [] },
    ]);
  });

  it("is which service can no longer connect to another that still connects to it, and the other way round", () => {
    const oneWay = withoutRules("stock_from_shop_epmd");
    const reason = "epmd 4369 closed: no rule from aws_security_group.shop to aws_security_group.stock";
    expect(told([], [oneWay])).toEqual([
      {
        kind: "worse",
        text: "shop no longer connects to stock, which still connects to shop",
        reasons: [reason],
      },
      { kind: "worse", text: "1 new error: cannot-connect", reasons: [] },
    ]);
    expect(told([oneWay], [])).toEqual([
      { kind: "better", text: "shop now also connects to stock", reasons: [] },
      { kind: "better", text: "1 finding fixed: cannot-connect", reasons: [] },
    ]);
  });

  it("is which service no longer polls another", () => {
    const differences = told([], [stockPolls("stock@stock.organization.local")]);
    expect(differences[0]).toEqual({
      kind: "worse",
      text: "stock no longer connects to shop, which still connects to stock",
      reasons: ["stock doesn't poll shop"],
    });
  });

  it("is what a service loses of its own", () => {
    const closed = withoutRules("mail_from_mail_epmd");
    expect(told([], [closed])[0]).toMatchObject({ kind: "worse", text: "mail's own tasks no longer connect" });
  });

  it("is that nobody polls any more", () => {
    const alone: Edit = (layout) => {
      setVariable(layout, "shop", "CLUSTER_NODES", "shop@shop.organization.local");
      setVariable(layout, "stock", "CLUSTER_NODES", "stock@stock.organization.local");
    };
    expect(told([], [alone])[0]).toEqual({
      kind: "worse",
      text: "shop no longer connects with stock",
      reasons: ["neither shop nor stock polls the other"],
    });
  });

  it("is a connection of which nothing is known any more", () => {
    const unknown: Edit = (layout) => {
      setVariable(layout, "shop", "CLUSTER_NODES", undefined);
      setVariable(layout, "stock", "CLUSTER_NODES", undefined);
    };
    const texts = told([], [unknown]).filter(({ kind }) => kind === "doubtful");
    expect(texts.map(({ text }) => text)).toContain("shop may no longer connect with stock");
  });

  it("is a service that is new or gone, with what it connects with", () => {
    expect(told([], [withoutMail])).toEqual([{ kind: "neutral", text: "mail is gone", reasons: [] }]);
    expect(told([withoutMail], [])).toEqual([
      { kind: "neutral", text: "mail is new; it connects with no other service", reasons: [] },
    ]);
    const withMail = stockPolls("stock@stock.organization.local,shop@shop.organization.local");
    expect(told([withoutMail, withMail], [withMail])).toHaveLength(1);
  });

  it("leaves out a service that only moved", () => {
    const moved: Edit = ({ resource }) => {
      resource.aws_ecs_service = { renamed: resource.aws_ecs_service!.mail!, ...resource.aws_ecs_service };
      delete resource.aws_ecs_service.mail;
    };
    expect(told([], [moved])).toEqual([]);
  });

  it("is a cluster that no longer stays together", () => {
    const plain: Edit = (layout) => setVariable(layout, "mail", "CLUSTER_DISCOVERY", "dnspoll");
    const differences = told([plain], [plain, desired("mail", { desired_count: 9 })]);
    expect(differences[0]).toEqual({
      kind: "worse",
      text: expect.stringMatching(/^mail: 9 tasks .* FLAPS/) as string,
      reasons: [expect.stringMatching(/^before: 2 tasks .*stays together$/)],
    });
    expect(told([plain, desired("mail", { desired_count: 9 })], [plain])[0]).toMatchObject({ kind: "better" });
  });

  it("counts a finding once, whatever numbers are in its message", () => {
    const plain: Edit = (layout) => setVariable(layout, "mail", "CLUSTER_DISCOVERY", "dnspoll");
    const [nine, ten] = [9, 10].map((desired_count) => desired("mail", { desired_count }));
    const { newFindings, fixedFindings } = compare(reviewed(plain, nine!), reviewed(plain, ten!));
    expect([newFindings, fixedFindings]).toEqual([[], []]);
  });
});
