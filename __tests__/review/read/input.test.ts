import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseInput, readInput } from "../../../src/review/read/input";
import { runReview } from "../../../src/review/run";
import { goodLayout } from "../good-layout";
import { planText } from "../fixtures";
import { scratchFolder } from "../../scratch";

const howTo = "Make one with: terraform plan -out plan.bin && terraform show -json plan.bin > plan.json";

describe("bad input", () => {
  it.each([
    ["nothing", "", "plan.json is empty."],
    [
      "a plan that was cut off",
      planText("guide").slice(0, 20_000),
      "It ends too early: it was cut off while it was written.",
    ],
    [
      "a plan's binary file",
      "PK\u0003\u0004",
      "It is a plan's own binary file: pass it through terraform show -json first.",
    ],
    [
      "the log of a plan",
      '{"@level":"info","@message":"Terraform 1.11.4"}\n{"@level":"info"}\n',
      "It is the log that terraform plan -json prints.",
    ],
    ["text", "Terraform will perform the following actions", "plan.json can't be read as JSON."],
    ["a list", "[]", "plan.json contains no JSON object, so it isn't a plan."],
    [
      "a state file",
      JSON.stringify({ version: 4, serial: 3, lineage: "x", resources: [] }),
      "plan.json is a state file, not a plan.",
    ],
    [
      "a shown state",
      JSON.stringify({ format_version: "1.0", values: { root_module: {} } }),
      "plan.json is a state as terraform show -json prints it without a plan's file.",
    ],
    [
      "an empty state that is shown",
      JSON.stringify({ format_version: "1.0" }),
      "plan.json is empty: terraform show -json prints that without a plan's file where there is no state.",
    ],
    [
      "the answer of terraform validate -json",
      JSON.stringify({ format_version: "1.0", valid: true, error_count: 0, warning_count: 0, diagnostics: [] }),
      "plan.json is JSON, but neither a plan nor Terraform's configuration.",
    ],
    [
      "the schemas of terraform providers schema -json",
      JSON.stringify({ format_version: "1.0", provider_schemas: {} }),
      "plan.json is JSON, but neither a plan nor Terraform's configuration.",
    ],
    ["another program's JSON", "{}", "plan.json is JSON, but neither a plan nor Terraform's configuration."],
  ])("refuses %s", (_, text, message) => {
    expect(() => parseInput(text, "plan.json")).toThrow(message);
    expect(() => parseInput(text, "plan.json")).toThrow(howTo);
  });

  it("knows a plan that was cut off, wherever it was", () => {
    const whole = planText("counted");
    for (let length = 1; length < whole.trimEnd().length; length += 13)
      expect(() => parseInput(whole.slice(0, length), "plan.json")).toThrow("It ends too early");
  });

  it.each([
    ["no list", "changes", "resource_changes isn't"],
    [
      "a list of something else",
      [{ address: "a.b", mode: "managed", type: "a", name: "b", change: { actions: ["create"] } }, null],
      "resource_changes[1] isn't",
    ],
    [
      "changes without actions",
      [{ address: "a.b", mode: "managed", type: "a", name: "b", change: {} }],
      "resource_changes[0].change.actions isn't",
    ],
  ])("refuses a plan whose changes are %s", (_, resource_changes, message) => {
    const text = JSON.stringify({ format_version: "1.2", resource_changes });
    expect(() => parseInput(text, "plan.json")).toThrow(`This plan's ${message} what Terraform writes there`);
  });

  it("refuses a plan of another format version", () => {
    expect(() => parseInput(JSON.stringify({ format_version: "2.0", resource_changes: [] }), "plan.json")).toThrow(
      'This plan has format version "2.0". The review reads 0.1 to 1.x',
    );
  });

  it("refuses a plan that Terraform itself marked as errored", () => {
    expect(() =>
      parseInput(JSON.stringify({ format_version: "1.2", resource_changes: [], errored: true }), "plan.json"),
    ).toThrow("errored");
  });

  it.each(["configuration", "planned_values", "prior_state"])("takes a plan with %s alone in it", (member) => {
    expect(parseInput(JSON.stringify({ format_version: "1.2", [member]: {} }), "plan.json").plan).toBeDefined();
  });
});

it.each([
  ["UTF-8 with a byte-order mark", Buffer.from(`\uFEFF${planText("counted")}`, "utf8")],
  ["UTF-16, as PowerShell's > writes it", Buffer.from(`\uFEFF${planText("counted")}`, "utf16le")],
])("takes a file in %s", async (_, bytes) => {
  const folder = scratchFolder("review");
  writeFileSync(path.join(folder, "plan.json"), bytes);
  expect((await readInput(path.join(folder, "plan.json")))[0]).toEqual(
    parseInput(planText("counted"), path.join(folder, "plan.json")),
  );
  rmSync(folder, { recursive: true });
});

describe("a folder", () => {
  const folder = scratchFolder("review");
  const stack = path.join(folder, "stacks", "prod");
  mkdirSync(stack, { recursive: true });
  const layout = goodLayout();
  layout.resource.aws_ecs_service!.shop!["//"] = { metadata: { path: "prod/shop/service", uniqueId: "shop" } };
  layout.resource.aws_ecs_service!.shop!.deployment_minimum_healthy_percent = 50;
  writeFileSync(path.join(stack, "cdk.tf.json"), JSON.stringify(layout));

  it("of synthesized stacks is read, stack by stack", async () => {
    expect((await readInput(folder)).map(({ name }) => name)).toEqual(["prod"]);
    expect((await readInput(path.join(folder, "stacks"))).map(({ name }) => name)).toEqual(["prod"]);
  });

  it("gives findings the construct's path", async () => {
    const printed: string[] = [];
    await runReview(folder, {}, { write: (text) => printed.push(text) });
    expect(printed.join()).toContain("aws_ecs_service.shop (prod/shop/service)");
  });

  it("with HCL next to its Terraform JSON is refused", async () => {
    const mixed = scratchFolder("review");
    writeFileSync(path.join(mixed, "backend.tf.json"), JSON.stringify({ terraform: { backend: { local: {} } } }));
    writeFileSync(path.join(mixed, "main.tf"), 'resource "aws_ecs_service" "shop" {}\n');
    await expect(readInput(mixed)).rejects.toThrow(
      `${mixed} has HCL (main.tf) next to backend.tf.json, and the review reads no HCL: give a plan. ${howTo}`,
    );
    rmSync(mixed, { recursive: true });
  });

  it("without Terraform JSON is refused", async () => {
    const empty = scratchFolder("review");
    await expect(readInput(empty)).rejects.toThrow(
      "contains no Terraform JSON (*.tf.json). For configuration in HCL give a plan.",
    );
    rmSync(empty, { recursive: true });
  });

  it("gives a plan next to cdk.tf.json its construct paths, and container definitions it doesn't know", async () => {
    const plan = { format_version: "1.2", resource_changes: [], configuration: {} };
    writeFileSync(path.join(stack, "plan.json"), JSON.stringify(plan));
    expect((await readInput(path.join(stack, "plan.json")))[0]!.synthesized).toBeDefined();
  });

  it("that isn't there is refused", async () => {
    await expect(readInput(path.join(folder, "nowhere"))).rejects.toThrow("nowhere isn't there.");
  });
});
