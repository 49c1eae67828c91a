import { certificatesVariable, cookieVariable } from "../../containers/variables";
import { certificatesOf, serviceSecrets } from "../../environment";
import { type DeployedEnvironment, type DeployedService, readEnvironments } from "../deployed-environment";

/** A variable that gets a secret's value. */
export interface SecretUse {
  readonly environment: DeployedEnvironment;
  readonly variable: string;
  readonly service: DeployedService;
  /** ARN of the customer key that this use sets. */
  readonly kmsKeyArn: string | undefined;
}

/** A parameter or secret that an environment needs, with everything in the file that uses it. Never contains its value. */
export interface Secret {
  /** Name or ARN of the SSM parameter, or of the secret in Secrets Manager, with `:key` where one key of it is used. */
  readonly parameter: string;
  /** The secret in Secrets Manager; `undefined` for a parameter of SSM. */
  readonly managed: ManagedSecret | undefined;
  /** Uses in this environment, and in the file's other environments of the same region: they share one value. */
  readonly uses: readonly SecretUse[];
  /** The environment variables that contain it, each once. */
  readonly variables: readonly string[];
  /** The keys that its uses set, each once: `undefined` for the account's default key. */
  readonly kmsKeyArns: readonly (string | undefined)[];
}

/** A secret in Secrets Manager, or one key of its JSON object. */
export interface ManagedSecret {
  readonly name: string;
  readonly key: string | undefined;
}

/** Every secret of an environment's services, each parameter once. */
export function secretsOf(environment: DeployedEnvironment): Secret[] {
  const { name, file, options } = environment;
  const others = readEnvironments(file).filter((one) => one.name !== name && one.options.region === options.region);
  const own = usesIn(environment);
  const all = [...own, ...others.flatMap(usesIn)];
  return [...new Set(own.map(({ parameter }) => parameter))].map((parameter) => {
    const uses = all.filter((use) => use.parameter === parameter);
    return {
      parameter,
      managed: uses[0]!.managed,
      uses,
      variables: [...new Set(uses.map(({ variable }) => variable))],
      kmsKeyArns: [...new Set(uses.map(({ kmsKeyArn }) => kmsKeyArn))],
    };
  });
}

type Named = Pick<Secret, "parameter" | "managed">;

function usesIn(environment: DeployedEnvironment): (SecretUse & Named)[] {
  const { options, services } = environment;
  const cookies = services.map((service) => ({ service, variable: cookieVariable, secret: options.releaseCookie }));
  const others = services.flatMap((service) => serviceSecrets(service.options).map((read) => ({ service, ...read })));
  const certificates = services.flatMap((service) => {
    const secret = certificatesOf(options, service.options);
    return secret === undefined ? [] : [{ service, variable: certificatesVariable, secret }];
  });
  return [...cookies, ...certificates, ...others].map(({ service, variable, secret }) => ({
    environment,
    service,
    variable,
    ...named(secret),
    kmsKeyArn: secret.kmsKeyArn,
  }));
}

type NamedSecret = Pick<DeployedEnvironment["options"]["releaseCookie"], "ssmParameter" | "secretsManager"> & {
  readonly key?: string | undefined;
  readonly versionStage?: string | undefined;
};

function named({ ssmParameter, secretsManager = "", key, versionStage }: NamedSecret): Named {
  if (ssmParameter !== undefined) return { parameter: ssmParameter, managed: undefined };
  const part = [key ?? "", ...(versionStage === undefined ? [] : [versionStage])].map((each) => `:${each}`).join("");
  return { parameter: `${secretsManager}${part === ":" ? "" : part}`, managed: { name: secretsManager, key } };
}

/** Whether only its owner knows it: another account or region may keep it, or another stage than the current one. */
export const isElsewhere = ({ parameter, managed }: Secret): boolean =>
  parameter.startsWith("arn:") ||
  (managed !== undefined &&
    parameter !== [managed.name, ...(managed.key === undefined ? [] : [managed.key])].join(":"));

/** The variables of a secret: `RELEASE_COOKIE`, or `RELEASE_COOKIE in prod and staging`. */
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

/** Whether the parameter contains certificates of nodes. */
export const isCertificates = ({ variables }: Pick<Secret, "variables">): boolean =>
  variables.includes(certificatesVariable);

/** Whether the parameter is the cookie of an environment. */
export const isCookie = ({ variables }: Secret): boolean => variables.includes(cookieVariable);
