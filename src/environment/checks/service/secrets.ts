import { parseArn } from "../../../aws/arn";
import { quote } from "../../problems";
import type { EnvironmentParts, ServiceParts } from "../../schema/schema";
import { type Finding, present } from "../finding";
import type { Place } from "../service";

type Secret = Partial<NonNullable<EnvironmentParts["releaseCookie"]>>;

/** The cookie's secret: see {@link secrets}. */
export const cookie = (path: readonly string[], { releaseCookie, region }: EnvironmentParts): Finding[] =>
  releaseCookie === undefined ? [] : uncheckable([...path, "releaseCookie"], releaseCookie, region);

/** The secret of certificates, where nodes encrypt: see {@link secrets}. */
export const certificates = (
  path: readonly string[],
  { distribution }: Pick<EnvironmentParts, "distribution">,
  { region }: EnvironmentParts,
): Finding[] => {
  const secret = distribution?.tls?.certificates;
  const place = [...path, "distribution", "tls", "certificates"];
  return secret === undefined ? [] : uncheckable(place, secret, region);
};

/** Checks that Terraform can't make: it looks secrets up in its own region, and ECS takes no name of Secrets Manager. */
export const secrets = ({ path }: Place, options: ServiceParts, { region }: EnvironmentParts): Finding[] =>
  present(options.secrets).flatMap(([variable, secret]) => uncheckable([...path, "secrets", variable], secret, region));

function uncheckable(
  path: readonly string[],
  { ssmParameter, secretsManager, check }: Secret,
  region: string | undefined,
): Finding[] {
  const named = ssmParameter ?? secretsManager;
  const arn = parseArn(named ?? "");
  if (arn && region !== undefined && arn.region !== region && check !== undefined && check !== "none") {
    const allowed = `"none": the secret is in ${arn.region}, and Terraform looks secrets up in ${region}`;
    return [{ path: [...path, "check"], allowed }];
  }
  if (secretsManager === undefined || arn || check !== "none") return [];
  const allowed =
    '"data" or "ephemeral" with a name: ECS takes only the full ARN, which the check looks up. Or set secretsManager to the full ARN';
  return [{ path: [...path, "check"], allowed }];
}

/** AWS rejects the same rule twice, and an environment file that is listed twice has no effect. */
export function repeated({ path }: Place, { connectsTo, environmentFiles = [] }: ServiceParts): Finding[] {
  const files = environmentFiles.map((file) => file?.s3);
  const servers = present(connectsTo).map(([name, { securityGroup, port }]) => ({
    name,
    key: JSON.stringify([securityGroup, port]),
  }));
  return [
    ...files.flatMap((s3, index): Finding[] =>
      s3 === undefined || files.indexOf(s3) === index
        ? []
        : [{ path: [...path, "environmentFiles", String(index), "s3"], allowed: "each file once" }],
    ),
    ...servers.flatMap(({ name, key }, index): Finding[] => {
      const first = servers.findIndex((other) => other.key === key);
      if (first === index) return [];
      return [
        {
          path: [...path, "connectsTo", name],
          found: `the security group and port of ${quote(servers[first]!.name)}`,
          allowed: "each group and port once",
        },
      ];
    }),
  ];
}
