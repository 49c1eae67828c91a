import type { Check } from "../check";

export const cannotConnect: Check = {
  id: "cannot-connect",
  title: "A service polls another but can't connect to it",
  severity: "error",
  rationale:
    "Each attempt to connect fails, and can block the connecting node for 7 s. The two services cluster only if the other one can connect in the opposite direction.",
  remediation:
    "Depending on the reason, open the ports between the two security groups in both directions, or give both services the same namespace, basename, mode or cookie.",
  limitations:
    "The check reads what an application polls from CLUSTER_NODES or DNS_CLUSTER_QUERY in its container's environment. Without them it reports nothing.",
  sources: [
    "https://www.erlang.org/doc/system/distributed.html",
    "https://hexdocs.pm/libcluster/Cluster.Strategy.DNSPoll.html",
  ],
  *find({ matrix }) {
    for (const { from, to, state, reasons } of matrix.pairs) {
      if (state !== "blocked") continue;
      if (from === to && reasons.every(({ step }) => step === "ingress" || step === "egress")) continue;
      yield {
        address: from.resource.address,
        message: `${from.name} cannot connect to ${from === to ? "its own tasks" : to.name}: ${reasons.map(({ text }) => text).join("; ")}`,
      };
    }
  },
};
