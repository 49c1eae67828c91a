import type { Resource, Resources } from "../../read/resources";
import { block, blocks, flag, isUnknown, openBlocks, text, type Value } from "../../read/value";
import type { Stack } from "../../read/stack";

/** The bucket that holds Terraform's state, by the backend's name for it or by its own. */
export function stateBuckets({ resources, s3Backend }: Stack): readonly Resource[] {
  const named = text(s3Backend?.bucket as Value | undefined);
  return resources.of("aws_s3_bucket").filter(({ address, values }) => {
    const bucket = text(values.bucket);
    return (
      (named !== undefined && bucket === named) ||
      /tf-?state|terraform-?state|state[-_]?bucket|[-_.]state\b/i.test(bucket ?? address)
    );
  });
}

/** Whether a resource of `type` for this bucket exists and satisfies `is`; `undefined` where it can't be told. */
export function bucketHas(
  bucket: Resource,
  type: string,
  resources: Resources,
  is: (values: Resource["values"]) => boolean | undefined,
): boolean | undefined {
  const all = resources.of(type);
  const mine = all.filter(({ values }) => sameBucket(values.bucket, bucket, resources));
  // One for a bucket that isn't known before apply may be for this one.
  const others = all.filter(({ values }) => isUnknown(values.bucket) && !mine.some((one) => one.values === values));
  if (mine.some(({ values }) => is(values))) return true;
  return others.length > 0 || mine.some(({ values }) => is(values) === undefined) ? undefined : false;
}

function sameBucket(value: Value | undefined, bucket: Resource, resources: Resources): boolean {
  if (resources.named(value, "aws_s3_bucket") === bucket) return true;
  return typeof value === "string" && value === text(bucket.values.bucket);
}

export function isVersioned(values: Resource["values"]): boolean | undefined {
  if (openBlocks(values.versioning_configuration)) return undefined;
  const config = block(values.versioning_configuration);
  return isUnknown(config?.status) ? undefined : config?.status === "Enabled";
}

export function blocksPublic(values: Resource["values"]): boolean | undefined {
  const settings = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];
  if (settings.every((name) => flag(values[name]) === true)) return true;
  const may = settings.every((name) => flag(values[name]) === true || isUnknown(values[name]));
  return may ? undefined : false;
}

export function encrypts(values: Resource["values"]): boolean | undefined {
  if (blocks(values.rule).length > 0) return true;
  return openBlocks(values.rule) ? undefined : false;
}

/** A policy that denies what doesn't come over TLS. */
export function deniesPlainHttp(values: Resource["values"]): boolean | undefined {
  const policy = text(values.policy);
  return policy === undefined
    ? undefined
    : /"aws:SecureTransport"\s*:\s*\[?\s*"?false/i.test(policy) && /"Effect"\s*:\s*"Deny"/.test(policy);
}
