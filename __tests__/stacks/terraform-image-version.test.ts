import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import {
  hasImageVersionExpression,
  imageVersion,
  imageVersionExpression,
} from "../../src/constructs/image/image-version";
import { imageUris } from "../image-uris";
import { scratchFolder } from "../scratch";
import { describeWithTerraform } from "../terraform-here";

/** What Terraform makes of an expression of each URI. */
function evaluated(expression: string, uris: readonly string[]): unknown[] {
  const folder = scratchFolder("image-version");
  const output = { value: `\${[for uri in var.uris : ${expression}]}` };
  const main = { variable: { uris: { type: "list(string)", default: uris } }, output: { values: output } };
  writeFileSync(path.join(folder, "main.tf.json"), JSON.stringify(main));
  const terraform = (...args: string[]) => execFileSync("terraform", args, { cwd: folder, encoding: "utf8" });
  terraform("init");
  terraform("apply", "-auto-approve");
  return JSON.parse(terraform("output", "-json", "values")) as unknown[];
}

describeWithTerraform("an image's version in Terraform", () => {
  const uris = imageUris.map(([uri]) => uri);

  it("is the one that synth reads from the same URI", () => {
    const all = [...uris, `ghcr.io/acme/shop:${"a".repeat(40)}`, `ghcr.io/acme/shop:${"a".repeat(41)}`];
    expect(evaluated(imageVersionExpression("uri"), all)).toEqual(all.map(imageVersion));
  });

  it("is unknown where synth finds none", () => {
    const without = ["shop", "ghcr.io/acme/shop", "localhost:5000/shop", "ghcr.io/acme/shop:latest"];
    expect(evaluated(hasImageVersionExpression("uri"), [...uris, ...without])).toEqual([
      ...uris.map(() => true),
      ...without.map(() => false),
    ]);
  });
});
