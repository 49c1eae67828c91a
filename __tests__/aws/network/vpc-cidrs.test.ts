import fc from "fast-check";
import { ipv4Range } from "../../../src/aws/network/ipv4";
import { overlaps } from "../../../src/aws/network/ports";
import { notEmpty } from "../../not-empty";
import { createdVpcCidr, maxZones, subnetsOfZone, usableAddresses } from "../../../src/aws/network/vpc-cidrs";

const cidrs = fc
  .tuple(fc.integer({ min: 16, max: 22 }), fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 63 }))
  .map(([prefix, second, block]) => `10.${second}.${(4 * block) & (0xff << (24 - prefix))}.0/${prefix}`);

describe("subnets of a created VPC", () => {
  it("are an eighth of it for tasks, and a 32nd for the public ones", () => {
    expect(subnetsOfZone("10.20.0.0/16", 0)).toEqual({ private: "10.20.0.0/19", public: "10.20.192.0/21" });
    expect(subnetsOfZone("10.20.0.0/16", 5)).toEqual({ private: "10.20.160.0/19", public: "10.20.232.0/21" });
    expect(subnetsOfZone("192.168.4.0/22", 1)).toEqual({ private: "192.168.4.128/25", public: "192.168.7.32/27" });
    expect(usableAddresses("192.168.4.128/25")).toBe(123);
  });

  it("lie in the VPC, overlap nowhere, and begin where AWS lets a block begin", () => {
    fc.assert(
      fc.property(cidrs, (cidr) => {
        expect(createdVpcCidr.isAllowed(cidr)).toBe(true);
        const vpc = ipv4Range(cidr);
        const written = [...Array(maxZones).keys()].flatMap((zone) => Object.values(subnetsOfZone(cidr, zone)));
        const ranges = written.map(ipv4Range);
        expect(written).toHaveLength(2 * maxZones);
        notEmpty(written).forEach((subnet, at) => {
          const { from, to } = ranges[at]!;
          expect(subnet.split("/")[0]).toBe([24, 16, 8, 0].map((bits) => (from >>> bits) & 255).join("."));
          expect(vpc.from <= from && to <= vpc.to).toBe(true);
          expect(ranges.filter((range) => overlaps(range, ranges[at]!))).toHaveLength(1);
        });
      }),
    );
  });

  it.each(["10.0.0.0/15", "10.0.0.0/23", "10.0.0.1/16", "8.8.0.0/16", "172.32.0.0/16", "10.0.0/16", "10.0.0.0"])(
    "%s isn't allowed",
    (cidr) => {
      expect(createdVpcCidr.isAllowed(cidr)).toBe(false);
    },
  );
});
