import { certificatesVariable } from "../../../containers/variables";
import type { Resources } from "../../read/resources";
import type { Container } from "./containers";
import { placed, samePlace, secretPlace, type SecretPlace } from "./cookies";

/** Where a node's certificates come from, which distribution over TLS needs. */
export type Certificates =
  | ({ readonly kind: "secret" } & SecretPlace)
  /** In the plain environment, with the private key. */
  | { readonly kind: "plain" }
  /** Nothing in the container definition sets them; an environment file may. */
  | { readonly kind: "unknown" }
  | { readonly kind: "missing" };

export function certificatesOf(container: Container | undefined, resources: Resources): Certificates {
  if (!container) return { kind: "unknown" };
  const secret = container.secrets.get(certificatesVariable);
  if (secret !== undefined) return { kind: "secret", ...secretPlace(secret, resources) };
  if (container.environment.has(certificatesVariable)) return { kind: "plain" };
  return { kind: container.environmentFiles.length > 0 ? "unknown" : "missing" };
}

/** Why two nodes may have certificates of different authorities; `undefined` where nothing suggests it. */
export function differentCertificates(one: Certificates, other: Certificates): string | undefined {
  if (one.kind !== "secret" || other.kind !== "secret" || samePlace(one, other)) return undefined;
  return `their certificates come from ${placed(one, other)} and ${placed(other, one)}: only those of one authority connect them`;
}
