import { overlaps } from "../../../aws/network/ports";
import { distributionPorts } from "../../cluster/connections/connection";
import { isPublic } from "../../network/addresses";
import type { Check } from "../check";

export const egressUnguarded: Check = {
  id: "egress-unguarded",
  title: "Nodes can connect to distribution ports anywhere",
  severity: "note",
  rationale:
    "A node connects to every address that DNS returns. If an attacker registers an address under the polled name and has the cookie, the members connect to it: ingress rules don't stop outgoing connections.",
  remediation:
    "Allow egress on the distribution ports only to the peers' security groups, and to everywhere on the other ports (one rule below the range, one above it).",
  related: ["checkov CKV_AWS_382 (any port to 0.0.0.0/0)", "trivy AWS-0104 (to any address)"],
  sources: ["https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"],
  *find({ services, firewall }) {
    const said = new Set<string>();
    for (const service of services) {
      const ranges = distributionPorts(service);
      for (const group of service.endpoint.groups)
        for (const rule of firewall.rulesOf("egress", group)) {
          if (
            rule.unsure !== undefined ||
            rule.peer.kind !== "cidr" ||
            !ranges.some((range) => overlaps(range, rule.ports))
          )
            continue;
          if (said.has(`${group} ${rule.address}`) || !isPublic(rule.peer.cidr)) continue;
          said.add(`${group} ${rule.address}`);
          yield { address: rule.address, message: `${group} may connect to distribution ports at ${rule.peer.cidr}` };
        }
    }
  },
};
