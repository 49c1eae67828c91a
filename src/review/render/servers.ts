import { showPorts } from "../../aws/network/ports";
import type { Review } from "../review";
import { reaches, type ServerLink, type Side } from "../servers/servers";

/** A connection to a server in words. */
export interface DescribedLink {
  readonly service: string;
  readonly server: string;
  readonly ports: string;
  readonly reaches: ReturnType<typeof reaches>;
  readonly verdict: string;
  /** Each side, with its rules. */
  readonly reasons: readonly string[];
}

const verdicts = { yes: "can connect", no: "can't connect", unknown: "not known" };

/** The servers that services connect to, by server. */
export const describeServers = ({ servers }: Review): DescribedLink[] =>
  servers.map((link) => ({
    service: link.service.name,
    server: named(link),
    ports: showPorts(link.ports),
    reaches: reaches(link),
    verdict: verdicts[reaches(link)],
    reasons: [side("egress", link.egress), side("ingress", link.ingress)],
  }));

const named = ({ server, address }: ServerLink) => (server === address ? server : `${server} (${address})`);

function side(direction: "egress" | "ingress", { passage, rules }: Side): string {
  if (rules.length > 0) return `${direction} by ${rules.join(", ")}`;
  if (passage.passes === "no") return `no ${direction} rule`;
  return passage.passes === "unknown" ? `${direction} not known: ${passage.because}` : `${direction} by its groups`;
}
