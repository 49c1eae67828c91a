import { isConfigured } from "../read/configured";
import type { Resource, Resources } from "../read/resources";
import { blocks, isReference, list, openBlocks, text, type Reference, type Value, type Values } from "../read/value";

/** The CIDRs of a prefix list where the plan shows them all; `undefined` where it doesn't. */
export function prefixListCidrs(value: Reference | string, resources: Resources): readonly string[] | undefined {
  const managed = resources.named(value, "aws_ec2_managed_prefix_list");
  if (managed) return managedCidrs(managed, resources);
  const data = resources.named(value, "data.aws_ec2_managed_prefix_list");
  if (data)
    return data.values.entries === undefined || openBlocks(data.values.entries)
      ? undefined
      : allKnown(blocks(data.values.entries).map(({ cidr }) => text(cidr)));
  // AWS's own lists (S3, DynamoDB …) hold public addresses of AWS.
  const own = resources.named(value, "data.aws_prefix_list");
  return own && Array.isArray(own.values.cidr_blocks)
    ? allKnown(list(own.values.cidr_blocks).members.map((cidr) => (typeof cidr === "string" ? cidr : undefined)))
    : undefined;
}

function managedCidrs(managed: Resource, resources: Resources): readonly string[] | undefined {
  const separate = resources.of("aws_ec2_managed_prefix_list_entry");
  const mine = separate.filter((entry) => listOf(entry, resources) === managed);
  // An entry of an unknown list may be one of this list's.
  if (separate.some((entry) => listOf(entry, resources) === undefined && !isKnown(entry.values.prefix_list_id)))
    return undefined;
  const entries = managed.values.entry;
  const own = isConfigured(managed, "entry") ? blocks(entries) : unclaimed(managed, resources);
  // Terraform takes a list with entries of its own for the whole: without any, and without a dynamic block, it has none.
  const unrecorded = isConfigured(managed, "entry") || mine.length === 0 ? openBlocks(entries) : undefined;
  return unrecorded ? undefined : allKnown([...own, ...mine.map(({ values }) => values)].map(({ cidr }) => text(cidr)));
}

function listOf({ values }: Resource, resources: Resources): Resource | undefined {
  return resources.named(values.prefix_list_id, "aws_ec2_managed_prefix_list");
}

function isKnown(value: Value | undefined): boolean {
  return typeof value === "string" || isReference(value);
}

/** Entries in the state that no entry resource made: added outside this configuration, and left alone by it. */
function unclaimed({ values, before }: Resource, resources: Resources): readonly Values[] {
  const claimed = new Set(
    [...resources.all(), ...resources.destroyed].flatMap(({ type, before: entry }) =>
      type === "aws_ec2_managed_prefix_list_entry" && entry?.prefix_list_id === before?.id ? [entry?.cidr] : [],
    ),
  );
  return blocks(values.entry).filter(({ cidr }) => !claimed.has(cidr));
}

function allKnown(cidrs: readonly (string | undefined)[]): readonly string[] | undefined {
  return cidrs.includes(undefined) ? undefined : (cidrs as string[]);
}
