import type { Input } from "./input";
import { dig, isObject, type Json } from "./traversal";

/** Where the AWS provider creates resources; what isn't known is absent. */
export interface Place {
  readonly region?: string;
  /** Id of the AWS account. */
  readonly account?: string;
}

/** What the configuration of the only AWS provider sets. With several, no resource of a plan says which one it has. */
export function placeOfProvider({ plan, synthesized }: Pick<Input, "plan" | "synthesized">): Place {
  const { arguments: values, variables } = synthesized
    ? { arguments: only(synthesizedProviders(synthesized.provider)), variables: new Map<string, unknown>() }
    : {
        arguments: planArguments(only(planProviders(plan?.configuration?.provider_config))),
        variables: new Map(Object.entries(plan?.variables ?? {}).map(([name, { value }]) => [`var.${name}`, value])),
      };
  const known = (value: unknown) => (typeof value === "string" ? (variables.get(value) ?? value) : value);
  const region = known(values?.region);
  const accounts = [known(values?.allowed_account_ids)].flat();
  const account: unknown = accounts.length === 1 ? known(accounts[0]) : undefined;
  return {
    ...(typeof region === "string" && /^[a-z-]+-\d+$/.test(region) && { region }),
    ...(typeof account === "string" && /^\d{12}$/.test(account) && { account }),
  };
}

const only = <T>(providers: readonly T[]): T | undefined => (providers.length === 1 ? providers[0] : undefined);

function synthesizedProviders(provider: unknown): readonly Json[] {
  return [dig(provider, ["aws"])].flat().filter(isObject);
}

function planProviders(config: Json | undefined): readonly unknown[] {
  return Object.values(config ?? {}).filter((each) => dig(each, ["name"]) === "aws");
}

/** Constants, and the variable that an argument is. */
function planArguments(provider: unknown): Json | undefined {
  const expressions = dig(provider, ["expressions"]);
  if (!isObject(expressions)) return undefined;
  const entries = Object.entries(expressions).map(([name, expression]) => [
    name,
    dig(expression, ["constant_value"]) ?? dig(expression, ["references", { index: 0 }]),
  ]);
  return Object.fromEntries(entries) as Json;
}
