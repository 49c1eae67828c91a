import {
  paginateDescribeSecurityGroupRules,
  paginateGetManagedPrefixListEntries,
  type SecurityGroupRule,
} from "@aws-sdk/client-ec2";
import { batches } from "./batches";
import type { Aws } from "./clients";

/** Values that one filter takes. Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
export const maxFilterValues = 200;

/** A rule of a security group, with the CIDRs of its prefix list. */
export interface RuleWithEntries extends SecurityGroupRule {
  readonly entries: readonly string[];
}

/** The rules of security groups. */
export async function groupRules(
  { ec2: client }: Pick<Aws, "ec2">,
  groupIds: readonly string[],
): Promise<RuleWithEntries[]> {
  const rules: SecurityGroupRule[] = [];
  for (const Values of batches(groupIds, maxFilterValues)) {
    const request = { Filters: [{ Name: "group-id", Values }] };
    for await (const page of paginateDescribeSecurityGroupRules({ client }, request))
      rules.push(...(page.SecurityGroupRules ?? []));
  }
  const lists = new Map<string, string[]>();
  for (const { PrefixListId: id } of rules) if (id && !lists.has(id)) lists.set(id, await entriesOf(client, id));
  return rules.map((rule) => ({ ...rule, entries: lists.get(rule.PrefixListId ?? "") ?? [] }));
}

async function entriesOf(client: Aws["ec2"], PrefixListId: string): Promise<string[]> {
  const cidrs: string[] = [];
  for await (const { Entries = [] } of paginateGetManagedPrefixListEntries({ client }, { PrefixListId }))
    cidrs.push(...Entries.flatMap(({ Cidr }) => Cidr ?? []));
  return cidrs;
}
