import type { Environment, ServiceOptions } from "./schema/schema";

/** The secret that contains the certificates of a service's nodes; `undefined` where these don't encrypt what they send. */
export function certificatesOf(
  { distribution: common }: Pick<Environment, "distribution">,
  { distribution = common }: Pick<ServiceOptions, "distribution">,
) {
  return "tls" in distribution ? distribution.tls.certificates : undefined;
}
