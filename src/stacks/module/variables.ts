import { placeholder, withExpressions } from "../../placeholder";
import { UserError } from "../../user-error";

/** A variable of a module, as Terraform JSON has it. */
export interface ModuleVariable {
  readonly type: string;
  readonly description: string;
  readonly nullable?: boolean;
  /** Without one, a caller must set the variable. */
  readonly default?: unknown;
  readonly validation?: readonly { readonly condition: string; readonly error_message: string }[];
}

/** The variables and local values of one module. */
export class ModuleVariables {
  private readonly declared = new Map<string, ModuleVariable>();
  private readonly computed = new Map<string, string>();

  /**
   * Declares a variable.
   *
   * @returns its placeholder. @throws UserError when the module has another variable of that name.
   */
  add(name: string, variable: ModuleVariable): string {
    const known = this.declared.get(name);
    if (known && JSON.stringify(known) !== JSON.stringify(variable)) throw taken(name, known.description, variable);
    this.declared.set(name, variable);
    return placeholder(`var.${name}`);
  }

  /** A required or optional text. */
  text(name: string, description: string, value?: string, validation: ModuleVariable["validation"] = []): string {
    return this.add(name, {
      type: "string",
      description,
      nullable: false,
      ...(value === undefined ? {} : { default: value }),
      ...(validation.length > 0 ? { validation } : {}),
    });
  }

  /** A local value. @param expression without `${` and `}`. @returns its placeholder */
  local(name: string, expression: string): string {
    this.computed.set(name, withExpressions(expression));
    return placeholder(`local.${name}`);
  }

  get variables(): Readonly<Record<string, ModuleVariable>> {
    return Object.fromEntries(this.declared);
  }

  get locals(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.computed].map(([name, expression]) => [name, `\${${expression}}`]));
  }
}

/** A name as part of a variable's name. */
export const variablePart = (name: string): string => name.replace(/\W+/g, "_").toLowerCase();

/** The error about two variables of one name. */
export const taken = (name: string, described: string, { description }: ModuleVariable) =>
  new UserError(
    `The module would have two variables "${name}": "${described}" and "${description}". Rename the service, or the variable of its image.`,
  );
