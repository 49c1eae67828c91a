import { maxPort } from "../../../aws/network/ports";
import { epmdPort } from "../../../distribution";
import type { Rule } from "../../network/rules";
import type { Check } from "../check";

export const anyPortRule: Check = {
  id: "any-port-rule",
  title: "An ingress rule opens every port",
  severity: "warning",
  rationale:
    "Two nodes need only epmd and the distribution ports. With every port open, others can reach everything else that listens in the task, and a wrong port range goes unnoticed until you narrow the rule.",
  remediation: `Open TCP ${epmdPort} and the distribution range, or the one port in single-port mode.`,
  related: ["checkov CKV_AWS_277 (from 0.0.0.0/0)"],
  sources: ["https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html"],
  *find({ services, firewall }) {
    const groups = new Set(services.flatMap(({ endpoint }) => endpoint.groups));
    for (const group of groups)
      for (const rule of firewall.rulesOf("ingress", group)) {
        if (rule.unsure !== undefined || !(rule.ports.from <= 1 && rule.ports.to >= maxPort)) continue;
        yield {
          address: rule.address,
          message: `${rule.anyProtocol ? "any protocol on any port" : "every TCP port"} into ${group} from ${peer(rule)}`,
        };
      }
  },
};

function peer({ peer }: Rule): string {
  if (peer.kind === "group") return peer.group;
  if (peer.kind === "cidr") return peer.cidr;
  return peer.kind === "prefix-list" ? "a prefix list" : "a source that isn't known before apply";
}
