import { Modules } from "../../../src/review/read/modules";
import type { ConfiguredModule } from "../../../src/review/read/plan-format";

const block = (name: string, mode: "managed" | "data" = "managed") => ({
  address: `aws_vpc.${name}`,
  mode,
  type: "aws_vpc",
  name,
});
const inner: ConfiguredModule = { resources: [block("inner")] };
const service: ConfiguredModule = {
  resources: [block("a"), block("a", "data")],
  module_calls: { b: { module: inner } },
};
const root: ConfiguredModule = { module_calls: { service: { module: service }, empty: {} } };

describe("a module instance", () => {
  it("is found by its address, with its parent, its call and its key", () => {
    const modules = new Modules(root);
    const top = modules.at("");
    expect(top).toEqual({ address: "", configured: root });
    const one = modules.at('module.service["x.y"]');
    expect(one).toEqual({
      address: 'module.service["x.y"]',
      configured: service,
      parent: top,
      call: root.module_calls!.service,
      key: "x.y",
    });
    const below = modules.at('module.service["x.y"].module.b');
    expect(below).toMatchObject({ address: 'module.service["x.y"].module.b', configured: inner });
    expect(below).not.toHaveProperty("key");
    expect(below.parent).toBe(one);
    expect(modules.at("module.service[0].module.b[1]")).toMatchObject({ key: 1, parent: { key: 0 } });
  });

  it("is one object, whichever way it is found", () => {
    const modules = new Modules(root);
    const one = modules.child(modules.at(""), "service", "x");
    expect(modules.at('module.service["x"]')).toBe(one);
    expect(modules.child(modules.at(""), "service", "x")).toBe(one);
    expect(modules.at('module.service["x"].module.b')).toBe(modules.child(one, "b", undefined));
    expect(modules.at('module.service["y"]')).not.toBe(one);
  });

  it("that the configuration doesn't know has none, nor have those inside", () => {
    const modules = new Modules(root);
    const unknown = modules.at("module.gone.module.b");
    expect(unknown.configured).toBeUndefined();
    expect(unknown).not.toHaveProperty("call");
    expect(modules.at("module.empty").configured).toBeUndefined();
    expect(new Modules(undefined).at("module.service").configured).toBeUndefined();
  });
});

it("finds the block of a resource by mode, type and name", () => {
  const modules = new Modules(root);
  const one = modules.at("module.service");
  const resources = service.resources!;
  expect(modules.resource(one, "managed", "aws_vpc", "a")).toBe(resources[0]);
  expect(modules.resource(one, "data", "aws_vpc", "a")).toBe(resources[1]);
  expect(modules.resource(one, "managed", "aws_vpc", "inner")).toBeUndefined();
  expect(modules.resource(modules.at("module.service.module.b"), "managed", "aws_vpc", "inner")).toBe(
    inner.resources![0],
  );
  expect(modules.resource(modules.at(""), "managed", "aws_vpc", "a")).toBeUndefined();
  expect(modules.resource(modules.at("module.gone"), "managed", "aws_vpc", "a")).toBeUndefined();
});
