import { parseArn, parseManagedSecret } from "../../../aws/arn";
import { cookieVariable } from "../../../containers/variables";
import { parameterKey } from "../../../aws/parameter-names";
import type { Resources } from "../../read/resources";
import { text } from "../../read/value";
import type { Container, Containers } from "./containers";
import { EmulatorFlags } from "./emulator-flags";

/** Where a secret comes from. `known`: another place is surely another secret. `owner`: Region and account, where its ARN names them. */
export interface SecretPlace {
  readonly from: string;
  readonly known: boolean;
  readonly owner?: string;
}

/** Where a node's cookie comes from. The value itself is never shown. */
export type Cookie =
  | { readonly kind: "plain"; readonly value: string }
  | ({ readonly kind: "secret" } & SecretPlace)
  /** Not in the environment: the release carries its own. */
  | { readonly kind: "release" }
  /** `file`: an environment file may set it. */
  | { readonly kind: "unknown"; readonly file?: string }
  /** Each node creates its own. */
  | { readonly kind: "random"; readonly why: string };

const twoCookies =
  "the flags contain -setcookie in addition to the release's own: the BEAM uses neither, and each node creates its own cookie";
const flagForCookie =
  "RELEASE_COOKIE begins with -, which the BEAM takes for a flag: each node creates its own cookie, or doesn't start";

/** Reads where `RELEASE_COOKIE` comes from. Source: https://hexdocs.pm/mix/Mix.Tasks.Release.html */
export function cookieOf(containers: Containers, container: Container | undefined, resources: Resources): Cookie {
  if (!("known" in containers) || !container) return { kind: "unknown" };
  const flags = new EmulatorFlags(container.environment).all("-setcookie").filter((flag) => flag.length <= 2);
  // A release gives its own: https://hexdocs.pm/mix/Mix.Tasks.Release.html; what two make of it: auth.erl of the kernel.
  const released = [...container.environment.keys(), ...container.secrets.keys()].some((name) =>
    /^RELEASE_/.test(name),
  );
  if (flags.length > (released ? 0 : 1)) return { kind: "random", why: twoCookies };
  if (flags[0]?.[1] !== undefined) return { kind: "plain", value: flags[0][1] };
  const secret = container.secrets.get(cookieVariable);
  if (secret !== undefined) return { kind: "secret", ...secretPlace(secret, resources) };
  // A release's script takes an empty variable as unset.
  const value = container.environment.get(cookieVariable) || undefined;
  // Variables of the container definition override those of files, whose content no plan has.
  const [file] = container.environmentFiles;
  if (value === undefined) return file === undefined ? { kind: "release" } : { kind: "unknown", file };
  if (value.startsWith("-")) return { kind: "random", why: flagForCookie };
  return value.includes("${") ? { kind: "secret", from: value, known: false } : { kind: "plain", value };
}

/** Where a container definition's `valueFrom` points to. */
export function secretPlace(valueFrom: string, resources: Resources): SecretPlace {
  const from = secretName(valueFrom, resources);
  const arn = parseArn(valueFrom);
  return { from, known: !from.includes("${"), ...(arn && { owner: `${arn.region}:${arn.account}` }) };
}

/** A reference to a secret in Secrets Manager, and the key, stage and version behind it. */
const managed = /^\$\{((?:data\.)?aws_secretsmanager_secret\.[\w-]+)\.(?:arn|id)\}(.*)$/;

/**
 * ECS takes a parameter's ARN, or its name alone: one form for both. A secret in Secrets Manager has a name and its selector,
 * in which empty fields and the stage AWSCURRENT say nothing.
 */
function secretName(valueFrom: string, resources: Resources): string {
  const [, secret, selector = ""] = managed.exec(valueFrom) ?? [];
  if (secret !== undefined) {
    const name = text(resources.at(secret)?.values.name) ?? `\${${secret}.arn}`;
    return `${name}${withoutDefaults(selector)}`;
  }
  const arn = parseManagedSecret(valueFrom)?.arn;
  if (arn !== undefined) return `${arn}${withoutDefaults(valueFrom.slice(arn.length))}`;
  const address = /^\$\{(data\.aws_ssm_parameter\.[\w-]+|aws_ssm_parameter\.[\w-]+)\.(arn|name|id)\}$/.exec(
    valueFrom,
  )?.[1];
  const named = address === undefined ? undefined : text(resources.at(address)?.values.name);
  return parameterKey(named ?? valueFrom);
}

const withoutDefaults = (selector: string): string =>
  selector.replace(/^(:[^:]*):AWSCURRENT(?=:|$)/, "$1:").replace(/:+$/, "");

/** Where a cookie comes from, in words; `undefined` where that may be the same place as another's. */
export function cookiePlace(cookie: Cookie): string | undefined {
  if (cookie.kind === "unknown" || cookie.kind === "random") return undefined;
  if (cookie.kind === "release") return "its release";
  if (cookie.kind === "plain") return "its environment";
  return cookie.known ? cookie.from : undefined;
}

/** Region and account only where a name alone doesn't tell it from the other. */
export const placed = ({ from, owner }: SecretPlace, other: SecretPlace): string =>
  owner === undefined || from !== other.from ? from : `${from} (${owner.replace(":", ", account ")})`;

/** Whether two places are surely one. */
export const samePlace = (one: SecretPlace, other: SecretPlace): boolean =>
  one.from === other.from && (one.owner ?? other.owner) === (other.owner ?? one.owner);

/** Whether two nodes have the same cookie; `undefined` where that is unknown, with the reason in `why`. */
export function sameCookie(
  one: Cookie,
  other: Cookie,
  sameService: boolean,
): { readonly same?: boolean; readonly why?: string } {
  const random = [one, other].find((cookie) => cookie.kind === "random");
  if (random) return { same: false, why: random.why };
  if (sameService) return { same: true };
  if (one.kind === "plain" && other.kind === "plain")
    return one.value === other.value ? { same: true } : { same: false, why: "different cookies" };
  if (one.kind === "secret" && other.kind === "secret")
    return samePlace(one, other)
      ? { same: true }
      : {
          why: `their cookies come from ${placed(one, other)} and ${placed(other, one)}: only the same value in both connects them`,
        };
  if (one.kind === "unknown" || other.kind === "unknown") {
    const file = [one, other].flatMap((cookie) => (cookie.kind === "unknown" ? (cookie.file ?? []) : []))[0];
    const because = file === undefined ? "" : `: ${file} may set it, and a plan doesn't contain the file`;
    return { why: `where the cookie comes from isn't known${because}` };
  }
  if (one.kind === "release" && other.kind === "release")
    return { why: "the cookie isn't in the environment: each release carries its own" };
  return { why: "their cookies come from different places" };
}
