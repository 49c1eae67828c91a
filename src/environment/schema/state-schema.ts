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
import { choice, filledList, object, oneOf, withDefault } from "./shapes";

/** Host name of Terraform Cloud. */
export const terraformCloudHost = "app.terraform.io";

const s3 = object({
  bucket: bucketName.describe("The bucket that contains the state."),
  key: stateKey.describe("The state's key inside the bucket: each environment needs its own."),
  region: region.optional().describe("The bucket's region; default: the environment's."),
  kmsKeyId: kmsKeyId
    .optional()
    .describe("KMS key that encrypts the state: its id, ARN or alias; default: the bucket's own encryption."),
  dynamodbTable: dynamodbTable
    .optional()
    .describe("DynamoDB table for a lock in addition to S3's own, while older Terraform is in use; default: none."),
  roleArn: roleArn
    .optional()
    .describe("IAM role to assume for reading and writing the state; default: your own credentials."),
  bucketStack: oneOf("local", "bucket")
    .optional()
    .describe(
      'Also writes a stack that creates the bucket. Its value is where that stack\'s own state is: "local", a file, at first, then "bucket"; default: no such stack.',
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
  hostname: hostname.optional().describe(`Terraform Enterprise's host name; default: ${terraformCloudHost}.`),
  workspaces: workspaces.describe("The workspace: by name, or by tags."),
  execution: withDefault(
    oneOf("remote", "local"),
    "remote",
    'Where the workspace runs, as it is set: "remote" (also on agents), where images can\'t be built, or "local", which keeps only the state there',
  ),
});

/** Where an environment's Terraform state is. */
export const state = choice({
  s3: s3.describe("In an S3 bucket, encrypted, locked by a file beside it (Terraform 1.10 or later)."),
  cloud: cloud.describe("In a workspace of Terraform Cloud or Enterprise."),
  local: object({}).describe("In a file beside cdktf.json, for trying out: {}."),
});
