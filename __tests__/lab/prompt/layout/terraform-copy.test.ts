import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { copyTerraform } from "../../../../src/lab/prompt/layout/terraform-copy";
import { scratchFolder } from "../../../scratch";

const folder = () => scratchFolder("terraform-copy");

describe("the copy of a folder of Terraform", () => {
  it("leaves out what Terraform made there, and keeps what is next to it in reach", () => {
    // GIVEN a folder that has been initialised and applied, and a module next to it
    const root = folder();
    const stack = path.join(root, "stack");
    for (const made of [path.join(stack, ".terraform"), path.join(root, "modules", "net")]) {
      mkdirSync(made, { recursive: true });
    }
    writeFileSync(path.join(root, "modules", "net", "main.tf"), "# net");
    for (const file of ["main.tf", "prod.tfvars", "terraform.tfstate", "terraform.tfstate.backup", "real.tfplan"]) {
      writeFileSync(path.join(stack, file), "");
    }
    // WHEN it is copied twice
    const scratch = folder();
    const copies = [copyTerraform(stack, scratch), copyTerraform(path.join(root, "modules", "net"), scratch)];
    // THEN the copy has the sources, an override, and `../modules`
    expect(readdirSync(copies[0]!).sort()).toEqual(["lab_override.tf.json", "main.tf", "prod.tfvars"]);
    expect(readFileSync(path.join(copies[0]!, "../modules/net/main.tf"), "utf8")).toBe("# net");
    expect(JSON.parse(readFileSync(path.join(copies[0]!, "lab_override.tf.json"), "utf8"))).toMatchObject({
      terraform: { backend: { local: {} } },
      // `null` leaves a block as it is: Terraform would then ask AWS for the role.
      provider: { aws: { allowed_account_ids: null, dynamic: { assume_role: { for_each: [], content: {} } } } },
    });
    // AND nothing was written into the originals
    expect(lstatSync(copies[1]!).isSymbolicLink()).toBe(false);
    expect(readdirSync(path.join(root, "modules", "net"))).toEqual(["main.tf"]);
    expect(readdirSync(stack)).not.toContain("lab_override.tf.json");
  });

  it("has the values of --var-file, for destroy too, the last file's winning, and Terraform's own files before them", () => {
    const root = folder();
    const stack = path.join(root, "stack");
    mkdirSync(stack);
    for (const file of ["stack/main.tf", "stack/x.auto.tfvars", "prod.tfvars", "eu.tfvars.json"]) {
      writeFileSync(path.join(root, file), `# ${file}`);
    }
    const files = ["prod.tfvars", "eu.tfvars.json"].map((file) => path.join(root, file));
    const copy = copyTerraform(stack, folder(), files);
    const loaded = readdirSync(copy).filter((file) => /\.auto\.tfvars(\.json)?$/.test(file));
    // Terraform loads them in the order of their names, and the last one wins.
    const texts = loaded.sort().map((file) => readFileSync(path.join(copy, file), "utf8"));
    expect(texts).toEqual(["# stack/x.auto.tfvars", "# prod.tfvars", "# eu.tfvars.json"]);
    expect(readdirSync(stack).sort()).toEqual(["main.tf", "x.auto.tfvars"]);
  });

  it("says what is wrong with a --var-file", () => {
    const stack = folder();
    writeFileSync(path.join(stack, "main.tf"), "");
    writeFileSync(path.join(stack, "prod.json"), "{}");
    expect(() => copyTerraform(stack, folder(), ["nowhere.tfvars"])).toThrow(
      "--var-file nowhere.tfvars: there is no such file.",
    );
    const file = path.join(stack, "prod.json");
    expect(() => copyTerraform(stack, folder(), [file])).toThrow(
      `--var-file ${file}: its name has to end with .tfvars or .tfvars.json.`,
    );
  });

  it("says what is wrong with a folder", () => {
    const empty = folder();
    mkdirSync(path.join(empty, "stacks", "prod"), { recursive: true });
    expect(() => copyTerraform(empty, folder())).toThrow(
      `${empty} contains no Terraform: no file ends with .tf or .tf.json.`,
    );
    writeFileSync(path.join(empty, "stacks", "prod", "cdk.tf.json"), "{}");
    expect(() => copyTerraform(empty, folder())).toThrow(`Did you mean ${path.join(empty, "stacks", "prod")}?`);
    expect(() => copyTerraform(path.join(empty, "nowhere"), folder())).toThrow("There is no folder ");
  });
});
