import {
  CloudBackend,
  LocalBackend,
  NamedCloudWorkspace,
  S3Backend,
  TaggedCloudWorkspaces,
  type TerraformStack,
} from "cdktf";
import type { Environment } from "../../environment";
import { literal } from "../literal";

/**
 * Where a stack's state is kept, and how two runs at once are kept apart:
 * - `s3`: encrypted, locked by a file beside it (`use_lockfile`, Terraform ≥ 1.10) and, where a table is named, by DynamoDB too;
 * - `cloud`: a workspace of Terraform Cloud or Enterprise;
 * - `local`: a file beside `cdktf.json`, for trying out.
 * Sources: https://developer.hashicorp.com/terraform/language/backend/s3, https://developer.hashicorp.com/terraform/cli/cloud/settings
 *
 * @param region region of the environment: the bucket's, unless the state names another.
 */
export function configureBackend(stack: TerraformStack, state: Environment["state"], region: string): void {
  if ("s3" in state) {
    const { bucket, key, kmsKeyId, dynamodbTable, roleArn } = state.s3;
    new S3Backend(stack, {
      bucket,
      key: literal(key),
      region: state.s3.region ?? region,
      encrypt: true,
      ...(kmsKeyId ? { kmsKeyId } : {}),
      ...(dynamodbTable ? { dynamodbTable } : {}),
      ...(roleArn ? { assumeRole: { roleArn } } : {}),
    });
    // cdktf 0.21's S3Backend knows no native locking.
    stack.addOverride("terraform.backend.s3.use_lockfile", true);
    return;
  }
  if ("cloud" in state) {
    const { organization, hostname, workspaces } = state.cloud;
    new CloudBackend(stack, {
      organization,
      ...(hostname ? { hostname } : {}),
      workspaces:
        "name" in workspaces
          ? new NamedCloudWorkspace(workspaces.name)
          : new TaggedCloudWorkspaces([...workspaces.tags]),
    });
    return;
  }
  // cdktf's default is an absolute path, and the JSON would differ from machine to machine. Terraform runs in
  // <project>/cdktf.out/stacks/<name>, and `cdktf.out` is thrown away at times: the state stays beside cdktf.json.
  new LocalBackend(stack, { path: `../../../terraform.${stack.node.id}.tfstate` });
}
