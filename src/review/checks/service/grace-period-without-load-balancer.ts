import { blocks, number, openBlocks } from "../../read/value";
import type { Check } from "../check";

export const gracePeriodWithoutLoadBalancer: Check = {
  id: "grace-period-without-load-balancer",
  title: "A service has a health-check grace period without a load balancer",
  severity: "error",
  rationale:
    "ECS refuses the service: the grace period is for the load balancer's health checks. Container health checks have startPeriod instead.",
  remediation: "Remove health_check_grace_period_seconds, and set startPeriod in the container's healthCheck.",
  sources: ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html"],
  *find({ services }) {
    for (const { name, resource } of services) {
      const seconds = number(resource.values.health_check_grace_period_seconds);
      const { load_balancer: balancers } = resource.values;
      // A list of blocks that isn't known before apply may have one.
      const balanced = openBlocks(balancers) !== undefined || blocks(balancers).length > 0;
      if (seconds !== undefined && seconds > 0 && !balanced)
        yield { address: resource.address, message: `${name} has a grace period of ${seconds} s and no load balancer` };
    }
  },
};
