import {
  bucketName,
  cloudName,
  dynamodbTable,
  hostname,
  kmsKeyId,
  region,
  roleArn,
  stateKey,
  workspaceTag,
} from "./formats";
import { choice, filledList, object, oneOf } from "./shapes";

const s3 = object({
  bucket: bucketName.describe("The bucket that holds the state."),
  key: stateKey.describe("The state's key inside the bucket: each environment needs its own."),
  region: region.optional().describe("The bucket's region; default: the environment's."),
  kmsKeyId: kmsKeyId
    .optional()
    .describe("KMS key that encrypts the state: its id, ARN or alias; default: the bucket's own encryption."),
  dynamodbTable: dynamodbTable
    .optional()
    .describe("DynamoDB table to lock with beside S3's native lock, while older Terraform is in use; default: none."),
  roleArn: roleArn
    .optional()
    .describe("IAM role to assume for reading and writing the state; default: your own credentials."),
  bucketStack: oneOf("local", "bucket")
    .optional()
    .describe(
      "Whether a stack that makes the bucket itself is written too, and where that stack's own state is: a local file at first, then the bucket; default: no such stack.",
    ),
});

const workspaces = choice({
  name: cloudName("a workspace's name").describe("The one workspace, by its name."),
  tags: filledList(workspaceTag, "workspace tags").describe(
    "All workspaces with these tags; TF_WORKSPACE or `terraform workspace select` chooses one.",
  ),
});

const cloud = object({
  organization: cloudName("an organization's name").describe("The organization in Terraform Cloud or Enterprise."),
  hostname: hostname.optional().describe("Terraform Enterprise's host name; default: app.terraform.io."),
  workspaces: workspaces.describe("The workspace: by name, or by tags."),
  execution: oneOf("remote", "local")
    .default("remote")
    .describe(
      'Where the workspace is set to run: "remote" (also on agents) or "local", which keeps only the state there; default "remote". An image can\'t be built in a remote run.',
    ),
});

/** Where an environment's Terraform state is. */
export const state = choice({
  s3: s3.describe("In an S3 bucket, encrypted, locked by a file beside it (Terraform 1.10 or later)."),
  cloud: cloud.describe("In a workspace of Terraform Cloud or Enterprise."),
  local: object({}).describe("In a file beside cdktf.json, for trying out: {}."),
});
