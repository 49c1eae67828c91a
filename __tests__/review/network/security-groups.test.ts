import { Resources, type Resource } from "../../../src/review/read/resources";
import { Unknown, type Values } from "../../../src/review/read/value";
import { readRules, seenGroups } from "../../../src/review/network/security-groups";
import { ref, resource } from "../resource";

const unknown = new Unknown("a variable");
const own = "aws_security_group.a";
const other = resource("aws_security_group.b", {});
const tcp = { protocol: "tcp", from_port: 9000, to_port: 9010 };
const read = (...resources: readonly Resource[]) => readRules(new Resources([...resources, other]));
const inline = (values: Values, more: Partial<Resource> = {}) => read(resource(own, values, more));
const peers = (rules: ReturnType<typeof readRules>) => rules.map(({ peer }) => peer);
const cidr = (cidr: string) => ({ kind: "cidr", cidr });
const group = (group: string) => ({ kind: "group", group });

describe("rules inside a group", () => {
  it("have a peer for each CIDR, group and prefix list, and for the group itself", () => {
    const rules = inline({
      ingress: [
        {
          ...tcp,
          cidr_blocks: ["10.0.0.0/16", "10.1.0.0/16"],
          ipv6_cidr_blocks: ["fd00::/8"],
          security_groups: [ref("aws_security_group.b")],
          prefix_list_ids: ["pl-1"],
          self: true,
        },
      ],
      egress: [{ protocol: "-1", from_port: 0, to_port: 0, cidr_blocks: ["0.0.0.0/0"] }],
    });
    expect(new Set(rules.map(({ origin, group: of, address }) => `${origin} ${of} ${address}`))).toEqual(
      new Set([`inline ${own} ${own}`]),
    );
    const ingress = rules.filter(({ direction }) => direction === "ingress");
    const all = [cidr("10.0.0.0/16"), cidr("10.1.0.0/16"), cidr("fd00::/8"), group("aws_security_group.b"), group(own)];
    expect(ingress).toHaveLength(6);
    for (const peer of all) expect(peers(ingress)).toContainEqual(peer);
    expect(peers(ingress)).toContainEqual({ kind: "prefix-list", list: "pl-1" });
    expect(new Set(ingress.map(({ ports }) => JSON.stringify(ports)))).toEqual(new Set(['{"from":9000,"to":9010}']));
    expect(rules.filter(({ direction }) => direction === "egress")).toEqual([
      expect.objectContaining({ peer: cidr("0.0.0.0/0"), ports: { from: 0, to: 65535 }, anyProtocol: true }),
    ]);
  });

  it("let nothing through by another protocol, and no group of their own without self", () => {
    expect(inline({ ingress: [{ ...tcp, protocol: "udp", cidr_blocks: ["10.0.0.0/16"] }] })).toEqual([]);
    expect(inline({ ingress: [{ ...tcp, self: false }] })).toEqual([]);
  });

  it("may be any where the blocks aren't known", () => {
    expect(inline({ ingress: unknown })).toEqual([
      expect.objectContaining({ direction: "ingress", group: own, ports: { from: 0, to: 65535 } }),
    ]);
  });
});

describe("rules that only the state knows", () => {
  const permission = { ...tcp, cidr_blocks: ["10.0.0.0/16", "10.1.0.0/16"], security_groups: [], self: true };
  const state = (...others: readonly Resource[]) =>
    read(
      resource(
        own,
        { id: "sg-a", ingress: [permission] },
        { configured: {}, actions: ["no-op"], before: { id: "sg-a", ingress: [permission] } },
      ),
      ...others,
    ).filter(({ origin }) => origin === "state");
  const was = (type: string, before: Values) => resource(`${type}.r`, {}, { before });

  it("count, but for those that a rule resource explains", () => {
    expect(peers(state())).toEqual([cidr("10.0.0.0/16"), cidr("10.1.0.0/16"), group(own)]);
    const newer = { security_group_id: "sg-a", ip_protocol: "tcp", from_port: 9000, to_port: 9010 };
    const cidr4 = { ...newer, cidr_ipv4: "10.0.0.0/16" };
    expect(peers(state(was("aws_vpc_security_group_ingress_rule", cidr4)))).toEqual([cidr("10.1.0.0/16"), group(own)]);
    // One of the other direction, of another group or of other ports explains nothing.
    expect(state(was("aws_vpc_security_group_egress_rule", cidr4))).toHaveLength(3);
    expect(state(was("aws_vpc_security_group_ingress_rule", { ...cidr4, security_group_id: "sg-b" }))).toHaveLength(3);
    expect(state(was("aws_vpc_security_group_ingress_rule", { ...cidr4, from_port: 8000 }))).toHaveLength(3);
    const itself = { ...newer, referenced_security_group_id: "sg-a" };
    expect(peers(state(was("aws_vpc_security_group_ingress_rule", itself)))).toEqual([
      cidr("10.0.0.0/16"),
      cidr("10.1.0.0/16"),
    ]);
    const older = { ...tcp, security_group_id: "sg-a", type: "ingress", cidr_blocks: ["10.0.0.0/16", "10.1.0.0/16"] };
    expect(peers(state(was("aws_security_group_rule", older)))).toEqual([group(own)]);
    expect(
      peers(state(was("aws_security_group_rule", { ...tcp, security_group_id: "sg-a", type: "ingress", self: true }))),
    ).toEqual([cidr("10.0.0.0/16"), cidr("10.1.0.0/16")]);
  });
});

describe("rule resources", () => {
  it("say which group is theirs, or which it may be", () => {
    const rule = (security_group_id: Values["security_group_id"]) =>
      read(
        resource(own, {}),
        resource("aws_vpc_security_group_egress_rule.r", {
          security_group_id,
          ip_protocol: "tcp",
          from_port: 1,
          to_port: 2,
          cidr_ipv4: "10.0.0.0/16",
        }),
      );
    expect(rule(ref(own))).toEqual([
      {
        direction: "egress",
        group: own,
        peer: cidr("10.0.0.0/16"),
        ports: { from: 1, to: 2 },
        anyProtocol: false,
        address: "aws_vpc_security_group_egress_rule.r",
        origin: "resource",
      },
    ]);
    expect(rule(unknown)).toEqual([expect.not.objectContaining({ groups: expect.anything() })]);
    const either = new Unknown("each.value", [ref(own) as never, ref(other.address) as never]);
    expect(rule(either)).toEqual([expect.objectContaining({ group: undefined, groups: [own, other.address] })]);
  });
});

it("sees all rules of the groups that the plan manages", () => {
  const resources = [
    resource(own, {}),
    resource("aws_default_security_group.d", {}),
    resource("data.aws_security_group.x", {}),
  ];
  expect(seenGroups(new Resources(resources))).toEqual(new Set([own, "aws_default_security_group.d"]));
});
