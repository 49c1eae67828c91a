import { kindOf, Resources } from "../../../src/review/read/resources";
import { Reference, Unknown } from "../../../src/review/read/value";
import { resource } from "../resource";

const subnet = resource("aws_subnet.a", { id: "subnet-1" });
const twin = resource("aws_subnet.b", { id: "subnet-1", arn: "arn:subnet-1" });
const found = resource("data.aws_subnet.a", { id: "subnet-1" });
const group = resource("aws_security_group.tasks", { id: "sg-1", arn: "arn:sg-1" });
const defaultGroup = resource("aws_default_security_group.d", { id: "sg-2" });
const foundGroup = resource("data.aws_security_group.known", { id: "sg-1" });
const otherGroup = resource("data.aws_security_group.other", { id: "sg-9" });
const unknownGroup = resource("data.aws_security_group.unknown", { id: new Unknown("read at apply") });
const all = [subnet, twin, found, group, defaultGroup, foundGroup, otherGroup, unknownGroup];
const resources = new Resources(all);

it("are found by address and by type", () => {
  expect(resources.all()).toEqual(all);
  expect(resources.at("aws_subnet.b")).toBe(twin);
  expect(resources.at("aws_subnet.c")).toBeUndefined();
  expect(resources.of("aws_subnet")).toEqual([subnet, twin]);
  expect(resources.of("data.aws_subnet", "aws_vpc", "aws_security_group")).toEqual([found, group]);
  expect(resources.destroyed).toEqual([]);
  const gone = { address: "a.b", type: "a", before: {} };
  expect(new Resources([], [gone]).destroyed).toEqual([gone]);
});

it("have the kind that data sources have too", () => {
  expect([subnet, found].map(kindOf)).toEqual(["aws_subnet", "data.aws_subnet"]);
});

describe("a value that names a resource", () => {
  it("is a reference to one of the types", () => {
    expect(resources.named(new Reference("aws_subnet.b", "id"), "aws_vpc", "aws_subnet")).toBe(twin);
    expect(resources.named(new Reference("aws_subnet.b", "id"), "aws_vpc")).toBeUndefined();
    expect(resources.named(new Reference("aws_subnet.z", "id"), "aws_subnet")).toBeUndefined();
  });

  it("is an id or an ARN of one of the types; the first resource that has it counts", () => {
    expect(resources.named("subnet-1", "aws_subnet")).toBe(subnet);
    expect(resources.named("subnet-1", "aws_vpc", "data.aws_subnet")).toBe(found);
    expect(resources.named("arn:subnet-1", "aws_subnet")).toBe(twin);
    expect(resources.named("arn:subnet-1", "data.aws_subnet")).toBeUndefined();
    expect(resources.named("sg-1", "aws_security_group")).toBe(group);
  });

  it("is nothing else", () => {
    for (const value of [undefined, null, 5, [], ["subnet-1"], new Unknown("unknown")])
      expect(resources.named(value, "aws_subnet")).toBeUndefined();
    // A resource without an id isn't named by the lack of one.
    expect(new Resources([resource("aws_subnet.new", {})]).named("undefined", "aws_subnet")).toBeUndefined();
  });
});

describe("what tells one security group from another", () => {
  it("is the address of one that the plan manages, however it is named", () => {
    for (const value of [new Reference("aws_security_group.tasks", "id"), "sg-1", "arn:sg-1"])
      expect(resources.groupKey(value)).toBe("aws_security_group.tasks");
    expect(resources.groupKey("sg-2")).toBe("aws_default_security_group.d");
  });

  it("is, of one that is looked up, the id; or what manages that id", () => {
    expect(resources.groupKey(new Reference("data.aws_security_group.other", "id"))).toBe("sg-9");
    expect(resources.groupKey(new Reference("data.aws_security_group.known", "id"))).toBe("aws_security_group.tasks");
    expect(resources.groupKey("sg-9")).toBe("sg-9");
    expect(resources.groupKey(new Reference("data.aws_security_group.unknown", "id"))).toBe(
      "data.aws_security_group.unknown",
    );
  });

  it("is the id of one that is in no plan, without the account of a peer VPC", () => {
    expect(resources.groupKey("sg-5")).toBe("sg-5");
    expect(resources.groupKey("123456789012/sg-5")).toBe("sg-5");
    expect(resources.groupKey("x123456789012/sg-5")).toBe("x123456789012/sg-5");
    expect(resources.groupKey("12345/sg-5")).toBe("12345/sg-5");
  });

  it("is the attribute of another resource that gives it", () => {
    expect(resources.groupKey(new Reference("aws_lb.web", "security_groups.0"))).toBe("aws_lb.web.security_groups.0");
    expect(resources.groupKey(new Reference("aws_subnet.a", "id"))).toBe("aws_subnet.a.id");
  });

  it("is unknown for an expression, and for a resource without an attribute", () => {
    expect(resources.groupKey("${var.group}")).toBeUndefined();
    expect(resources.groupKey(new Reference("aws_lb.web", ""))).toBeUndefined();
  });
});
