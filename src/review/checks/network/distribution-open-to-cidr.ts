import { overlaps, showPorts } from "../../../aws/network/ports";
import { epmdPort } from "../../../distribution";
import { distributionPorts } from "../../cluster/connections/connection";
import { isPublic } from "../../network/addresses";
import type { Rule } from "../../network/rules";
import type { Check, Subject } from "../check";
import type { Service } from "../../cluster/services";

export const distributionOpenToCidr: Check = {
  id: "distribution-open-to-cidr",
  title: "A CIDR can reach a distribution port",
  severity: "error",
  rationale:
    "Anyone who reaches the distribution port and has the cookie can run any code on the node, and epmd lists the nodes to everyone. Addresses change owners, group membership doesn't.",
  remediation:
    "Use the peer's security group as the rule's source (referenced_security_group_id), instead of a CIDR or a prefix list.",
  sources: [
    "https://www.erlang.org/doc/system/distributed.html#security",
    "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  ],
  *find(subject) {
    for (const { rule, service, port } of openRules(subject)) {
      const from = source(rule, subject);
      yield {
        address: rule.address,
        message: `${port === epmdPort ? `epmd ${epmdPort}` : `distribution port ${port}`} of ${service.name} is open to ${from} (${rule.anyProtocol ? "any port" : showPorts(rule.ports)})${rule.origin === "state" ? "; no block or rule resource of this plan defines it, so it was added outside this configuration or by a dynamic block" : ""}`,
      };
    }
  },
};

/** Rules that let a CIDR or a prefix list in to a distribution port, each once. */
function* openRules({ services, firewall }: Subject): Generator<{ rule: Rule; service: Service; port: number }> {
  const said = new Set<Rule>();
  for (const service of services)
    for (const rule of service.endpoint.groups.flatMap((group) => firewall.rulesOf("ingress", group))) {
      if (
        said.has(rule) ||
        rule.unsure !== undefined ||
        (rule.peer.kind !== "cidr" && rule.peer.kind !== "prefix-list")
      )
        continue;
      const port = distributionPorts(service).find((range) => overlaps(range, rule.ports));
      if (!port) continue;
      said.add(rule);
      yield { rule, service, port: Math.max(port.from, rule.ports.from) };
    }
}

function source(rule: Rule, { firewall }: Subject): string {
  if (rule.peer.kind === "prefix-list")
    return `the prefix list ${typeof rule.peer.list === "string" ? rule.peer.list : rule.peer.list.address}`;
  const [cidr = ""] = firewall.cidrsOf(rule) ?? [];
  if (/^(0\.0\.0\.0|::)\/0$/.test(cidr)) return `the world, ${cidr}`;
  return isPublic(cidr) ? `the public range ${cidr}` : cidr;
}
