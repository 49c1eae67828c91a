import { addressesOf, coverage, isPublic, nowhereKnown } from "../../../src/review/network/addresses";

describe("a CIDR is public", () => {
  it.each([
    ["0.0.0.0/0", true],
    ["203.0.113.0/24", true],
    ["9.255.255.255/32", true],
    ["11.0.0.0/8", true],
    ["172.15.0.0/16", true],
    ["172.32.0.0/16", true],
    ["192.167.0.0/16", true],
    ["192.169.0.0/16", true],
    ["100.63.0.0/16", true],
    ["100.128.0.0/16", true],
    ["169.253.0.0/16", true],
    ["126.0.0.0/8", true],
    ["10.0.0.0/7", true],
    ["::/0", true],
    ["2001:db8::/32", true],
    ["fc00::/6", true],
    ["10.0.0.0/8", false],
    ["10.255.0.0/16", false],
    ["172.16.0.0/12", false],
    ["172.31.255.0/24", false],
    ["192.168.0.0/16", false],
    ["100.64.0.0/10", false],
    ["100.127.255.255/32", false],
    ["169.254.0.0/16", false],
    ["127.0.0.0/8", false],
    ["fc00::/7", false],
    ["fd12:3456::/32", false],
    ["fe80::/10", false],
    ["no address", false],
  ])("%s: %s", (cidr, is) => {
    expect(isPublic(cidr)).toBe(is);
  });
});

describe("the addresses of tasks that CIDRs hold", () => {
  const subnets = addressesOf(["10.0.1.0/24", "10.0.2.0/24"], true);
  const vpc = addressesOf(["10.0.0.0/16"], false);

  it.each([
    ["all of a larger range", ["10.0.0.0/16"], subnets, "all"],
    ["all of the same ranges", ["10.0.1.0/24", "10.0.2.0/24"], subnets, "all"],
    ["all, in halves that touch", ["10.0.1.0/25", "10.0.1.128/25", "10.0.2.0/24"], subnets, "all"],
    ["some, one subnet of two", ["10.0.1.0/24"], subnets, "some"],
    ["some, a single address", ["10.0.2.255/32"], subnets, "some"],
    ["none, the ranges next to them", ["10.0.0.0/24", "10.0.3.0/24"], subnets, "none"],
    ["none without a CIDR", [], subnets, "none"],
    ["none by IPv6", ["::/0"], subnets, "none"],
    ["all of the world, wherever they are", ["0.0.0.0/0"], nowhereKnown, "all"],
    ["unknown where they are not known", ["10.0.0.0/8"], nowhereKnown, "unknown"],
    ["unknown where only their VPC is known", ["10.0.1.0/24"], vpc, "unknown"],
    ["none outside their VPC", ["10.1.0.0/16"], vpc, "none"],
    ["unknown by what is no CIDR", ["10.0.0.0/33"], subnets, "unknown"],
  ] as const)("%s", (_, cidrs, addresses, covered) => {
    expect(coverage(cidrs, addresses)).toBe(covered);
  });

  it("are unknown where one of the subnets can't be read", () => {
    expect(addressesOf(["10.0.1.0/24", "10.0.2.0"], true)).toBe(nowhereKnown);
  });
});
