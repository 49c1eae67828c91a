import fc from "fast-check";
import {
  AddressPool,
  createNetworkInterface,
  deleteNetworkInterface,
  takenAddresses,
} from "../../../../src/lab/control-plane/task/network-interface";
import { notEmpty } from "../../../not-empty";
import { pages, ScriptedAws } from "../scripted-aws";

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

  it("say so where a subnet is too small for any", () => {
    for (const length of ["/30", "/32", ""])
      expect(() => new AddressPool().allocate({ id: "subnet-a", cidr: `10.0.0.0${length}` })).toThrow(
        `Subnet subnet-a (10.0.0.0${length}) has no free address left: all 0 are in use. Use a larger subnet or fewer tasks.`,
      );
  });

  it("are each subnet's own", () => {
    const pool = new AddressPool();
    const [a, b] = ["10.0.0.0/24", "10.0.1.0/24"].map((cidr, at) => ({ id: `subnet-${at}`, cidr }));
    expect([pool.allocate(a!), pool.allocate(b!), pool.allocate(a!)]).toEqual(["10.0.0.4", "10.0.1.4", "10.0.0.5"]);
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

describe("a network interface in EC2", () => {
  const subnet = { id: "subnet-a", cidr: "10.0.0.0/24", vpcId: "vpc-1", availabilityZone: "eu-west-1a" };
  const create = async (NetworkInterface: object) => {
    const aws = new ScriptedAws({ CreateNetworkInterface: () => ({ NetworkInterface }) });
    return { aws, eni: await createNetworkInterface(aws.clients, subnet, "10.0.0.4", ["sg-1"], "task-arn") };
  };

  it("has the address and the groups, and names its task", async () => {
    const { aws, eni } = await create({
      NetworkInterfaceId: "eni-1",
      MacAddress: "02:00:00:00:00:01",
      PrivateDnsName: "ip-10-0-0-4.ec2.internal",
    });
    expect(eni).toEqual({
      id: "eni-1",
      address: "10.0.0.4",
      macAddress: "02:00:00:00:00:01",
      privateDnsName: "ip-10-0-0-4.ec2.internal",
    });
    expect(aws.requests("CreateNetworkInterface")).toEqual([
      { SubnetId: "subnet-a", PrivateIpAddress: "10.0.0.4", Groups: ["sg-1"], Description: "task-arn" },
    ]);
    expect((await create({ NetworkInterfaceId: "eni-1" })).eni).toMatchObject({ macAddress: "", privateDnsName: "" });
  });

  it("is deleted by its id", async () => {
    const aws = new ScriptedAws({ DeleteNetworkInterface: () => ({}) });
    await deleteNetworkInterface(aws.clients, "eni-1");
    expect(aws.requests("DeleteNetworkInterface")).toEqual([{ NetworkInterfaceId: "eni-1" }]);
  });

  it("takes its address: all pages of a VPC's are read", async () => {
    const page = (...addresses: (string | undefined)[]) => ({
      NetworkInterfaces: addresses.map((PrivateIpAddress) => ({ PrivateIpAddress })),
    });
    const aws = new ScriptedAws({
      DescribeNetworkInterfaces: pages("NextToken", page("10.0.0.4"), {}, page("10.0.0.5", undefined)),
    });
    expect(await takenAddresses(aws.clients, "vpc-1")).toEqual(["10.0.0.4", "10.0.0.5", ""]);
    expect(aws.requests("DescribeNetworkInterfaces")[0]).toMatchObject({
      Filters: [{ Name: "vpc-id", Values: ["vpc-1"] }],
    });
  });
});
