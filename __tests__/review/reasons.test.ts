import { reviewPlan } from "../../src/review/review";
import { goodLayout, type Layout } from "./good-layout";
import { pairsOf } from "./fixtures";
import { layoutOf, mutations, setVariable, versions } from "./layouts";

type Block = Record<string, unknown>;

const layout = (name: string) => layoutOf(mutations.find((mutation) => mutation.name === name)!);
const edited = (edit: (layout: Layout) => void) => {
  const layout = goodLayout();
  edit(layout);
  return layout;
};
const said = (layout: Layout, pair: string) => pairsOf(reviewPlan(layout))[pair];

describe("why a pair doesn't connect", () => {
  const [shop, stock] = ["aws_security_group.shop", "aws_security_group.stock"];
  it.each([
    ["ingress rule stock_from_shop_range removed", `no rule for 9000–9010 from ${shop} to ${stock}`],
    ["ingress rule stock_from_shop_epmd removed", `epmd 4369 closed: no rule from ${shop} to ${stock}`],
    ["the range begins one port late", `no rule for 9000 from ${shop} to ${stock}`],
    [
      "egress rule shop_to_stock_range removed",
      `egress of shop closed: no rule for 9000–9010 from ${shop} to ${stock}`,
    ],
    [
      "egress rule shop_to_stock_epmd removed",
      `epmd 4369 closed: egress of shop closed: no rule from ${shop} to ${stock}`,
    ],
    [
      "stock registers in another namespace",
      "shop polls stock.organization.local but stock's service registers in another namespace (other.local)",
    ],
    [
      "stock registers under another name",
      "shop polls stock.organization.local but stock's service registers as warehouse.organization.local",
    ],
    ["stock registers nowhere", "shop polls stock.organization.local but stock's service registers nowhere"],
    ["stock registers SRV records", "shop polls stock.organization.local but stock's service has SRV records, no A"],
    ["stock: RELEASE_NAME = warehouse", "basename differs: shop looks for stock@, stock's nodes are warehouse@"],
    [
      "versions apart, stock of another version",
      "basename differs: shop looks for stock-1_4_2@, stock's nodes are stock-1_4_1@",
    ],
    ["single-port mode on two ports", "modes differ: shop dials 9000, stock listens on 9001"],
    [
      "stock alone in single-port mode, on shop's first port: it dials well, and is not found through epmd",
      "modes differ: shop asks epmd, which stock runs without",
    ],
    ["stock's cookie is another plain value than shop's", "different cookies"],
  ])("%s: %s", (name, reason) => {
    expect(said(layout(name), "shop→stock")).toEqual(["blocked", reason]);
  });

  it("names all reasons at once", () => {
    const twice = layout("ingress rule stock_from_shop_range removed");
    setVariable(twice, "stock", "RELEASE_NAME", "warehouse");
    expect(said(twice, "shop→stock")).toHaveLength(3);
  });
});

describe("a basename that isn't known", () => {
  const changed = (variable: string, value: string) => {
    const layout = edited(() => undefined);
    setVariable(layout, "stock", variable, value);
    return layout;
  };

  it.each(["RELEASE_NAME", "RELEASE_NODE"])("is the release's own with an empty %s", (variable) => {
    const expected =
      variable === "RELEASE_NODE"
        ? ["connects"]
        : ["unknown", "the basename of stock is not in its environment (RELEASE_NAME)"];
    expect(pairsOf(reviewPlan(changed(variable, "")))["shop→stock"]).toEqual(expected);
  });

  it("is missing in front of a polled name", () => {
    expect(pairsOf(reviewPlan(changed("CLUSTER_NODES", "stock.organization.local")))["stock→stock"]).toEqual([
      "unknown",
      "stock polls stock.organization.local without a basename in front (basename@stock.organization.local)",
    ]);
  });
});

describe("a version that is known only after apply", () => {
  const [shop, stock] = ["${local.shop_image_version}", "${local.stock_image_version}"];

  it("is the same for two services that have the same expression", () => {
    const review = reviewPlan(edited(versions(shop, shop)));
    expect(pairsOf(review)["shop→stock"]).toEqual(["connects"]);
    expect(review.assumptions).toContain(
      "shop: versions apart: during a deployment of another version, old and new tasks form a cluster each",
    );
  });

  it("is unknown for two services that have different ones", () => {
    expect(said(edited(versions(shop, stock)), "shop→stock")).toEqual([
      "unknown",
      `shop looks for stock-${shop}@, stock's nodes are stock-${stock}@`,
    ]);
  });
});

describe("why a pair is unknown", () => {
  const fromPrefixList = (id: string, data?: Block) =>
    edited((layout) => {
      const rule = layout.resource.aws_vpc_security_group_ingress_rule!.stock_from_shop_range!;
      delete rule.referenced_security_group_id;
      rule.prefix_list_id = id;
      if (data) Object.assign(layout, { data });
    });

  it("a prefix list that the plan doesn't hold", () => {
    expect(said(fromPrefixList("pl-0123456789abcdef0"), "shop→stock")).toEqual([
      "unknown",
      "9000–9010 into stock: what the prefix list of aws_vpc_security_group_ingress_rule.stock_from_shop_range holds isn't in this plan",
    ]);
  });

  it.each([
    [["10.0.1.0/24", "10.0.2.0/24"], "connects"],
    [["10.9.0.0/16"], "blocked"],
    [["10.0.1.0/24"], "unknown"],
  ])("and not a prefix list that was read: %j %s", (cidrs, state) => {
    const entries = cidrs.map((cidr) => ({ cidr }));
    const layout = fromPrefixList("${data.aws_ec2_managed_prefix_list.peers.id}", {
      aws_ec2_managed_prefix_list: { peers: { name: "peers", entries } },
    });
    expect(said(layout, "shop→stock")![0]).toBe(state);
  });

  it("a group that is not in the plan", () => {
    const unseen = layout("open egress in place of egress rules");
    Object.assign(unseen.resource.aws_ecs_service!.stock!.network_configuration as Block, {
      security_groups: ["sg-0123456789abcdef0"],
    });
    expect(said(unseen, "shop→stock")).toEqual([
      "unknown",
      "4369 into stock: sg-0123456789abcdef0 is not in this plan, so its own rules aren't seen",
      "9000–9010 into stock: sg-0123456789abcdef0 is not in this plan, so its own rules aren't seen",
    ]);
  });

  it("two VPCs", () => {
    const layout = edited((good) => {
      good.resource.aws_vpc!.other = { cidr_block: "10.1.0.0/16" };
      good.resource.aws_security_group!.stock!.vpc_id = "${aws_vpc.other.id}";
    });
    expect(said(layout, "shop→stock")).toContain(
      "they are in different VPCs (aws_vpc.main, aws_vpc.other), and the plan doesn't show the subnets of both",
    );
  });

  it("cookies from two parameters", () => {
    expect(said(layout("stock's cookie comes from another parameter"), "shop→stock")).toEqual([
      "unknown",
      "their cookies come from /organization/release-cookie and /organization/release-cookie-2: only the same value in both connects them",
    ]);
  });
});
