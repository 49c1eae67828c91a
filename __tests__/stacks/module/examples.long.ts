import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Terraform } from "../../../src/lab/local-aws/terraform/terraform";
import { exampleFile, exampleNames } from "../../examples";
import { describeWithTerraform } from "../../terraform-here";
import { scratchFolder } from "../../scratch";
import { environmentsIn, testedProvider, writeModuleOf } from "./written-module";

const image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1";

// `npm run test:module`: a minute, with twice.long.ts.
describeWithTerraform("modules of all examples", () => {
  it("are valid in one root that sets nothing but images", async () => {
    const scratch = scratchFolder("modules");
    // traffic-shifting needs AWS provider 6.21.
    const calls = exampleNames
      .filter((name) => name !== "traffic-shifting")
      .flatMap((example) =>
        environmentsIn(exampleFile(example)).map((environment) => {
          const name = `${example}-${environment}`;
          const { variables } = writeModuleOf(exampleFile(example), environment, path.join(scratch, "modules", name));
          const required = Object.entries(variables).flatMap(([variable, { default: value }]) =>
            value === undefined ? [`  ${variable} = "${image}"`] : [],
          );
          return `module "${name}" {\n  source = "../modules/${name}"\n${required.join("\n")}\n}\n`;
        }),
      );
    expect(calls.length).toBeGreaterThan(15);
    const folder = path.join(scratch, "root");
    mkdirSync(folder);
    writeFileSync(path.join(folder, "main.tf"), `${testedProvider}\n${calls.join("\n")}`);
    const terraform = new Terraform(folder, scratch, { environment: {} });
    await terraform.init();
    await expect(terraform.validate()).resolves.not.toThrow();
  });
});
