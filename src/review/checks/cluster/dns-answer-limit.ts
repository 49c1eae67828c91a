import { dnsRecordLimit } from "../../../distribution";
import type { Check } from "../check";

export const dnsAnswerLimit: Check = {
  id: "dns-answer-limit",
  title: "More tasks than one DNS answer holds, with a resolver that drops what is missing",
  severity: "error",
  why: "A DNS answer holds at most 8 of the registered addresses, other ones each time. A plain DNSPoll disconnects every node that the newest answer leaves out: the cluster flaps for as long as there are more.",
  mending:
    "Use a resolver that keeps living members (CLUSTER_RESOLVER=members) or dns_cluster, or lower the tasks or the maximum percent so that old and new tasks together are at most 8.",
  silent:
    "Where the resolver is assumed and not told by the environment, the numbers are printed and no finding is made.",
  sources: [
    "https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsConfig.html",
    "https://github.com/bitwalker/libcluster/issues/190",
  ],
  *find({ staying }) {
    for (const { service, sharedWith, verdict, registered, whileDeploying } of staying) {
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
