import { readFileSync } from "node:fs";
import { parseEnvironments } from "../../../src/environment";
import { maxNameLength, moduleFiles, moduleJson, writeModule } from "../../../src/stacks/module";

export const environmentsIn = (file: string): string[] =>
  Object.keys(parseEnvironments(readFileSync(file, "utf8"), file));

/** Writes the module of an environment, as the command does. @returns its JSON */
export function writeModuleOf(file: string, environment: string, folder: string) {
  const text = readFileSync(file, "utf8");
  const json = moduleJson(environment, parseEnvironments(text, file)[environment]!, maxNameLength(text, environment));
  writeModule(folder, moduleFiles(folder, json));
  return json;
}

/** The provider of a root, in the version that local AWS is tested with. */
export const testedProvider = `terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
`;
