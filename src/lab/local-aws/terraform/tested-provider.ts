import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { awsProviderRange, oldestAwsProvider } from "../../../aws/provider-versions";

/** Terraform merges it into the configuration. Source: https://developer.hashicorp.com/terraform/language/files/override */
export const overrideFile = "tested_provider_override.tf.json";

/**
 * Makes a synthesized stack that allows the whole range of AWS providers use the one that local AWS is tested with: a newer
 * one may call what local AWS doesn't have. A constraint of the environment's own stays.
 */
export function useTestedProvider(folder: string): void {
  const override = path.join(folder, overrideFile);
  rmSync(override, { force: true });
  const file = path.join(folder, "cdk.tf.json");
  if (!existsSync(file)) return;
  const { terraform } = JSON.parse(readFileSync(file, "utf8")) as {
    terraform?: { required_providers?: { aws?: { source: string; version?: string } } };
  };
  const aws = terraform?.required_providers?.aws;
  if (aws?.version !== awsProviderRange()) return;
  const tested = { terraform: { required_providers: { aws: { ...aws, version: oldestAwsProvider } } } };
  writeFileSync(override, JSON.stringify(tested));
}
