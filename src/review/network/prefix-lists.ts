import type { Resources } from "../read/resources";
import { blocks, list, text, type Reference } from "../read/value";

/** The CIDRs of a prefix list where the plan shows them all; `undefined` where it doesn't. */
export function prefixListCidrs(value: Reference | string, resources: Resources): readonly string[] | undefined {
  const managed = resources.named(value, "aws_ec2_managed_prefix_list");
  if (managed) {
    const separate = resources
      .of("aws_ec2_managed_prefix_list_entry")
      .filter(
        ({ values }) =>
          resources.named(values.prefix_list_id as Reference | string, "aws_ec2_managed_prefix_list") === managed,
      )
      .map(({ values }) => text(values.cidr));
    return allKnown([...blocks(managed.values.entry).map(({ cidr }) => text(cidr)), ...separate]);
  }
  const data = resources.named(value, "data.aws_ec2_managed_prefix_list");
  if (data)
    return data.values.entries === undefined
      ? undefined
      : allKnown(blocks(data.values.entries).map(({ cidr }) => text(cidr)));
  // AWS's own lists (S3, DynamoDB …) hold public addresses of AWS.
  const own = resources.named(value, "data.aws_prefix_list");
  return own && Array.isArray(own.values.cidr_blocks)
    ? allKnown(list(own.values.cidr_blocks).members.map((cidr) => (typeof cidr === "string" ? cidr : undefined)))
    : undefined;
}

function allKnown(cidrs: readonly (string | undefined)[]): readonly string[] | undefined {
  return cidrs.includes(undefined) ? undefined : (cidrs as string[]);
}
