import { kindOf, type Resources } from "../read/resources";
import { blocks, isReference, list, listed, openBlocks, type Value, type Values } from "../read/value";

/** One `Allow` of a policy. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly hasCondition: boolean;
  /** Whether some of its actions or resources aren't known before apply. */
  readonly open: boolean;
  /** The resource whose policy contains it. */
  readonly address: string;
}

/** What a policy allows, as far as it is known. */
export interface Policy {
  readonly statements: readonly Statement[];
  /** Whether it may allow more: a part of it isn't known before apply. */
  readonly open: boolean;
}

/** Reads a policy: its JSON, or the `aws_iam_policy_document` behind it. */
export function readPolicy(policy: Value | undefined, address: string, resources: Resources): Policy {
  if (policy === undefined || policy === null) return { statements: [], open: false };
  if (typeof policy === "string") return readDocument(policy, address);
  const document = isReference(policy) ? resources.at(policy.address) : undefined;
  if (!document || kindOf(document) !== "data.aws_iam_policy_document") return { statements: [], open: true };
  const { statement, source_policy_documents: sources, override_policy_documents: overrides } = document.values;
  const own = blocks(statement);
  // An override replaces statements with the same sid.
  const { members, open } = list(overrides);
  const others = listed(sources).map((source) => readPolicy(source, address, resources));
  return {
    statements: [...others.flatMap((other) => other.statements), ...own.filter(allows).map(fromBlock(address))],
    open:
      openBlocks(statement) !== undefined ||
      own.some(isOpen) ||
      others.some((other) => other.open) ||
      open !== undefined ||
      members.length > 0,
  };
}

function allows({ effect }: Values): boolean {
  return (effect ?? "Allow") === "Allow";
}

/** Whether a statement may allow more than is known of it. */
function isOpen({ effect, actions, not_actions }: Values): boolean {
  const known = effect === undefined || effect === null || typeof effect === "string";
  return !known || [actions, not_actions].some((value) => list(value).open ?? list(value).members.some(isReference));
}

function fromBlock(address: string): (statement: Values) => Statement {
  return (statement) => ({
    actions: anyBut(list(statement.not_actions).members) ?? list(statement.actions).members.map(name),
    resources: anyBut(list(statement.not_resources).members) ?? list(statement.resources).members.map(name),
    // One that isn't known may be there.
    hasCondition: blocks(statement.condition).length > 0 || openBlocks(statement.condition) !== undefined,
    open: [statement.actions, statement.resources].some((value) => list(value).open !== undefined),
    address,
  });
}

function name(member: ReturnType<typeof list>["members"][number]): string {
  return isReference(member) ? `\${${member.address}.${member.attribute}}` : member;
}

function readDocument(source: string, address: string): Policy {
  try {
    const document = JSON.parse(source) as { Statement?: unknown } | null;
    const statements = Array.isArray(document?.Statement) ? document.Statement : [document?.Statement];
    return {
      statements: statements.filter(isAllow).map((statement) => ({
        actions: anyBut(texts(statement.NotAction)) ?? texts(statement.Action),
        resources: anyBut(texts(statement.NotResource)) ?? texts(statement.Resource),
        hasCondition: statement.Condition !== undefined,
        open: false,
        address,
      })),
      open: false,
    };
  } catch {
    return { statements: [], open: true };
  }
}

/** All but a few is taken for all: nobody lists what matters there. */
function anyBut(few: readonly unknown[]): readonly string[] | undefined {
  return few.length > 0 ? ["*"] : undefined;
}

function isAllow(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && (value as { Effect?: unknown }).Effect === "Allow";
}

function texts(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((entry): entry is string => typeof entry === "string");
}
