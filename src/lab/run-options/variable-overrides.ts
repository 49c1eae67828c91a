import { nearest } from "../../environment/nearest";
import { UserError } from "../../user-error";
import type { AppliedContainer } from "../control-plane/applied/task-definitions";

interface Override {
  readonly option: "--env" | "--secret";
  /** As it was given, without its value. */
  readonly name: string;
  /** Absent: every service. */
  readonly service?: string;
  readonly variable: string;
  readonly value: string;
}

type VariableNames = Pick<AppliedContainer, "environment" | "secrets">;

/**
 * Variables of containers for one run: `--env NAME=value` adds or replaces one, `--secret NAME=value` replaces the value of a
 * secret that a container has. `SERVICE.NAME=value` is for one service. Without `=value` the value is that of this process's own
 * variable, which no list of processes shows.
 */
export class VariableOverrides {
  readonly #overrides: readonly Override[];
  readonly #matched = new Set<Override>();
  readonly #services = new Set<string>();
  readonly #secrets = new Set<string>();

  /** @throws UserError when an option has another form, is given twice, or takes its value from a variable that isn't set. */
  constructor(
    { env = [], secrets = [] }: { readonly env?: readonly string[]; readonly secrets?: readonly string[] },
    ownVariables: NodeJS.ProcessEnv = process.env,
  ) {
    const all = [...env.map((text) => ["--env", text] as const), ...secrets.map((text) => ["--secret", text] as const)];
    this.#overrides = all.map(([option, text]) => parsed(option, text, ownVariables));
    const seen = new Set<string>();
    for (const { name } of this.#overrides) {
      if (seen.has(name)) throw new UserError(`--env and --secret: ${name} is given twice.`);
      seen.add(name);
    }
  }

  /** The containers of a service with its variables. What is for one service overrides what is for all. */
  applyTo(service: string, containers: readonly AppliedContainer[]): readonly AppliedContainer[] {
    this.#services.add(service);
    const all = this.#overrides.filter((each) => each.service === undefined || each.service === service);
    const own = [...all].sort((one, other) => Number(one.service !== undefined) - Number(other.service !== undefined));
    return containers.map((container) => this.#applyTo(container, own));
  }

  /** @throws UserError for options that matched nothing, with what there is. */
  check(): void {
    const unmatched = this.#overrides.find((each) => !this.#matched.has(each));
    if (!unmatched) return;
    const { option, name, service, variable } = unmatched;
    const services = [...this.#services];
    if (service !== undefined && !this.#services.has(service))
      throw new UserError(
        `${option} ${name}: there is no service "${service}"${allowed(service, services, "Services")}`,
      );
    throw new UserError(
      `${option} ${name}: no container has a secret "${variable}"${allowed(variable, [...this.#secrets], "Secrets")} --env sets any variable.`,
    );
  }

  #applyTo<Container extends VariableNames>(container: Container, overrides: readonly Override[]): Container {
    let { environment, secrets } = container;
    for (const { name } of secrets) this.#secrets.add(name);
    for (const override of overrides) {
      const { option, variable, value } = override;
      const isSecret = secrets.some(({ name }) => name === variable);
      if (option === "--env") {
        environment = { ...environment, [variable]: value };
        secrets = secrets.filter(({ name }) => name !== variable);
      } else secrets = secrets.map((secret) => (secret.name === variable ? { ...secret, given: value } : secret));
      if (option === "--env" || isSecret) this.#matched.add(override);
    }
    return { ...container, environment, secrets };
  }
}

function parsed(option: Override["option"], text: string, ownVariables: NodeJS.ProcessEnv): Override {
  const at = text.indexOf("=");
  const name = at < 0 ? text : text.slice(0, at);
  const [, service, variable] = /^(?:([\w-]+)\.)?([^.=\s]+)$/.exec(name) ?? [];
  // A secret's value must not be printed, so the message names what comes before it alone.
  if (variable === undefined)
    throw new UserError(
      `${option} ${name}: it must be NAME=value or SERVICE.NAME=value. Without =value, it takes the value of this shell's variable NAME.`,
    );
  const value = at < 0 ? ownVariables[variable] : text.slice(at + 1);
  if (value === undefined)
    throw new UserError(
      `${option} ${name}: ${variable} isn't set here, so it has no value. Set it, or give ${name}=value.`,
    );
  return { option, name, ...(service === undefined ? {} : { service }), variable, value };
}

function allowed(name: string, names: readonly string[], what: string): string {
  const suggestion = nearest(name, names);
  return `.${suggestion === undefined ? "" : ` Did you mean ${suggestion}?`} ${what} are: ${names.join(", ") || "none"}.`;
}
