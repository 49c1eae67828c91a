import * as format from "./formats";
import { choice, filledList, object, oneOf, option } from "./shapes";

/** Host name of Terraform Cloud. */
export const terraformCloudHost = "app.terraform.io";

const s3 = object({
  bucket: format.bucketName.describe("The bucket that contains the state."),
  key: format.stateKey.describe("The state's key inside the bucket: each environment needs its own."),
  region: format.region
    .optional()
    .describe("The bucket's region; default: the environment's.")
    .meta({ examples: ["eu-central-1"] }),
  kmsKeyId: format.kmsKeyId
    .optional()
    .describe("KMS key that encrypts the state: its id, ARN or alias; default: the bucket's own encryption."),
  dynamodbTable: format.dynamodbTable
    .optional()
    .meta({ deprecated: true })
    .describe(
      "DynamoDB table for a second lock, for Terraform before 1.10. Terraform 1.11 deprecated it; default: none.",
    ),
  roleArn: format.roleArn
    .optional()
    .describe("IAM role to assume for reading and writing the state; default: your own credentials."),
  bucketStack: oneOf("local", "bucket")
    .optional()
    .describe(
      'Also writes a stack that creates the bucket. The value is where the state of that stack is: first "local", a file, then "bucket"; default: no such stack.',
    ),
});

const workspaces = choice({
  name: format.cloudName("a workspace's name", "shop-prod").describe("The one workspace, by its name."),
  tags: filledList(format.workspaceTag, "workspace tags").describe(
    "All workspaces with these tags; TF_WORKSPACE or `terraform workspace select` chooses one.",
  ),
});

const cloud = object({
  organization: format
    .cloudName("an organization's name", "acme")
    .describe("The organization in Terraform Cloud or Enterprise."),
  hostname: format.hostname.optional().describe(`Terraform Enterprise's host name; default: "${terraformCloudHost}".`),
  workspaces: workspaces.describe("The workspace: name or tags."),
  execution: option(
    oneOf("remote", "local"),
    "remote",
    'The workspace\'s execution mode, as set there: "remote" (also for agents) can\'t build images, "local" only stores the state',
  ),
});

/** Where an environment's Terraform state is. */
export const state = choice({
  s3: s3.describe("In an S3 bucket, encrypted, with a lock file next to the state (Terraform 1.10 or later)."),
  cloud: cloud.describe("In a workspace of Terraform Cloud or Enterprise."),
  local: object({}).describe("In a file next to cdktf.json, for experiments: {}."),
}).meta({ id: "state" });
