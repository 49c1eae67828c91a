import { prefixListCidrs } from "../../../src/review/network/prefix-lists";
import { Resources, type Resource } from "../../../src/review/read/resources";
import { Reference, Unknown, type Value, type Values } from "../../../src/review/read/value";
import { ref, resource } from "../resource";

const unknown = new Unknown("a variable");
const own = new Reference("aws_ec2_managed_prefix_list.own", "id");
const made = (values: Values, more: Partial<Resource> = {}) =>
  resource("aws_ec2_managed_prefix_list.own", values, more);
const entry = (cidr: Value, prefix_list_id: Value = ref("aws_ec2_managed_prefix_list.own"), name = "a") =>
  resource(`aws_ec2_managed_prefix_list_entry.${name}`, { cidr, prefix_list_id });
const cidrs = (...resources: readonly Resource[]) => prefixListCidrs(own, new Resources(resources));

describe("the CIDRs of a prefix list that the plan makes", () => {
  it("are those of its entries", () => {
    expect(cidrs(made({ entry: [{ cidr: "10.0.0.0/16" }, { cidr: "10.1.0.0/16" }] }))).toEqual([
      "10.0.0.0/16",
      "10.1.0.0/16",
    ]);
    expect(cidrs(made({ entry: [] }))).toEqual([]);
    expect(cidrs(made({ entry: [{ cidr: unknown }] }))).toBeUndefined();
    expect(cidrs(made({ entry: unknown }))).toBeUndefined();
  });

  it("are those of entry resources of this list", () => {
    const list = made({}, { configured: {} });
    const other = resource("aws_ec2_managed_prefix_list.other", {});
    expect(cidrs(list, other, entry("10.0.0.0/16"), entry("10.1.0.0/16", ref(other.address), "b"))).toEqual([
      "10.0.0.0/16",
    ]);
    expect(cidrs(list, entry(unknown))).toBeUndefined();
    // One that may be this list's, and one of a list outside this plan.
    expect(cidrs(list, entry("10.0.0.0/16", unknown))).toBeUndefined();
    expect(cidrs(list, entry("10.0.0.0/16", "pl-other"))).toEqual([]);
  });

  it("take in entries that only the state knows, but for those that a resource explains", () => {
    const state = made(
      { entry: [{ cidr: "10.0.0.0/16" }, { cidr: "10.1.0.0/16" }] },
      {
        configured: {},
        actions: ["no-op"],
        before: { id: "pl-1", entry: [{ cidr: "10.0.0.0/16" }, { cidr: "10.1.0.0/16" }] },
      },
    );
    expect(cidrs(state)).toEqual(["10.0.0.0/16", "10.1.0.0/16"]);
    const before = { prefix_list_id: "pl-1", cidr: "10.0.0.0/16" };
    const kept = { ...entry("10.2.0.0/16"), before };
    expect(cidrs(state, kept)).toEqual(["10.1.0.0/16", "10.2.0.0/16"]);
    const destroyed = [{ address: "x.a", type: "aws_ec2_managed_prefix_list_entry", before }];
    expect(prefixListCidrs(own, new Resources([state], destroyed))).toEqual(["10.1.0.0/16"]);
    const theirs = [{ ...destroyed[0]!, before: { ...before, prefix_list_id: "pl-2" } }];
    expect(prefixListCidrs(own, new Resources([state], theirs))).toEqual(["10.0.0.0/16", "10.1.0.0/16"]);
  });
});

describe("the CIDRs of a prefix list that is looked up", () => {
  const of = (address: string, values: Values) =>
    prefixListCidrs(new Reference(address, "id"), new Resources([resource(address, values)]));

  it("are known where the plan has read them", () => {
    const data = "data.aws_ec2_managed_prefix_list.a";
    expect(of(data, { entries: [{ cidr: "10.0.0.0/16" }] })).toEqual(["10.0.0.0/16"]);
    expect(of(data, { entries: [{ cidr: unknown }] })).toBeUndefined();
    expect(of(data, { entries: unknown })).toBeUndefined();
    expect(of(data, {})).toBeUndefined();
    const aws = "data.aws_prefix_list.s3";
    expect(of(aws, { cidr_blocks: ["52.92.0.0/17"] })).toEqual(["52.92.0.0/17"]);
    expect(of(aws, { cidr_blocks: [ref("local.a")] })).toBeUndefined();
    expect(of(aws, { cidr_blocks: unknown })).toBeUndefined();
    expect(of("data.aws_vpc.a", { cidr_blocks: ["10.0.0.0/16"] })).toBeUndefined();
  });

  it("aren't known of one that isn't in the plan", () => {
    expect(prefixListCidrs("pl-1", new Resources([]))).toBeUndefined();
  });
});
