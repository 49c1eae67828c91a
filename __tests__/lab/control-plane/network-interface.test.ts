import fc from "fast-check";
import { AddressPool } from "../../../src/lab/control-plane/network-interface";
import { notEmpty } from "../../not-empty";

describe("addresses of a subnet", () => {
  it("leave out the four first ones, the last one, and what somebody has", () => {
    // GIVEN a subnet of 16, one of whose addresses is taken
    const pool = new AddressPool(["10.0.255.242", "10.0.255.245"]);
    const subnet = { id: "subnet-a", cidr: "10.0.255.240/28" };
    // WHEN all are allocated
    const all = Array.from({ length: 10 }, () => pool.allocate(subnet));
    // THEN ten of them are
    expect(all).toEqual(
      ["244", "246", "247", "248", "249", "250", "251", "252", "253", "254"].map((last) => `10.0.255.${last}`),
    );
    expect(() => pool.allocate(subnet)).toThrow(
      "Subnet subnet-a (10.0.255.240/28) has no free address left: all 11 are in use.",
    );
  });

  it("cross the octets", () => {
    const pool = new AddressPool();
    const subnet = { id: "subnet-a", cidr: "10.1.254.0/23" };
    const all = Array.from({ length: 300 }, () => pool.allocate(subnet));
    expect(all[251]).toBe("10.1.254.255");
    expect(all[252]).toBe("10.1.255.0");
  });

  it("are never given twice, and one that is free again only after all the others", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 200 }), (steps) => {
        const pool = new AddressPool();
        const subnet = { id: "subnet-a", cidr: "10.0.0.0/26" };
        const held: string[] = [];
        const given: string[] = [];
        for (const take of notEmpty(steps)) {
          if (take && held.length < 59) {
            const address = pool.allocate(subnet);
            expect(held).not.toContain(address);
            if (given.length < 59) expect(given).not.toContain(address);
            held.push(address);
            given.push(address);
          } else if (held.length > 0) pool.release(held.shift()!);
        }
      }),
    );
  });
});
