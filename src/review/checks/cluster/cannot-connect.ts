import type { Check } from "../check";

export const cannotConnect: Check = {
  id: "cannot-connect",
  title: "A service polls another, and no connection can come of it",
  severity: "error",
  why: "The nodes find each other's names or not, and dial in vain: the two services never cluster, and each attempt may block the dialling node for 7 s.",
  mending:
    "Do what the reason says: open the ports between the two security groups in both directions, or give both the same namespace, basename, mode or cookie.",
  silent:
    "What an application polls is known from CLUSTER_NODES or DNS_CLUSTER_QUERY in its container's environment; without them nothing is said.",
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
