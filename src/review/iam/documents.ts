import { kindOf, type Resources } from "../read/resources";
import { isObject } from "../read/traversal";
import { blocks, isReference, list, listed, openBlocks, text, type Value, type Values } from "../read/value";
import type { Condition } from "./conditions";

/** One `Allow` of a policy. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** All of them must hold; `undefined` where they aren't known before apply. */
  readonly conditions: readonly Condition[] | undefined;
  /** The AWS services that a trust policy names; `*` where it names anyone. */
  readonly services: readonly string[];
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
    conditions: conditionsOfBlocks(statement),
    services: servicesOfBlocks(statement),
    open: [statement.actions, statement.resources].some((value) => list(value).open !== undefined),
    address,
  });
}

function conditionsOfBlocks({ condition }: Values): readonly Condition[] | undefined {
  if (openBlocks(condition) !== undefined) return undefined;
  const conditions = blocks(condition).map(({ test, variable, values }) => {
    const { members, open } = list(values);
    const [operator, key] = [text(test), text(variable)];
    return open || operator === undefined || key === undefined
      ? undefined
      : { operator, key, values: members.map(name) };
  });
  return conditions.every((each) => each !== undefined) ? conditions : undefined;
}

/** One that isn't known may be any. */
function servicesOfBlocks({ principals, not_principals: others }: Values): readonly string[] {
  if (openBlocks(principals) !== undefined || listed(others).length > 0) return ["*"];
  return blocks(principals).flatMap(({ type, identifiers }) => {
    const { members, open } = list(identifiers);
    if (open || members.some(isReference) || text(type) === undefined) return ["*"];
    return type === "Service" || members.includes("*") ? members.map(name) : [];
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
        conditions: conditionsOf(statement.Condition),
        services: servicesOf(statement),
        open: false,
        address,
      })),
      open: false,
    };
  } catch {
    return { statements: [], open: true };
  }
}

function conditionsOf(condition: unknown): readonly Condition[] | undefined {
  if (condition === undefined || condition === null) return [];
  if (!isObject(condition)) return undefined;
  const operators = Object.entries(condition);
  if (!operators.every(([, keys]) => isObject(keys) && Object.values(keys).flat().every(isText))) return undefined;
  return operators.flatMap(([operator, keys]) =>
    Object.entries(keys as Record<string, unknown>).map(([key, values]) => ({
      operator,
      key,
      values: [values].flat().map(String),
    })),
  );
}

const isText = (value: unknown) => typeof value === "string" || typeof value === "boolean";

function servicesOf({ Principal, NotPrincipal }: Readonly<Record<string, unknown>>): readonly string[] {
  if (NotPrincipal !== undefined || Principal === "*") return ["*"];
  if (!isObject(Principal)) return [];
  return texts(Principal.AWS).includes("*") ? ["*"] : texts(Principal.Service);
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
