import { addressesOf, coverage, isPublic, nowhereKnown } from "../../../src/review/network/addresses";

const everywhere = "0.0.0.0/0";

describe("the part of a service's addresses that CIDRs contain", () => {
  const subnets = addressesOf(["10.0.1.0/24", "10.0.3.0/24"], true);
  const vpc = addressesOf(["10.0.0.0/16"], false);

  it.each([
    // The ends of a range are part of it.
    [["10.0.1.0/24", "10.0.3.0/24"], "all"],
    [["10.0.0.0/22"], "all"],
    [["10.0.0.0/16", "192.168.0.0/16"], "all"],
    [[everywhere], "all"],
    [["192.168.0.0/16", everywhere], "all"],
    // Two halves that touch are one, in any order.
    [["10.0.1.128/25", "10.0.3.0/24", "10.0.1.0/25"], "all"],
    [["10.0.1.0/25", "10.0.3.0/24"], "some"],
    [["10.0.1.0/24"], "some"],
    [["10.0.1.255/32"], "some"],
    [["10.0.3.0/32"], "some"],
    [["10.0.1.0/25", "10.0.1.192/26", "10.0.3.0/24"], "some"],
    [["0.0.0.0/5", "10.0.1.0/24"], "some"],
    // Addresses directly before and behind are none of them.
    [["10.0.0.0/24", "10.0.2.0/24", "10.0.4.0/24"], "none"],
    [["192.168.0.0/16"], "none"],
    [["0.0.0.0/8", "128.0.0.0/1"], "none"],
    [[], "none"],
    // Nodes are named and dialled by IPv4 addresses.
    [["::/0"], "none"],
    [["::/0", "10.0.0.0/16"], "all"],
    [["somewhere"], "unknown"],
    [["10.0.0.0/16", "somewhere"], "unknown"],
    [["10.0.0.0"], "unknown"],
    [["10.0.0.0/x"], "unknown"],
    [["10.0.0.0/"], "unknown"],
    [["10.0.0.0/1e1"], "unknown"],
    [["10.0.0.0/-1"], "unknown"],
    [["10.0.0.0/33"], "unknown"],
    [["10.0.0/16"], "unknown"],
  ])("%j: %s", (cidrs, expected) => {
    expect(coverage(cidrs, subnets)).toBe(expected);
  });

  it("takes the network of an address with host bits", () => {
    expect(coverage(["10.0.3.77/22"], addressesOf(["10.0.1.0/24"], true))).toBe("all");
  });

  it("is unknown where only the VPC around the subnets is known, unless it is all or none of it", () => {
    expect(coverage(["10.0.1.0/24"], vpc)).toBe("unknown");
    expect(coverage(["10.0.0.0/15"], vpc)).toBe("all");
    expect(coverage(["10.1.0.0/16"], vpc)).toBe("none");
  });

  it("is unknown where no address is known, unless it is everything or nothing", () => {
    expect(coverage(["10.0.0.0/8"], nowhereKnown)).toBe("unknown");
    expect(coverage([everywhere], nowhereKnown)).toBe("all");
    expect(coverage(["0.0.0.0/1"], nowhereKnown)).toBe("unknown");
    expect(coverage(["128.0.0.0/1"], nowhereKnown)).toBe("unknown");
    expect(coverage([], nowhereKnown)).toBe("none");
  });
});

describe("the addresses of a service", () => {
  it.each([[[]], [["10.0.0.0/16", "vpc"]], [["10.0.0.0/16", "fd00::/56"]]])("aren't known from %j", (cidrs) => {
    expect(addressesOf(cidrs, true)).toEqual({ ranges: [], exact: false, key: "" });
  });

  it("have a key that names subnets in any order, and tells them from the VPC around them", () => {
    const key = (cidrs: readonly string[], exact = true) => addressesOf(cidrs, exact).key;
    expect(key(["10.0.1.0/24", "10.0.2.0/24"])).toBe(key(["10.0.2.0/24", "10.0.1.0/24"]));
    expect(new Set([key(["10.0.1.0/24"]), key(["10.0.2.0/24"]), key(["10.0.1.0/24"], false)]).size).toBe(3);
  });
});

describe("a public CIDR", () => {
  it.each([
    "10.0.0.0/8",
    "10.255.255.255/32",
    "172.16.0.0/12",
    "172.31.255.0/24",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "100.127.255.255/32",
    "169.254.0.0/16",
    "127.0.0.1/32",
    "fc00::/7",
    "fd12:3456::/48",
    "fe80::/10",
  ])("isn't %s", (cidr) => {
    expect(isPublic(cidr)).toBe(false);
  });

  it.each([
    everywhere,
    "10.0.0.0/7",
    "9.255.255.255/32",
    "11.0.0.0/8",
    "126.0.0.0/8",
    "169.253.0.0/16",
    "192.167.0.0/16",
    "172.15.0.0/16",
    "172.32.0.0/16",
    "192.169.0.0/16",
    // Private addresses and public ones.
    "192.168.0.0/13",
    "169.254.0.0/15",
    "100.63.0.0/16",
    "100.128.0.0/16",
    "8.8.8.8/32",
    "::/0",
    "fc00::/6",
    "2001:db8::/32",
  ])("is %s", (cidr) => {
    expect(isPublic(cidr)).toBe(true);
  });

  it.each(["", "sg-1", "pl-1/8", "/0", "10.0.0.0/"])("isn't %j, which is none", (text) => {
    expect(isPublic(text)).toBe(false);
  });
});
