/** What another resource will give: `attribute` of the instance at `address`, known after apply only. */
export class Reference {
  constructor(
    readonly address: string,
    /** Path of the attribute such as `id`; empty when a plan names the resource alone, as for `aws_x.y[each.key].id`. */
    readonly attribute: string,
  ) {}
}

/** A value that is unknown before apply. It is never replaced by a guess. */
export class Unknown {
  constructor(
    /** Why, as the end of a sentence: `"set by AWS"`. */
    readonly because: string,
    /** What the value may be made of; `undefined` where that is unknown too. */
    readonly candidates?: readonly (Reference | string)[],
    /** Whether the value, being a list, has all candidates as its members. */
    readonly all = false,
  ) {}
}

/** What the configuration doesn't set. */
export const setByAws = new Unknown("set by AWS at apply");

/** A value in a `dynamic` block, or a list of blocks that one creates: a plan's configuration leaves these blocks out. */
export const byDynamicBlock = new Unknown("a dynamic block sets it, and plans don't record dynamic blocks");

export type Value =
  null | boolean | number | string | Reference | Unknown | readonly Value[] | { readonly [key: string]: Value };
export type Values = Readonly<Record<string, Value>>;

export function isReference(value: unknown): value is Reference {
  return value instanceof Reference;
}

export function isUnknown(value: unknown): value is Unknown {
  return value instanceof Unknown;
}

/** Whether an attribute has no value. A refresh writes "" where the configuration sets no text. */
export function isAbsent(value: Value | undefined): value is undefined | null | "" {
  return value === undefined || value === null || value === "";
}

/** Known text; `undefined` for everything else. */
export function text(value: Value | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A known number, even where the provider keeps it as text (`cpu = "512"`). */
export function number(value: Value | undefined): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

/** A known flag, also as text. */
export function flag(value: Value | undefined): boolean | undefined {
  if (typeof value === "boolean") return value;
  return value === "true" ? true : value === "false" ? false : undefined;
}

/** Blocks of a resource: a list in a plan, one object or a list in Terraform JSON. */
export function blocks(value: Value | undefined): readonly Values[] {
  if (Array.isArray(value)) return value.filter(isBlock);
  return value !== undefined && isBlock(value) ? [value] : [];
}

/** The first block of that name. */
export function block(value: Value | undefined): Values | undefined {
  return blocks(value)[0];
}

/**
 * What isn't known of some blocks: all of them, or one among them, as a `dynamic` block makes them. AWS sets no blocks, save
 * those that `isConfigured` tells apart.
 */
export function openBlocks(value: Value | undefined): Unknown | undefined {
  const all = Array.isArray(value) ? (value as readonly Value[]) : [value];
  const open = all.find((entry) => isUnknown(entry) || isReference(entry));
  if (isReference(open)) return new Unknown(`it comes from ${open.address}`);
  return open === setByAws ? byDynamicBlock : (open as Unknown | undefined);
}

function isBlock(value: Value): value is Values {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !isReference(value) && !isUnknown(value)
  );
}

export interface List {
  /** Members that are surely in the list. */
  readonly members: readonly (Reference | string)[];
  /** Why more or other members are possible; `undefined` for a list known in full. */
  readonly open?: Unknown;
}

/** A list of identities such as security-group ids, with what isn't known of it. */
export function list(value: Value | undefined): List {
  if (isAbsent(value)) return { members: [] };
  if (isUnknown(value))
    return value.all && value.candidates ? { members: value.candidates } : { members: [], open: value };
  if (typeof value === "string" || isReference(value)) return { members: [value] };
  if (!Array.isArray(value)) return { members: [] };
  const lists = (value as readonly Value[]).map(list);
  const open = lists.find((entry) => entry.open)?.open;
  return { members: lists.flatMap((entry) => entry.members), ...(open && { open }) };
}

/** A list's members, or what isn't a list as one: a plan has a list where Terraform JSON may have its only member. */
export function listed(value: Value | undefined): readonly Value[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as readonly Value[]) : [value];
}
