import { z } from "zod";
import { maxRoleName } from "../../aws/limits";
import { maxPort } from "../../aws/network/ports";
import { arnPrefix, regionAndAccount } from "./arn-pattern";
import { isNetworkAddress } from "./network-address";
import { allowing, text, wholeNumber } from "./shapes";

// No pattern has a flag but u: JSON Schema implies that one and has no way to set others.

export * from "./arn-formats";
export { region } from "./region";

/** Source: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html */
export const accountId = text(/^\d{12}$/, "an AWS account's id: 12 digits, in quotes", "123456789012");

/** Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html */
const id = (prefix: string) =>
  text(
    new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`),
    `"${prefix}-" and 8 or 17 hexadecimal digits`,
    `${prefix}-0123456789abcdef0`,
  );
export const vpcId = id("vpc");
export const subnetId = id("subnet");
export const securityGroupId = id("sg");
export const prefixListId = id("pl");
/** Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html */
export const securityGroupName = text(
  /^(?!sg-)[A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]{1,255}$/,
  'a security group\'s name: 1 to 255 characters, not beginning with "sg-" (an id goes under id)',
  "billing-service",
);

/**
 * Names a service in ECS and in Cloud Map. `constructor` can't be the id of a construct, whose children are the keys of
 * a plain JavaScript object. Sources: RFC 1123, https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateService.html
 */
export const dnsLabel = text(
  /^(?=.{1,63}$)(?!constructor$)[a-z]([a-z0-9-]*[a-z0-9])?$/,
  'a DNS label: 1 to 63 lower-case letters, digits and hyphens, starting with a letter, no hyphen at its end, not "constructor"',
  "shop",
);
const label = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";
const labels = `${label}(\\.${label})*`;
/** Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html */
export const dnsName = text(
  new RegExp(`^(?=.{1,253}$)${labels}$`),
  'a DNS name of lower-case labels such as "organization.local"',
  "organization.local",
);
/**
 * ACM takes 64 characters for a certificate's first name, and a wildcard in place of the first label.
 * Source: https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
 */
export const webDomain = text(
  /^(?=.{1,64}$)(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
  'a public name in lower case, such as "shop.example.com" or "*.example.com": at most 64 characters, no dot at its end',
  "shop.example.com",
);
/** Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html#path-conditions */
export const pathPattern = text(
  /^\/[A-Za-z0-9_.$/~"'@:+&*?-]{0,127}$/,
  'a path such as "/api/*", with * and ? as wildcards: 1 to 128 letters, digits and _ - . $ / ~ " \' @ : + &',
  "/api/*",
);
/** Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Matcher.html */
export const statusCodes = text(
  /^[2-4][0-9]{2}(-[2-4][0-9]{2}|(,[2-4][0-9]{2})+)?$/,
  'HTTP status codes from 200 to 499 such as "200", "200,204" or "200-299"',
  "200-299",
);
/** Source: https://developer.hashicorp.com/terraform/cli/cloud/settings#hostname */
export const hostname = text(
  new RegExp(`^(?=.{1,253}$)${labels}(:[0-9]{1,5})?$`),
  'a host name such as "app.terraform.io"',
  "terraform.example.com",
);
/** `state-bucket-…` are the stacks of the state buckets themselves. */
export const environmentName = text(
  /^(?=.{1,32}$)(?!state-bucket-|constructor$)[a-z]([a-z0-9-]*[a-z0-9])?$/,
  'a name: 1 to 32 lower-case letters, digits and hyphens, starting with a letter, no hyphen at its end, not "constructor", not beginning with "state-bucket-"',
  "prod",
);
const ecsName = (example: string) =>
  text(/^[A-Za-z0-9_-]{1,255}$/, "1 to 255 letters, digits, hyphens and underscores", example);
/** Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html */
export const ecsClusterName = ecsName("my-cluster");
/** Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html */
export const ecsServiceName = ecsName("my-service");
/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export const roleName = text(
  new RegExp(`^[A-Za-z0-9_+=,.@-]{1,${maxRoleName}}$`),
  `a role's name, not its ARN: 1 to ${maxRoleName} letters, digits and _+=,.@-`,
  "my-role",
);
/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html */
export const logGroupName = text(
  /^(?!aws\/)[A-Za-z0-9_./#-]{1,512}$/,
  "a log group's name: 1 to 512 letters, digits and _-/.#, not beginning with aws/",
  "/my-org/prod/shop",
);

/** The left side of an Erlang node's name. Source: https://hexdocs.pm/mix/Mix.Tasks.Release.html */
export const releaseName = text(
  /^[a-z][a-z0-9_]{0,62}$/,
  "a release name: 1 to 63 lower-case letters, digits and underscores, starting with a letter",
  "my_app",
);
/** A peer need not be an Elixir release: what Erlang takes for a node's name. Source: https://www.erlang.org/doc/system/distributed */
export const nodeAddress = text(
  new RegExp(`^[A-Za-z0-9_-]{1,63}@(?=.{1,253}$)${labels}$`),
  '"basename@dns-name" such as "billing@billing.other.local"',
  "billing@billing.payments.local",
);

const level = "[A-Za-z0-9_.-]+";
/** Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
export const ssmParameter = text(
  new RegExp(
    `^(?=.{1,1011}$)((?!/?([aA][wW][sS]|[sS][sS][mM]))((/${level}){1,15}|${level})|${arnPrefix}:ssm:${regionAndAccount}:parameter/${level}(/${level}){0,14})$`,
  ),
  'an SSM parameter name such as "/my-org/prod/release-cookie": letters, digits and _ . - in at most 15 levels, not starting with aws or ssm; or its ARN',
  "/my-org/prod/release-cookie",
);

const secretName = "[A-Za-z0-9/_+=.@!-]{1,512}";
/**
 * ECS takes a secret's full ARN, with the six characters that AWS adds. A name that AWS gives contains "!".
 * Sources: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html,
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 */
export const secretsManager = text(
  new RegExp(
    `^(?!arn:)${secretName}$|^${arnPrefix}:secretsmanager:${regionAndAccount}:secret:${secretName}-[A-Za-z0-9]{6}$`,
  ),
  'a secret\'s name such as "prod/shop/database": letters, digits and / _ + = . @ ! -; or its full ARN, which ends with a hyphen and six characters that AWS adds',
  "prod/shop/database",
);
// A colon separates the parts of what ECS gets.
const secretPart = (what: string, max: number, example: string) =>
  text(new RegExp(`^[^:\\u0000-\\u001f]{1,${max}}$`), `${what}: 1 to ${max} characters, no colon`, example);
export const secretKey = secretPart("a key of the secret's JSON object", 512, "url");
/** Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
export const versionStage = secretPart("a version's staging label", 256, "AWSCURRENT");
/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const bucketName = text(
  /^(?=.{3,63}$)(?!xn--|sthree-|amzn-s3-demo-)(?!\d+\.\d+\.\d+\.\d+$)(?!.*(\.\.|-s3alias$|--ol-s3$|\.mrap$|--x-s3$|--table-s3$))[a-z0-9][a-z0-9.-]*[a-z0-9]$/,
  "an S3 bucket name: 3 to 63 lower-case letters, digits, dots and hyphens, none of the forms that S3 reserves",
  "acme-terraform-state",
);
/** Sources: https://developer.hashicorp.com/terraform/language/backend/s3, https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
export const stateKey = text(
  /^(?!\/)[^\u0000-\u001f]{0,1023}[^/\u0000-\u001f]$/,
  'a key inside the bucket such as "elixir-cluster/prod.tfstate", no slash at its start or end',
  "elixir-cluster/prod.tfstate",
);
const keyAlias = "alias/[a-zA-Z0-9/_-]+";
/** Source: https://developer.hashicorp.com/terraform/language/backend/s3#kms_key_id */
export const kmsKeyId = text(
  new RegExp(
    `^(${arnPrefix}:kms:${regionAndAccount}:(key/[a-zA-Z0-9-]+|${keyAlias})|${keyAlias}|mrk-[a-f0-9]{32}|[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12})$`,
  ),
  'a KMS key\'s id, its ARN, or an alias such as "alias/terraform-state"',
  "alias/terraform-state",
);
/** Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
export const dynamodbTable = text(
  /^[A-Za-z0-9_.-]{3,255}$/,
  "a DynamoDB table's name: 3 to 255 letters, digits and _ . -",
  "terraform-locks",
);
/** Source: https://developer.hashicorp.com/terraform/cloud-docs/workspaces/create */
export const cloudName = (what: string, example: string) =>
  text(/^[A-Za-z0-9_-]{1,90}$/, `${what}: 1 to 90 letters, digits, - and _`, example);
/** Source: https://developer.hashicorp.com/terraform/cloud-docs/api-docs/organization-tags */
export const workspaceTag = text(
  /^[A-Za-z0-9_:-]{1,255}$/,
  "a workspace tag: 1 to 255 letters, digits and : - _",
  "elixir-cluster",
);

const component = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?";
const registry = `(localhost|${component}(\\.${component})+|${component}(\\.${component})*:[0-9]+|\\[[0-9a-fA-F:]+\\](:[0-9]+)?)`;
const repository = "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*";
/**
 * The first part is a registry when it has a dot or a port, as in Docker.
 * Source: https://github.com/distribution/reference/blob/main/reference.go
 */
export const imageUri = text(
  new RegExp(
    `^(${registry}/)?${repository}(/${repository})*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$`,
  ),
  'an image such as "123456789012.dkr.ecr.eu-west-1.amazonaws.com/myapp@sha256:…" (64 hexadecimal digits) or "…/myapp:1.4.2"',
  "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:1.4.2",
);
/** Source: https://developer.hashicorp.com/terraform/language/values/variables */
export const variableName = text(
  /^(?!(source|version|providers|count|for_each|lifecycle|depends_on|locals)$)[A-Za-z_][A-Za-z0-9_-]*$/,
  "a Terraform variable's name: letters, digits, _ and -, starting with a letter, none of Terraform's own such as version",
  "shop_image",
);
/** Source: https://developer.hashicorp.com/terraform/language/expressions/version-constraints */
export const versionConstraint = text(
  /^ *(=|!=|>=?|<=?|~>)? *\d+(\.\d+){0,2}(-[0-9A-Za-z.]+)?( *, *(=|!=|>=?|<=?|~>)? *\d+(\.\d+){0,2}(-[0-9A-Za-z.]+)?)* *$/,
  'a Terraform version constraint such as "~> 6.25"',
  "~> 6.25",
);
export const environmentVariable = text(
  /^[A-Za-z_][A-Za-z0-9_]{0,254}$/,
  "an environment variable's name: letters, digits and underscores",
  "LOG_LEVEL",
);
/** It is put into a shell command: nothing in it may mean something there. Source: RFC 3986, section 3.3 */
export const httpPath = text(
  /^\/[A-Za-z0-9._~%:@+,=/?-]*$/,
  'a path such as "/health": letters, digits and - . _ ~ % : @ + , = / ?',
  "/healthz",
);

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html */
export const iamAction = text(
  /^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$/,
  'an IAM action such as "s3:GetObject", "s3:Get*" or "*"',
  "s3:GetObject",
);
/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
export const iamResource = text(
  /^(\*|arn:[^:]+:[^:]+:[^:]*:[^:]*:.+)$/,
  'an ARN such as "arn:aws:s3:::my-bucket/*", or "*"',
  "arn:aws:s3:::my-bucket/*",
);

/** The tags of a resource: IAM's rules, the strictest of all. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules_creating */
export const tagKey = text(
  /^(?![aA][wW][sS]:)[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/u,
  'a tag\'s key: 1 to 128 letters, digits, spaces and _ . : / = + @ -, not beginning with "aws:"',
  "team",
);
export const tagValue = text(
  /^[\p{L}\p{Z}\p{N}_.:/=+@-]{0,256}$/u,
  "a tag's value: up to 256 letters, digits, spaces and _ . : / = + @ -",
  "platform",
);
/** Tags to look for may be AWS's own. Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions */
export const anyTagKey = text(/^.{1,128}$/, "a tag's key: 1 to 128 characters", "Name");
export const anyTagValue = text(/^.{0,256}$/, "a tag's value: text of up to 256 characters", "prod");

const network = 'a network such as "10.0.0.0/16" or "2001:db8::/32", with no bit set beyond its prefix';
export const cidr = text(/^[0-9a-fA-F.:]+\/\d{1,3}$/, network, "10.0.0.0/16").refine(isNetworkAddress, {
  error: network,
});
export const port = wholeNumber(1, maxPort).meta({ examples: [443] });
/** The longest path that Linux takes. Source: https://man7.org/linux/man-pages/man7/path_resolution.7.html */
export const filePath = (what: string, example: string) =>
  text(/^(?=.*\S)[^\u0000-\u001f]{1,4095}$/, `${what}, at most 4095 characters`, example);
export const anyText = allowing(z.string({ error: "text, in quotes" }), "text, in quotes").meta({ examples: ["info"] });
