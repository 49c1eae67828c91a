import { isSetByLayout, reservedBecause, reservedSecretBecause, wrongValues } from "../../containers/variables";
import { looksSecret } from "../../secret-values";
import type { ServiceParts } from "../schema/schema";
import { type Finding, present } from "./finding";
import type { Place } from "./service";

/**
 * Rejects variables that options set, variables and flags of the Erlang VM that keep nodes from connecting, and variables
 * in both `environment` and `secrets`, which ECS rejects. The constructs reject a cookie in plain `environment`: they name
 * the service that has it.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html
 */
export function reservedVariables({ path }: Place, options: ServiceParts): Finding[] {
  const plain = options.environment ?? {};
  const secrets = Object.keys(options.secrets ?? {});
  return [
    ...Object.keys(plain).flatMap((name) => reserved([...path, "environment", name], name, reservedBecause(name))),
    ...present(plain).flatMap(([name, value]) => wrong([...path, "environment", name], name, value)),
    ...secrets.flatMap((name) => reserved([...path, "secrets", name], name, reservedSecretBecause(name))),
    ...secrets
      .filter((name) => Object.hasOwn(plain, name) && !isSetByLayout(name))
      .map((name) => ({
        path: [...path, "secrets", name],
        found: `the variable ${name}, which is in environment too`,
        allowed: "each variable once",
      })),
  ];
}

const reserved = (path: string[], name: string, because: string | undefined): Finding[] =>
  because === undefined ? [] : [{ path, found: `the variable ${name}`, allowed: `any other: ${because}` }];

const wrong = (path: string[], name: string, value: string): Finding[] =>
  wrongValues(name, value).map(({ found, allowed }) => ({
    path,
    allowed,
    ...(found === value ? {} : { found }),
  }));

/**
 * Rejects secrets in build arguments: they stay in the image's history, where everyone who can pull it reads them, and in
 * plan and state. The message never shows the value.
 * Source: https://docs.docker.com/build/building/secrets/
 */
export function secretBuildArguments({ path }: Place, { image }: ServiceParts): Finding[] {
  const { build = {} } = image ?? {};
  return present(typeof build === "string" ? {} : build.buildArgs).flatMap(([name, value]): Finding[] => {
    const because = looksSecret(name, value);
    if (because === undefined) return [];
    return [
      {
        path: [...path, "image", "build", "buildArgs", name],
        found: `the argument ${name}, and ${because}`,
        allowed:
          "arguments that anyone may read: they stay in the image's history, in the plan and in the state. Build such an image " +
          `in your pipeline with docker build --secret id=${name} and pass it by image.variable or image.uri`,
      },
    ];
  });
}
