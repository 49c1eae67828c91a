import { z } from "zod";
import { closest, distance } from "fastest-levenshtein";

/** A message of this schema says what is *allowed*; `problems.ts` puts the path and what stood there in front. */
const text = (pattern: RegExp, allowed: string) => z.string({ error: allowed }).regex(pattern, { error: allowed });

/** A whole number in a range, both ends allowed. */
export const wholeNumber = (from: number, to: number, unit = "") => {
  const allowed = `a whole number from ${from} to ${to}${unit && ` (${unit})`}`;
  return z.int({ error: allowed }).min(from, { error: allowed }).max(to, { error: allowed });
};

/** The key in `allowed` that somebody who wrote `key` may have meant; `undefined` when none is near. */
export function nearest(key: string, allowed: readonly string[]): string | undefined {
  if (allowed.length === 0) return undefined;
  const candidate = closest(key, [...allowed]);
  return distance(key.toLowerCase(), candidate.toLowerCase()) <= Math.max(2, key.length / 3) ? candidate : undefined;
}

/** One of a few words. */
export const oneOf = <const Words extends readonly [string, ...string[]]>(...words: Words) =>
  z.enum(words, { error: words.map((word) => `"${word}"`).join(" or ") });

/** An object with these keys and no others. For a key it doesn't know, the message is the list of those it does. */
export const object = <Shape extends z.core.$ZodShape>(shape: Shape) => {
  const keys = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: ({ code }) => (code === "unrecognized_keys" ? keys : `an object with the keys ${keys}`),
  });
};

type Choice<Shape extends z.core.$ZodShape> = {
  [Key in keyof Shape]: { readonly [K in Key]: z.output<Shape[Key]> };
}[keyof Shape];

/** A tagged choice: an object with exactly one of these keys. */
export const choice = <Shape extends z.core.$ZodShape>(shape: Shape) => {
  const keys = Object.keys(shape);
  const allowed = `an object with exactly one of the keys ${keys.join(", ")}`;
  return object(shape)
    .partial()
    .refine((value) => Object.values(value).filter((entry) => entry !== undefined).length === 1, { error: allowed })
    .meta({ minProperties: 1, maxProperties: 1 }) as unknown as z.ZodType<Choice<Shape>>;
};

/** A map from names to values; `name` says what a name may look like. */
export const mapOf = <Value extends z.ZodType>(name: z.ZodType<string>, value: Value) =>
  z.record(name as z.ZodString, value, { error: "an object" });

export const region = text(/^[a-z]{2,4}(-[a-z]+)+-\d$/, 'an AWS region such as "eu-west-1"');
export const vpcId = text(/^vpc-([0-9a-f]{8}|[0-9a-f]{17})$/, '"vpc-" and 8 or 17 hexadecimal digits');
export const subnetId = text(/^subnet-([0-9a-f]{8}|[0-9a-f]{17})$/, '"subnet-" and 8 or 17 hexadecimal digits');
export const securityGroupId = text(/^sg-([0-9a-f]{8}|[0-9a-f]{17})$/, '"sg-" and 8 or 17 hexadecimal digits');

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html (serviceName), RFC 1123 for the DNS name made of it. */
export const dnsLabel = text(
  /^(?=.{1,63}$)[a-z]([a-z0-9-]*[a-z0-9])?$/,
  "a DNS label: 1 to 63 lower-case letters, digits and hyphens, starting with a letter, no hyphen at its end",
);
export const dnsName = text(
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/,
  'a DNS name of lower-case labels such as "organization.local"',
);
export const environmentName = text(
  /^(?=.{1,32}$)[a-z]([a-z0-9-]*[a-z0-9])?$/,
  "1 to 32 lower-case letters, digits and hyphens, starting with a letter, no hyphen at its end",
);
export const ecsClusterName = text(/^[A-Za-z0-9_-]{1,255}$/, "1 to 255 letters, digits, hyphens and underscores");

/** The left side of an Erlang node's name. Source: https://hexdocs.pm/mix/Mix.Tasks.Release.html */
export const releaseName = text(
  /^[a-z][a-z0-9_]{0,62}$/,
  "a release name: 1 to 63 lower-case letters, digits and underscores, starting with a letter",
);
export const nodeAddress = text(
  /^[a-z][a-z0-9_]{0,62}@[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
  '"basename@dns-name" such as "billing@billing.other.local"',
);
export const arn = (service: string, example: string) =>
  text(new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]*:\\d{12}:.+$`), `an ARN such as "${example}"`);
export const roleArn = text(
  /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
  'a role ARN such as "arn:aws:iam::123456789012:role/terraform"',
);

/** Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html */
export const ssmParameter = text(
  /^(?=.{1,1011}$)(?!\/?(aws|ssm)\b)(\/[A-Za-z0-9_.-]+){1,15}$|^(?!(aws|ssm))[A-Za-z0-9_.-]{1,1011}$/i,
  'an SSM parameter name such as "/my-org/prod/release-cookie": letters, digits and _ . - in at most 15 levels, not starting with aws or ssm',
);
/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const bucketName = text(
  /^(?=.{3,63}$)(?!xn--|\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]*[a-z0-9]$/,
  "an S3 bucket name: 3 to 63 lower-case letters, digits, dots and hyphens",
);
export const stateKey = text(/^[^/].*[^/]$/, 'a key inside the bucket such as "elixir-cluster/prod.tfstate"');
export const imageUri = text(
  /^[a-z0-9]([a-z0-9._:-]*[a-z0-9])?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/,
  'an image such as "123456789012.dkr.ecr.eu-west-1.amazonaws.com/myapp@sha256:…" or "…/myapp:1.4.2"',
);
export const variableName = text(
  /^[a-z][a-z0-9_]{0,62}$/,
  "a Terraform variable name: lower-case letters, digits and underscores",
);
export const environmentVariable = text(
  /^[A-Za-z_][A-Za-z0-9_]{0,254}$/,
  "an environment variable's name: letters, digits and underscores",
);
export const cidr = z.union([z.cidrv4(), z.cidrv6()], { error: 'a CIDR such as "10.0.0.0/16" or "2001:db8::/32"' });
export const filledText = (what: string) => text(/\S/, what);
export const port = wholeNumber(1, 65535);
