import { readTemplate } from "../../../src/review/read/template";
import { Reference, Unknown, type Value } from "../../../src/review/read/value";

const known: Record<string, Value> = {
  "var.image": "myapp:1",
  "var.tasks": 3,
  "var.public": true,
  "var.subnets": ["subnet-1"],
  "local.name": "shop",
};
const read = (source: string) => readTemplate(source, (steps) => known[steps.join(".")]);
const reference = (address: string, attribute: string) => new Reference(address, attribute);

describe("a string of Terraform JSON", () => {
  it.each([
    ["plain", "plain"],
    ["", ""],
    ["$5 and {braces}", "$5 and {braces}"],
    // A lone reference is what it refers to, of any type.
    ["${var.image}", "myapp:1"],
    ["${ var.tasks }", 3],
    ["${var.subnets}", ["subnet-1"]],
    // Inside text, known text, numbers and flags are filled in.
    ["image ${var.image}!", "image myapp:1!"],
    ["${var.image}-${var.tasks}-${var.public}", "myapp:1-3-true"],
    ["in ${var.subnets}", "in ${var.subnets}"],
    ["arn:${data.aws_region.current.name}:x", "arn:${data.aws_region.current.name}:x"],
    ["a ${upper(var.image)} b", "a ${upper(var.image)} b"],
    // Escapes.
    ["$${HOST}", "${HOST}"],
    ["%%{if}", "%{if}"],
    ["$${var.image} ${var.image}", "${var.image} myapp:1"],
    ["%{ if x }", "%{ if x }"],
    // An expression that never ends.
    ["a ${var.image", "a ${var.image"],
    ['a ${lookup({"}": 1}, "k")} b', 'a ${lookup({"}": 1}, "k")} b'],
  ])("%s", (source, expected) => {
    expect(read(source)).toEqual(expected);
  });

  it.each([
    ["${aws_subnet.a.id}", reference("aws_subnet.a", "id")],
    ["${aws_subnet.a[0].id}", reference("aws_subnet.a[0]", "id")],
    ['${aws_subnet.a["x"].id}', reference('aws_subnet.a["x"]', "id")],
    ["${aws_subnet.a}", reference("aws_subnet.a", "")],
    ["${aws_lb.a.access_logs[0].bucket}", reference("aws_lb.a", "access_logs.0.bucket")],
    ["${data.aws_vpc.main.cidr_block}", reference("data.aws_vpc.main", "cidr_block")],
    ["${data.aws_vpc.main[1].id}", reference("data.aws_vpc.main[1]", "id")],
  ])("%s refers to another resource", (source, expected) => {
    expect(read(source)).toEqual(expected);
  });

  it.each([
    ["${var.absent}", "variable absent has no value here"],
    ["${local.absent}", "local.absent can't be followed in synthesized JSON"],
    ["${module.vpc.id}", "module.vpc.id can't be followed in synthesized JSON"],
    ["${each.value}", "each.value can't be followed in synthesized JSON"],
    ["${count.index}", "count.index can't be followed in synthesized JSON"],
  ])("%s isn't known", (source, because) => {
    expect(read(source)).toEqual(new Unknown(because));
  });
});

describe("an expression", () => {
  const candidates = (source: string) => {
    const value = read(source) as Unknown;
    expect(value).toBeInstanceOf(Unknown);
    expect(value.because).toBe(`it is the expression ${source}`);
    return value.candidates;
  };

  it.each([
    [
      "${coalesce(aws_subnet.a.id, aws_subnet.b.id)}",
      [reference("aws_subnet.a", "id"), reference("aws_subnet.b", "id")],
    ],
    ["${upper(local.name)}", ["shop"]],
    ["${aws_subnet.a[*].id}", [reference("aws_subnet.a", "")]],
    ['${lookup(data.aws_vpc.main, "id.x")}', [reference("data.aws_vpc.main", "")]],
    ['${{"a" = "}${"}[aws_vpc.a.id]}', [reference("aws_vpc.a", "id")]],
    ['${join("\\"}", [aws_vpc.a.id])}', [reference("aws_vpc.a", "id")]],
  ])("%s may be one of what it refers to", (source, expected) => {
    expect(candidates(source)).toEqual(expected);
  });

  it.each(["${1 + 2}", "${length(var.subnets)}", "${max(var.tasks, 1)}"])("%s may be anything", (source) => {
    expect(candidates(source)).toBeUndefined();
  });
});
