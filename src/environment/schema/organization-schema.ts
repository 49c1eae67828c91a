import { logRetentionDays } from "../../aws/limits";
import { defaultNameTemplates } from "../../aws/names";
import * as format from "./formats";
import { mapOf, object, oneNumberOf, text } from "./shapes";

/** A template's text, with the placeholders that it may contain. `{service}` keeps two services' names apart. */
const template = (characters: string, allowed: string, example: string, ends = "") =>
  text(
    new RegExp(`^(?=.*\\{service\\})${ends}(${characters}|\\{(environment|region|service)\\})+$`),
    `${allowed} with {service} and optionally {environment} and {region}`,
    example,
  );

const iamPath = text(
  /^\/([!-.0-~]+\/)*$/,
  'a path that begins and ends with a slash, such as "/apps/"',
  "/apps/elixir/",
).max(512, { error: "a path of at most 512 characters" });

/** What the owners of the account demand of every role. */
export const iam = object({
  permissionsBoundary: format.policyArn
    .optional()
    .describe("ARN of the policy that limits what every role may do, whatever its own policies allow; default: none."),
  path: iamPath
    .optional()
    .describe(
      'The path of every role, part of its ARN. To change it, change namePrefix in the same apply, see docs/changes.md; default: "/".',
    ),
  namePrefix: text(/^[A-Za-z0-9_+=,.@-]{1,32}$/, "1 to 32 letters, digits and _+=,.@-", "app-")
    .optional()
    .describe("The beginning of the name of every role, unless names of a service sets the name; default: none."),
});

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const assumeRole = object({
  roleArn: format.roleArn.describe("ARN of the role."),
  sessionName: text(/^[\w+=,.@-]{2,64}$/, "2 to 64 letters, digits and _+=,.@-", "terraform")
    .optional()
    .describe("The session's name, which CloudTrail shows; default: one that the AWS provider generates."),
  externalId: text(/^[\w+=,.@:/-]{2,1224}$/, "2 to 1224 letters, digits and _+=,.@:/-", "acme-platform")
    .optional()
    .describe("The external id that the role's trust policy requires; default: none."),
});

export const defaultTags = mapOf(format.tagKey, format.tagValue);

/** Names of resources that AWS, a service or the environment doesn't name otherwise. */
export const nameTemplates = object({
  resources: template(
    "[A-Za-z0-9-]",
    "letters, digits and hyphens, no hyphen or digit at the beginning and no hyphen at the end,",
    "{environment}-{region}-{service}",
    "(?![0-9-])(?!.*-$)",
  )
    .optional()
    .describe(
      `Roles, security groups, task definitions, the load balancer, alarms and the dashboard. For resources of no service, another word such as egress replaces {service}; default: "${defaultNameTemplates.resources}".`,
    ),
  logGroups: template("[A-Za-z0-9_./#-]", "letters, digits and _-/.#", "/acme/{environment}/{service}")
    .optional()
    .describe("The log groups of services; default: /ecs/ and the name from resources."),
  repositories: template("[a-z0-9._/-]", "lower-case letters, digits and ._/-", "{environment}/{service}")
    .optional()
    .describe(`The ECR repositories of images that Terraform builds; default: "${defaultNameTemplates.repositories}".`),
});

export const kmsKeys = object({
  logs: format.kmsKeyArn
    .optional()
    .describe(
      "Encrypts every log group. The key's policy must allow CloudWatch Logs to use it; default: a key that CloudWatch owns.",
    ),
  images: format.kmsKeyArn
    .optional()
    .describe(
      "Encrypts the ECR repositories that Terraform creates. A change replaces a repository; default: AES-256 with keys that S3 manages.",
    ),
});

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html#ecs-exec-logging */
export const execSessions = object({
  kmsKeyArn: format.kmsKeyArn
    .optional()
    .describe(
      "The key that encrypts sessions between the person who connects and the container. Both need it: task roles get kms:Decrypt and kms:GenerateDataKey; default: TLS only.",
    ),
  logGroup: format.logGroupName
    .optional()
    .describe(
      "The log group of sessions, to which task roles may write. For an existing ECS cluster, the one that its owner configured; default: /ecs/<cluster>/exec for a new ECS cluster, none for an existing one.",
    ),
  logRetentionDays: oneNumberOf(logRetentionDays, "days")
    .optional()
    .meta({ examples: [365] })
    .describe("Days that a new ECS cluster keeps the sessions' logs; default: 30."),
  s3: object({
    bucket: format.bucketName.describe("The bucket's name. The bucket must exist and be encrypted."),
    prefix: text(/^[A-Za-z0-9!_.*'()/-]{1,512}$/, "1 to 512 letters, digits and !_.*'()/-", "exec/prod")
      .optional()
      .describe("The beginning of the objects' keys; default: none."),
    kmsKeyArn: format.kmsKeyArn
      .optional()
      .describe("The bucket's KMS key, if it has one. Task roles may then use it; default: none."),
  })
    .optional()
    .describe("A bucket that gets a copy of each session: { bucket, prefix, kmsKeyArn }; default: none."),
});

/** An environment's options that an organization's rules ask for. */
export const organization = {
  assumeRole: assumeRole
    .optional()
    .describe(
      "The role that Terraform's AWS provider assumes: { roleArn, sessionName, externalId }. For the state, set state.s3.roleArn; default: none, it uses your credentials.",
    ),
  iam: iam
    .optional()
    .describe(
      "What every role gets: { permissionsBoundary, path, namePrefix }, see docs/organization.md; default: nothing.",
    ),
  names: nameTemplates
    .optional()
    .describe(
      "Templates of names: { resources, logGroups, repositories }. They may contain {environment}, {region} and {service}; default: the templates below.",
    ),
  kmsKeys: kmsKeys
    .optional()
    .describe("KMS keys of this region: { logs, images }, see docs/organization.md; default: keys that AWS manages."),
  execSessions: execSessions
    .optional()
    .describe(
      "The encryption and the logs of ECS Exec sessions: { kmsKeyArn, logGroup, logRetentionDays, s3 }; default: a log group for a new ECS cluster.",
    ),
  defaultTags: defaultTags
    .optional()
    .meta({ examples: [{ environment: "prod", "managed-by": "terraform" }] })
    .describe(
      'Tags on everything instead of Environment and ManagedBy, {} for none; default: {"Environment":<environment>,"ManagedBy":"terraform"}.',
    ),
};
