import { dnsRecordLimit } from "../../../distribution";
import type { Check } from "../check";

export const dnsAnswerLimit: Check = {
  id: "dns-answer-limit",
  title: "More tasks than one DNS answer contains, with DNSPoll, which drops missing nodes",
  severity: "error",
  rationale: `A DNS answer contains at most ${dnsRecordLimit} of the registered addresses, different ones each time. Stock DNSPoll disconnects every node that isn't in the newest answer, so the cluster flaps as long as there are more.`,
  remediation: `Use a discovery that keeps living members: dns (the strategy that adopt adds) or dns_cluster. Or lower the number of tasks or the maximum percent, so that old and new tasks together are at most ${dnsRecordLimit}.`,
  limitations:
    "If the environment doesn't show how nodes discover each other (CLUSTER_DISCOVERY, CLUSTER_NODES, DNS_CLUSTER_QUERY), the report shows the numbers and the check reports nothing.",
  sources: [
    "https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsConfig.html",
    "https://github.com/bitwalker/libcluster/issues/190",
  ],
  *find({ stability }) {
    for (const { service, sharedWith, verdict, registered, whileDeploying } of stability) {
      const { scale, resource, name } = service;
      const who = [name, ...sharedWith].join(" and ");
      const registers = sharedWith.length > 0 ? "register together, in one Cloud Map service," : "registers";
      const times = sharedWith.length > 0 ? "" : ` (${registered} × ${scale.maximumPercent} %)`;
      if (verdict === "flaps")
        yield {
          address: resource.address,
          message: `${who} ${registers} ${registered} tasks, and a DNS answer holds ${dnsRecordLimit}: with plain DNSPoll nodes drop each other indefinitely`,
        };
      if (verdict === "flaps-while-deploying")
        yield {
          address: resource.address,
          message: `${who} ${registers} up to ${whileDeploying} tasks during a deployment${times}, and a DNS answer holds ${dnsRecordLimit}: with plain DNSPoll nodes drop each other until it ends`,
        };
    }
  },
};
