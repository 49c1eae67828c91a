import { stopTimeoutSeconds } from "../../../aws/limits";
import { joinSeconds } from "../../../distribution";
import type { Check } from "../check";

export const stopTimeout: Check = {
  id: "stop-timeout",
  title: "ECS kills tasks while peers still look for them",
  severity: "warning",
  rationale:
    "After SIGTERM, a node is in cached DNS answers for the TTL and one polling interval. If ECS kills it before that, it can't finish its peers' requests, and they try to connect to a dead address.",
  remediation: `Set stopTimeout to at least TTL + polling interval; Fargate allows ${stopTimeoutSeconds.min} to ${stopTimeoutSeconds.max} s.`,
  limitations: "The check reports nothing if the TTL or the container definitions aren't known.",
  sources: ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html"],
  *find({ services }) {
    for (const { name, node, taskDefinition, registration, distribution } of services) {
      if (!node || !taskDefinition) continue;
      if (node.stopTimeout > stopTimeoutSeconds.max)
        yield {
          address: taskDefinition.address,
          severity: "error",
          message: `${name} has a stopTimeout of ${node.stopTimeout} s; Fargate allows ${stopTimeoutSeconds.max} s at most`,
        };
      const ttl = registration.kind === "registered" ? registration.discovery.ttl : undefined;
      const drain = ttl === undefined ? undefined : joinSeconds(ttl, distribution.pollingInterval.value);
      if (drain !== undefined && node.stopTimeout < drain)
        yield {
          address: taskDefinition.address,
          message: `${name} has a stopTimeout of ${node.stopTimeout} s, and is found in DNS for up to ${drain} s (TTL ${ttl} s + polling ${distribution.pollingInterval.value / 1000} s)`,
        };
    }
  },
};
