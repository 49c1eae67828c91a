import { closedPorts, type End, type GroupRule } from "../../src/operations/security-groups";

const own: End = { groups: ["sg-own"], address: "10.0.1.11" };
const other: End = { groups: ["sg-other", "sg-shared"], address: "10.0.2.12" };
const rule = (from: number, to: number, change: Partial<GroupRule> = {}): GroupRule => ({
  id: "sgr-1",
  groupId: "sg-own",
  protocol: "tcp",
  prefixList: undefined,
  tags: {},
  direction: "ingress",
  ports: { from, to },
  peerGroup: "sg-other",
  networks: [],
  ...change,
});
const closed = (...rules: GroupRule[]) => closedPorts(rules, "ingress", own, other, [{ from: 9000, to: 9010 }]);

describe("closedPorts", () => {
  it("finds nothing closed where rules together cover the range", () => {
    expect(closed(rule(8000, 9004), rule(9005, 9010))).toEqual([]);
    expect(closed(rule(0, 65535))).toEqual([]);
  });

  it("names the ports before, between and after", () => {
    expect(closed(rule(9002, 9003), rule(9006, 9008))).toEqual([
      { from: 9000, to: 9001 },
      { from: 9004, to: 9005 },
      { from: 9009, to: 9010 },
    ]);
  });

  it.each([
    ["of another group", rule(9000, 9010, { groupId: "sg-else" })],
    ["of the other direction", rule(9000, 9010, { direction: "egress" })],
    ["from another group", rule(9000, 9010, { peerGroup: "sg-else" })],
    ["from a network that the address isn't in", rule(9000, 9010, { peerGroup: undefined, networks: ["10.0.1.0/24"] })],
    ["from all of IPv6", rule(9000, 9010, { peerGroup: undefined, networks: ["::/0"] })],
    ["on other ports", rule(4369, 4369)],
    ["of another protocol", rule(9000, 9010, { protocol: "udp" })],
  ])("leaves out a rule %s", (_which, one) => {
    expect(closed(one)).toEqual([{ from: 9000, to: 9010 }]);
  });

  it.each([
    ["by a second group of the other end", { peerGroup: "sg-shared" }],
    ["by one of several networks", { peerGroup: undefined, networks: ["192.168.0.0/16", "10.0.2.0/24"] }],
    ["by everything", { peerGroup: undefined, networks: ["0.0.0.0/0"] }],
  ])("admits %s", (_how, change) => {
    expect(closed(rule(9000, 9010, change))).toEqual([]);
  });
});
