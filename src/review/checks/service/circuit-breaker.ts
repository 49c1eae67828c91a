import { block, flag, openBlocks } from "../../read/value";
import type { Check } from "../check";

export const circuitBreaker: Check = {
  id: "circuit-breaker",
  title: "No deployment circuit breaker with rollback",
  severity: "warning",
  rationale:
    "If a release doesn't boot, ECS restarts it for hours, while part of the cluster is old and part is missing.",
  remediation: "Write deployment_circuit_breaker { enable = true, rollback = true }.",
  sources: ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html"],
  *find({ services }) {
    for (const { name, resource } of services) {
      const controller = block(resource.values.deployment_controller)?.type;
      if (controller !== undefined && controller !== null && controller !== "ECS") continue;
      const breaker = block(resource.values.deployment_circuit_breaker);
      if (openBlocks(resource.values.deployment_circuit_breaker)) continue;
      if (openBlocks(resource.values.deployment_controller)) continue;
      if (!breaker || flag(breaker.enable) === false)
        yield { address: resource.address, message: `${name} has no deployment circuit breaker` };
      else if (flag(breaker.rollback) === false)
        yield {
          address: resource.address,
          message: `${name}'s circuit breaker stops a failed deployment but doesn't roll it back`,
        };
    }
  },
};
