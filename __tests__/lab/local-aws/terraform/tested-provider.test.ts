import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { useTestedProvider } from "../../../../src/lab/local-aws/terraform/tested-provider";
import { scratchFolder } from "../../../scratch";

const scratch = scratchFolder("tested-provider");
const override = "tested_provider_override.tf.json";

/** A folder with a synthesized stack that has this constraint. */
function folderWith(version: string): string {
  const folder = mkdtempSync(path.join(scratch, "stack-"));
  write(folder, version);
  return folder;
}

const write = (folder: string, version: string) =>
  writeFileSync(
    path.join(folder, "cdk.tf.json"),
    JSON.stringify({ terraform: { required_providers: { aws: { source: "aws", version } } } }),
  );

describe("the AWS provider that runs against local AWS", () => {
  it("is the tested one where a stack allows the whole range", () => {
    const folder = folderWith(">= 5.100.0, < 7.0.0");
    useTestedProvider(folder);
    expect(JSON.parse(readFileSync(path.join(folder, override), "utf8"))).toEqual({
      terraform: { required_providers: { aws: { source: "aws", version: "5.100.0" } } },
    });
  });

  it.each(["~> 6.20", ">= 6.21.0, < 7.0.0", "5.99.0"])("is what the stack asks for otherwise: %s", (version) => {
    const folder = folderWith(version);
    useTestedProvider(folder);
    expect(readdirSync(folder)).toEqual(["cdk.tf.json"]);
  });

  it("is no longer the tested one once the stack asks for another", () => {
    const folder = folderWith(">= 5.100.0, < 7.0.0");
    useTestedProvider(folder);
    write(folder, "~> 6.20");
    useTestedProvider(folder);
    expect(existsSync(path.join(folder, override))).toBe(false);
  });

  it("is nobody's business in a folder that wasn't synthesized", () => {
    const folder = mkdtempSync(path.join(scratch, "other-"));
    useTestedProvider(folder);
    expect(readdirSync(folder)).toEqual([]);
  });
});
