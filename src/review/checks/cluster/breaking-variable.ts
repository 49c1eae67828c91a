import type { Container } from "../../cluster/node/containers";
import { epmdPort } from "../../../distribution";
import type { Service } from "../../cluster/services";
import { runningDefinitions, type Check } from "../check";

export const breakingVariable: Check = {
  id: "breaking-variable",
  title: "A variable of the container prevents its nodes from connecting",
  severity: "error",
  rationale:
    "Variables of the release and of epmd override the image's settings and flags. A node without distribution has no name and no port. If a node has another address than its own in its name, or uses another epmd port, no other node finds it, although ports and DNS are right.",
  remediation: `Remove the variable. A node gets its address from the ECS metadata endpoint when it starts; epmd listens on ${epmdPort} at every address.`,
  limitations:
    "The check doesn't know variables that the image sets, and ignores values that are known only after apply or that ECS injects as secrets.",
  sources: [
    "https://hexdocs.pm/mix/Mix.Tasks.Release.html#module-environment-variables",
    "https://www.erlang.org/doc/apps/erts/epmd_cmd.html#environment-variables",
  ],
  *find(subject) {
    for (const { service, definition } of runningDefinitions(subject)) {
      if (!service.node) continue;
      for (const message of messages(service, service.node)) yield { address: definition.address, message };
    }
  },
};

function messages({ distribution }: Service, node: Container): string[] {
  const fixed = (name: string) => {
    const value = node.environment.get(name);
    return value === undefined || value === "" || value.includes("${") ? undefined : value;
  };
  const [distributes, address, name, port, listens] = [
    fixed("RELEASE_DISTRIBUTION"),
    fixed("RELEASE_IP"),
    fixed("RELEASE_NODE"),
    fixed("ERL_EPMD_PORT"),
    fixed("ERL_EPMD_ADDRESS"),
  ];
  const epmd = distribution.mode.value === "epmd";
  return [
    ...(distributes === "none" ? ["RELEASE_DISTRIBUTION is none: its nodes start without distribution"] : []),
    ...(address !== undefined && name === undefined
      ? [`RELEASE_IP is ${address}: every task's node has this address in its name, whatever its own is`]
      : []),
    ...(name?.includes("@") ? [`RELEASE_NODE is ${name}: every task's node has this one name`] : []),
    ...(epmd && port !== undefined && port !== String(epmdPort)
      ? [
          `ERL_EPMD_PORT is ${port}: its nodes look for every peer's epmd there, and the review checks the rules for ${epmdPort}`,
        ]
      : []),
    ...(epmd && listens !== undefined && isLoopback(listens)
      ? [`ERL_EPMD_ADDRESS is ${listens}: epmd listens where no peer reaches it`]
      : []),
  ];
}

const isLoopback = (addresses: string): boolean =>
  addresses.split(",").every((address) => /^(127\.|::1$|localhost$)/.test(address.trim()));
