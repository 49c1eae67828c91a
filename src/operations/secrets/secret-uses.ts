import { type DeployedEnvironment, type DeployedService, readEnvironments } from "../deployed-environment";

/** One variable that a parameter's value goes into. */
export interface SecretUse {
  readonly environment: DeployedEnvironment;
  readonly variable: string;
  readonly service: DeployedService;
  /** ARN of the customer key that this use names. */
  readonly kmsKeyArn: string | undefined;
}

/** An SSM parameter that an environment needs, with everything in the file that reads it. Its value is in none of this. */
export interface Secret {
  /** Name of the SSM parameter. */
  readonly parameter: string;
  /** In the environment itself, and in the file's others of the same region: one parameter has one value for all of them. */
  readonly uses: readonly SecretUse[];
  /** The environment variables that containers get it as, each once. */
  readonly variables: readonly string[];
  /** What the uses name as its key, each once: `undefined` for the account's default key. */
  readonly kmsKeyArns: readonly (string | undefined)[];
}

const cookie = "RELEASE_COOKIE";

/** Every secret that the services of an environment get, each parameter once. */
export function secretsOf(environment: DeployedEnvironment): Secret[] {
  const { name, file, options } = environment;
  const others = readEnvironments(file).filter((one) => one.name !== name && one.options.region === options.region);
  const own = usesIn(environment);
  const all = [...own, ...others.flatMap(usesIn)];
  return [...new Set(own.map(({ parameter }) => parameter))].map((parameter) => {
    const uses = all.filter((use) => use.parameter === parameter);
    return {
      parameter,
      uses,
      variables: [...new Set(uses.map(({ variable }) => variable))],
      kmsKeyArns: [...new Set(uses.map(({ kmsKeyArn }) => kmsKeyArn))],
    };
  });
}

function usesIn(environment: DeployedEnvironment): (SecretUse & { readonly parameter: string })[] {
  const { options, services } = environment;
  const cookies = services.map((service) => ({ service, variable: cookie, secret: options.releaseCookie }));
  const others = services.flatMap((service) =>
    Object.entries(service.options.secrets).map(([variable, secret]) => ({ service, variable, secret })),
  );
  return [...cookies, ...others].map(({ service, variable, secret }) => ({
    environment,
    service,
    variable,
    parameter: secret.ssmParameter,
    kmsKeyArn: secret.kmsKeyArn,
  }));
}

/** What a secret is the value of: `RELEASE_COOKIE`, or `RELEASE_COOKIE in prod and staging`. */
export function usedAs({ uses, variables }: Secret): string {
  const names = [...new Set(uses.map(({ environment }) => environment.name))];
  if (names.length === 1) return variables.join(", ");
  const variablesIn = names.map((name) => {
    const own = uses.filter(({ environment }) => environment.name === name).map(({ variable }) => variable);
    return [...new Set(own)].join(", ");
  });
  if (new Set(variablesIn).size === 1) return `${variablesIn[0]} in ${names.join(" and ")}`;
  return names.map((name, at) => `${variablesIn[at]} in ${name}`).join("; ");
}

/** Whether the parameter is the cookie of an environment. */
export const isCookie = ({ variables }: Secret): boolean => variables.includes(cookie);
