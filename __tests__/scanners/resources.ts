/** A resource of synthesized Terraform JSON: its attributes. */
export type Resource = Readonly<Record<string, unknown>>;

/** All resources of one stack, by type. */
export type Resources = Readonly<Record<string, readonly Resource[]>>;

type Json = Readonly<Record<string, unknown>>;

/** A block that occurs at most once, which Terraform's JSON has as an object or as a list. */
export const block = (value: unknown): Json => ((Array.isArray(value) ? value[0] : value) ?? {}) as Json;

/** The containers of a task definition. */
export const containers = ({ container_definitions: json }: Resource): Json[] => JSON.parse(json as string) as Json[];

interface Statement {
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: string | string[];
  readonly Resource?: string | string[];
  readonly Condition?: unknown;
}

/** The statements of a policy. */
export const statements = (policy: unknown): Statement[] =>
  (JSON.parse(policy as string) as { Statement: Statement[] }).Statement;

export const listOf = (value: string | string[] | undefined): string[] => [value ?? []].flat();
