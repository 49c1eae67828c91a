/** The parts of `terraform show -json` that the review reads. Source: https://developer.hashicorp.com/terraform/internals/json-format */
export interface PlanJson {
  readonly format_version: string;
  readonly terraform_version?: string;
  readonly errored?: boolean;
  readonly variables?: Readonly<Record<string, { readonly value?: unknown }>>;
  readonly resource_changes?: readonly ResourceChange[];
  /** Terraform 1.14 and later: actions that apply runs with its changes, or alone with `-invoke`. */
  readonly action_invocations?: readonly ActionInvocation[];
  readonly output_changes?: Readonly<Record<string, unknown>>;
  readonly configuration?: { readonly root_module?: ConfiguredModule };
  readonly prior_state?: { readonly values?: { readonly root_module?: StateModule } };
}

export type Action = "create" | "read" | "update" | "delete" | "no-op" | "forget";

export interface ResourceChange {
  readonly address: string;
  readonly previous_address?: string;
  readonly module_address?: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly index?: string | number;
  readonly deposed?: string;
  readonly action_reason?: string;
  readonly change: {
    readonly actions: readonly Action[];
    readonly before?: unknown;
    readonly after?: unknown;
    readonly after_unknown?: unknown;
    readonly before_sensitive?: unknown;
    readonly after_sensitive?: unknown;
    readonly replace_paths?: readonly (readonly (string | number)[])[];
    readonly importing?: unknown;
  };
}

export interface ActionInvocation {
  readonly address: string;
  readonly type?: string;
  readonly lifecycle_action_trigger?: {
    readonly triggering_resource_address?: string;
    readonly action_trigger_event?: string;
  };
}

export interface StateModule {
  readonly resources?: readonly StateResource[];
  readonly child_modules?: readonly StateModule[];
}

export interface StateResource {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly index?: string | number;
  readonly values?: unknown;
  readonly sensitive_values?: unknown;
}

export interface ConfiguredModule {
  readonly resources?: readonly ConfiguredResource[];
  readonly module_calls?: Readonly<Record<string, ModuleCall>>;
  readonly outputs?: Readonly<Record<string, { readonly expression?: Expression }>>;
  readonly variables?: Readonly<Record<string, { readonly default?: unknown }>>;
}

export interface ConfiguredResource {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly expressions?: Readonly<Record<string, unknown>>;
  readonly for_each_expression?: Expression;
  readonly count_expression?: Expression;
}

export interface ModuleCall {
  readonly module?: ConfiguredModule;
  readonly expressions?: Readonly<Record<string, Expression>>;
  readonly for_each_expression?: Expression;
  readonly count_expression?: Expression;
}

export interface Expression {
  readonly constant_value?: unknown;
  readonly references?: readonly string[];
}
