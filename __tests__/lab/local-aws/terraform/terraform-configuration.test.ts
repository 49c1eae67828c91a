import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { scratchFolder } from "../../../scratch";

jest.mock("node:os", () => ({
  ...jest.requireActual<object>("node:os"),
  homedir: () => process.env.HOME_OF_THIS_TEST ?? "/nowhere",
}));

let home: string;
beforeEach(() => {
  home = scratchFolder("home");
  process.env.HOME_OF_THIS_TEST = home;
  jest.resetModules();
});

const configurationForRun = async (environment: NodeJS.ProcessEnv) =>
  (await import("../../../../src/lab/local-aws/terraform/terraform-configuration")).configurationForRun(environment);

const mirror = () => {
  const folder = path.join(home, ".terraform.d", "providers");
  mkdirSync(path.join(folder, "registry.terraform.io", "hashicorp", "aws"), { recursive: true });
  return folder;
};

describe("configurationForRun", () => {
  it("leaves a user's own configuration in force", async () => {
    mirror();
    const file = path.join(home, ".terraformrc");
    writeFileSync(file, "");
    expect(await configurationForRun({})).toBeUndefined();
    expect(await configurationForRun({ TF_CLI_CONFIG_FILE: file })).toBeUndefined();
  });

  it("looks for a mirror when the configured file isn't there, and takes the AWS provider alone from it", async () => {
    mirror();
    const configuration = await configurationForRun({ TF_CLI_CONFIG_FILE: path.join(home, "no-such.rc") });
    expect(configuration).toMatch(/^provider_installation \{\n  filesystem_mirror \{\n    path    = ".+"\n/);
    expect(configuration).toContain('include = ["hashicorp/aws"]');
    expect(configuration).toContain('direct {\n    exclude = ["hashicorp/aws"]');
  });
});
