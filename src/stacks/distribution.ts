import { ErlangDistribution } from "../constructs/service/erlang-distribution";
import type { ReleaseSecret } from "../constructs/service/secrets/release-secret";
import type { Environment } from "../environment";

/** The distribution that an environment describes. @param certificates of the service's nodes; unknown for a peer */
export function distribution(choice: Environment["distribution"], certificates?: ReleaseSecret): ErlangDistribution {
  if ("tls" in choice) return ErlangDistribution.tls(choice.tls.port, certificates);
  return "epmd" in choice ? ErlangDistribution.epmd(choice.epmd) : ErlangDistribution.singlePort(choice.singlePort);
}
