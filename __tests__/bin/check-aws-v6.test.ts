import { readFileSync } from "node:fs";
import path from "node:path";
import { oldestAwsProvider } from "../../src/aws/provider-versions";
import { projectRoot } from "../../src/project-root";

const textOf = (file: string) => readFileSync(path.join(projectRoot, file), "utf8");

describe("the page about the AWS provider", () => {
  const page = textOf("docs/cdktn.md");
  const bindings = JSON.parse(textOf("node_modules/@cdktf/provider-aws/package.json")) as {
    version: string;
    cdktf: { provider: { version: string } };
  };

  it("names the bindings that are installed, and the provider that they were made from", () => {
    expect(page).toContain(`\`@cdktf/provider-aws\` ${bindings.version}`);
    const [minor] = /^\d+\.\d+/.exec(bindings.cdktf.provider.version)!;
    expect(page.replace(/\s+/g, " ")).toContain(`made from provider ${minor}. `);
  });

  it("names the bindings that npm run check:aws-v6 compares with", () => {
    const newest = /"@cdktn\/provider-aws": "([\d.]+)"/.exec(textOf("bin/check-aws-v6.mjs"))![1];
    expect(page).toContain(`version ${newest}`);
  });

  it("names the provider that the tests run", () => {
    expect(page).toContain(`use provider ${oldestAwsProvider}`);
  });
});
