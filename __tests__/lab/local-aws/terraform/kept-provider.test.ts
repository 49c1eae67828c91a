import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { KeptProvider } from "../../../../src/lab/local-aws/terraform/kept-provider";
import { overrideFile } from "../../../../src/lab/local-aws/terraform/tested-provider";
import { scratchFolder } from "../../../scratch";
import { writeProgram } from "../../../program";

const scratch = scratchFolder("kept-provider");
const aws = [{ region: "eu-west-1" }];
const attachment = '{"example.com/hashicorp/aws":{"Protocol":"grpc"}}';

/** Prints where it listens as a provider does, takes note of its process at each start, and stays. */
const listening = `#!/bin/sh
echo "$$" >> "$0.starts"
echo "ca=\${AWS_CA_BUNDLE-unset}" > "$0.environment"
printf "\\tTF_REATTACH_PROVIDERS='%s'\\n" '${attachment}'
while :; do sleep 0.05; done
`;

/** A folder that `terraform init` has installed a provider in: the platform's folder is a link, as from a mirror. */
function initialized(configuration: object, provider = listening) {
  const folder = mkdtempSync(path.join(scratch, "stack-"));
  writeFileSync(path.join(folder, "cdk.tf.json"), JSON.stringify(configuration));
  const mirror = mkdtempSync(path.join(scratch, "mirror-"));
  const binary = path.join(mirror, "terraform-provider-aws_v5.100.0_x5");
  writeProgram(binary, provider);
  const version = path.join(folder, ".terraform", "providers", "example.com", "hashicorp", "aws", "5.100.0");
  mkdirSync(version, { recursive: true });
  symlinkSync(mirror, path.join(version, "linux_amd64"));
  return { folder, binary };
}

/** The variables for each folder in turn; the provider is closed by then. */
async function variablesIn(...folders: string[]) {
  const provider = new KeptProvider({ AWS_CA_BUNDLE: "/etc/ssl/bundle.pem" });
  const variables = [];
  for (const folder of folders) variables.push(await provider.variables(folder));
  await provider.close();
  return variables;
}

describe("a kept AWS provider", () => {
  it("is started once for all commands, without a bundle of certificates, and ends with its user", async () => {
    const { folder, binary } = initialized({ provider: { aws } });
    writeFileSync(path.join(folder, overrideFile), "{}");
    expect(await variablesIn(folder, folder)).toEqual([
      { TF_REATTACH_PROVIDERS: attachment },
      { TF_REATTACH_PROVIDERS: attachment },
    ]);
    const starts = readFileSync(`${binary}.starts`, "utf8").trim().split("\n");
    expect(starts).toHaveLength(1);
    expect(() => process.kill(Number(starts[0]), 0)).toThrow("ESRCH");
    expect(readFileSync(`${binary}.environment`, "utf8")).toBe("ca=unset\n");
  });

  it.each([
    ["two configurations of AWS's provider", { provider: { aws: [...aws, { alias: "other" }] } }],
    ["another provider too", { provider: { aws, docker: [{}] } }],
    ["a module, which may have providers of its own", { provider: { aws }, module: { shop: {} } }],
  ])("isn't used by %s", async (_, configuration) => {
    const { folder, binary } = initialized(configuration);
    expect(await variablesIn(folder)).toEqual([{}]);
    expect(existsSync(`${binary}.starts`)).toBe(false);
  });

  it("isn't used where the folder has other configuration too", async () => {
    const { folder } = initialized({ provider: { aws } });
    writeFileSync(path.join(folder, "main.tf"), "");
    expect(await variablesIn(folder)).toEqual([{}]);
  });

  it("isn't used before terraform init", async () => {
    const folder = mkdtempSync(path.join(scratch, "new-"));
    writeFileSync(path.join(folder, "cdk.tf.json"), JSON.stringify({ provider: { aws } }));
    expect(await variablesIn(folder)).toEqual([{}]);
  });

  it("leaves a command to its own provider where it doesn't start", async () => {
    const { folder } = initialized(
      { provider: { aws } },
      "#!/bin/sh\necho 'flag provided but not defined' >&2\nexit 1\n",
    );
    expect(await variablesIn(folder)).toEqual([{}]);
  });
});
