import {
  CloudBackend,
  LocalBackend,
  NamedCloudWorkspace,
  S3Backend,
  TaggedCloudWorkspaces,
  type TerraformStack,
} from "cdktf";
import { literal } from "../literal";

/** State in an S3 bucket. */
export interface S3State {
  readonly bucket: string;
  /** The state's key inside the bucket. */
  readonly key: string;
  /** The bucket's region. @default the stack's */
  readonly region?: string | undefined;
  /** KMS key that encrypts the state: its id, ARN or alias. @default the bucket's own encryption */
  readonly kmsKeyId?: string | undefined;
  /**
   * DynamoDB table for a second lock, which Terraform before 1.10 uses.
   * @deprecated Terraform 1.11 deprecates it in favour of the lock file. @default none
   */
  readonly dynamodbTable?: string | undefined;
  /** ARN of the role that reads and writes the state. @default your own credentials */
  readonly roleArn?: string | undefined;
}

/** State in a workspace of Terraform Cloud or Enterprise. */
export interface CloudState {
  readonly organization: string;
  /** Host name of Terraform Enterprise. @default app.terraform.io */
  readonly hostname?: string | undefined;
  /** One workspace by name, or all that have these tags. */
  readonly workspaces: { readonly name: string } | { readonly tags: readonly string[] };
}

/** Where a stack's state is. */
export type StateLocation = { readonly s3: S3State } | { readonly cloud: CloudState } | { readonly local: object };

/**
 * Sets where a stack's state is, and its lock:
 * - `s3`: encrypted, locked by a file next to it (`use_lockfile`, Terraform ≥ 1.10) and, with a table, by DynamoDB too;
 * - `cloud`: a workspace of Terraform Cloud or Enterprise;
 * - `local`: a file next to `cdktf.json`, for experiments.
 * Sources: https://developer.hashicorp.com/terraform/language/backend/s3, https://developer.hashicorp.com/terraform/cli/cloud/settings
 *
 * @param region region of the environment: the bucket's, unless the state names another.
 */
export function configureBackend(stack: TerraformStack, state: StateLocation, region: string): void {
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
    // cdktf 0.21's S3Backend has no option for S3's own lock.
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
  // cdktf's default is an absolute path, which differs from machine to machine. Terraform runs in
  // <project>/cdktf.out/stacks/<name>, and `cdktf.out` may be deleted, so the state is next to cdktf.json.
  new LocalBackend(stack, { path: `../../../terraform.${stack.node.id}.tfstate` });
}
