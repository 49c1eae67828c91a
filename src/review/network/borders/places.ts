import { type Ipv4Range, parseIpv4Range } from "../../../aws/network/ipv4";
import type { Resource, Resources } from "../../read/resources";
import { text, type Value } from "../../read/value";

/** A subnet that tasks run in, as far as the plan shows it. */
export interface Place {
  /** What the report calls it. */
  readonly name: string;
  /** Absent where it is only an id. */
  readonly subnet?: Resource;
  /** VPC, by id or address. */
  readonly vpc: string | undefined;
  /** Empty where its CIDR isn't known. */
  readonly ranges: readonly Ipv4Range[];
}

export function placeOf(member: Value, resources: Resources): Place | undefined {
  const subnet = resources.named(member, "aws_subnet", "data.aws_subnet");
  if (!subnet) return typeof member === "string" ? { name: member, vpc: undefined, ranges: [] } : undefined;
  const range = parseIpv4Range(text(subnet.values.cidr_block) ?? "");
  return {
    name: subnet.address,
    subnet,
    vpc: vpcKey(subnet.values.vpc_id, resources),
    ranges: range ? [range] : [],
  };
}

/** What tells one VPC from another: its id where that is known, else its address. */
export function vpcKey(value: Value | undefined, resources: Resources): string | undefined {
  const named = resources.named(value, "aws_vpc", "data.aws_vpc");
  const id = named?.values.id ?? value;
  return typeof id === "string" ? id : named?.address;
}

/** The VPC's own resource, where this plan creates or changes it. */
export function vpcResource(subnet: Resource, resources: Resources): Resource | undefined {
  return resources.named(subnet.values.vpc_id, "aws_vpc");
}

/** Whether a value is an attribute of a resource: a reference to it, or its known text. */
export function isAttribute(value: Value | undefined, resource: Resource, attribute: string): boolean {
  if (typeof value === "string") return value === text(resource.values[attribute]);
  return (
    typeof value === "object" &&
    value !== null &&
    "address" in value &&
    value.address === resource.address &&
    (value.attribute === attribute || value.attribute === "")
  );
}
