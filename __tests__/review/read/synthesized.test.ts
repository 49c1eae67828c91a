import { completion, synthesizedResources, type SynthesizedJson } from "../../../src/review/read/synthesized";
import { Reference, Unknown } from "../../../src/review/read/value";
import { resource } from "../resource";

const read = (stack: SynthesizedJson) => new Map(synthesizedResources(stack).map((each) => [each.address, each]));
const valuesOf = (block: object, more: SynthesizedJson = {}) =>
  read({ ...more, resource: { ...more.resource, aws_x: { ...more.resource?.aws_x, main: block as never } } }).get(
    "aws_x.main",
  )!.values;

describe("Terraform JSON", () => {
  it("has resources and data sources, with the construct that made them", () => {
    const block = { "//": { metadata: { path: "prod/vpc" } }, cidr_block: "10.0.0.0/16" };
    const data = { "//": { metadata: {} }, id: "vpc-1" };
    expect(
      synthesizedResources({ resource: { aws_vpc: { main: block } }, data: { aws_vpc: { found: data } } }),
    ).toEqual([
      {
        address: "aws_vpc.main",
        type: "aws_vpc",
        mode: "managed",
        values: { cidr_block: "10.0.0.0/16" },
        actions: [],
        configured: block,
        constructPath: "prod/vpc",
      },
      {
        address: "data.aws_vpc.found",
        type: "aws_vpc",
        mode: "data",
        values: { id: "vpc-1" },
        actions: [],
        configured: data,
      },
    ]);
    expect(synthesizedResources({})).toEqual([]);
    // Terraform takes a list of blocks too; CDKTF writes none.
    expect(synthesizedResources({ resource: { aws_vpc: { main: [] as never } } })).toEqual([]);
  });

  it("has values of all types, at any depth", () => {
    expect(
      valuesOf({ text: "a", number: 5, flag: false, nothing: null, list: ["${var.x}"], block: { inner: "b" } }),
    ).toEqual({
      text: "a",
      number: 5,
      flag: false,
      nothing: null,
      list: [new Unknown("variable x has no value here")],
      block: { inner: "b" },
    });
  });
});

describe("a reference", () => {
  it("to a variable is its default, also one that is an object", () => {
    const variable = { image: { default: "myapp:1" }, tags: { default: { Name: "shop" } }, none: {} };
    expect(
      valuesOf({ a: "${var.image}", b: "${var.tags}", c: "${var.tags.Name}", d: "${var.none}" }, { variable }),
    ).toEqual({
      a: "myapp:1",
      b: { Name: "shop" },
      c: "shop",
      d: new Unknown("variable none has no value here"),
    });
  });

  it("to a local is its value, through other references", () => {
    const locals = { name: "${var.name}", all: { list: ["${local.name}"] } };
    const variable = { name: { default: "shop" } };
    expect(valuesOf({ a: "${local.name}", b: "${local.all}", c: "${local.all.list}" }, { locals, variable })).toEqual({
      a: "shop",
      b: { list: ["shop"] },
      c: ["shop"],
    });
  });

  it("to an attribute that a block sets is that; to what AWS sets it stays a reference", () => {
    const more: SynthesizedJson = {
      resource: { aws_vpc: { main: { cidr: "10.0.0.0/16", list: ["a"], block: { x: 1 }, nothing: null } } },
      data: { aws_vpc: { found: { cidr: "10.1.0.0/16" } } },
    };
    expect(
      valuesOf(
        {
          a: "${aws_vpc.main.cidr}",
          b: "${aws_vpc.main.list}",
          c: "${aws_vpc.main.id}",
          d: "${aws_vpc.main.block}",
          e: "${aws_vpc.main.nothing}",
          f: "${data.aws_vpc.found.cidr}",
          g: "${data.aws_vpc.found.id}",
          h: "${aws_vpc.main}",
        },
        more,
      ),
    ).toEqual({
      a: "10.0.0.0/16",
      b: ["a"],
      c: new Reference("aws_vpc.main", "id"),
      d: new Reference("aws_vpc.main", "block"),
      e: new Reference("aws_vpc.main", "nothing"),
      f: "10.1.0.0/16",
      g: new Reference("data.aws_vpc.found", "id"),
      h: new Reference("aws_vpc.main", ""),
    });
  });

  it("that goes round in a circle is unknown, and the next one is read as ever", () => {
    const locals = { a: "${local.b}", b: "${local.a}", c: "fine" };
    expect(valuesOf({ a: "${local.a}", c: "${local.c}" }, { locals })).toEqual({
      a: new Unknown("its references go round in a circle"),
      c: "fine",
    });
  });
});

describe("a dynamic block", () => {
  it("is one unknown block, next to those that are written", () => {
    const block = {
      ingress: { from_port: 4369 },
      dynamic: { ingress: { for_each: "${var.rules}", content: {} }, egress: {}, tag: "odd" },
    };
    expect(valuesOf(block)).toEqual({
      ingress: [{ from_port: 4369 }, new Unknown('a dynamic block makes it for each of "${var.rules}"')],
      egress: [new Unknown("a dynamic block makes it for each of a list")],
      tag: [new Unknown("a dynamic block makes it for each of a list")],
    });
    for (const dynamic of [null, "odd", []]) expect(valuesOf({ dynamic })).toEqual({});
  });
});

describe("a planned resource", () => {
  const block = { "//": { metadata: { path: "prod/definition" } }, container_definitions: '[{"name":"${var.name}"}]' };
  const complete = completion({
    resource: {
      aws_ecs_task_definition: { app: block, plain: { container_definitions: null } },
      aws_vpc: { main: {} },
    },
    data: { aws_vpc: { main: { "//": { metadata: { path: "prod/found" } } } } },
    variable: { name: { default: "shop" } },
  });
  const address = "aws_ecs_task_definition.app";

  it("gets its construct's path, and container definitions that the plan doesn't know", () => {
    const planned = resource(address, { family: "shop", container_definitions: new Unknown("set by AWS") });
    expect(complete(planned)).toEqual({
      ...planned,
      constructPath: "prod/definition",
      values: { family: "shop", container_definitions: '[{"name":"shop"}]' },
    });
  });

  it("keeps those that the plan knows", () => {
    const values = { container_definitions: "[]" };
    expect(complete(resource(address, values)).values).toEqual(values);
  });

  it("gets none where the configuration has none", () => {
    expect(complete(resource("aws_ecs_task_definition.plain", { family: "a" })).values).toEqual({ family: "a" });
    const planned = { ...resource("aws_vpc.main", { id: "vpc-1" }) };
    expect(complete(planned)).toEqual(planned);
  });

  it("that is one of several gets the path, and no definitions: these differ by its key", () => {
    const unknown = { container_definitions: new Unknown("set by AWS") };
    for (const key of ['["a.b"]', "[0]"]) {
      const planned = { ...resource(address, unknown), address: `${address}${key}` };
      expect(complete(planned)).toEqual({ ...planned, constructPath: "prod/definition" });
    }
  });

  it("is found among data sources by its mode", () => {
    expect(complete(resource("data.aws_vpc.main", {})).constructPath).toBe("prod/found");
  });

  it("stays as it is where the configuration doesn't have it", () => {
    for (const other of ["aws_vpc.other", "aws_subnet.main", "data.aws_subnet.main"]) {
      const planned = resource(other, {});
      expect(complete(planned)).toBe(planned);
    }
    expect(completion({})(resource("aws_vpc.main", {}))).toMatchObject({ address: "aws_vpc.main" });
  });
});
