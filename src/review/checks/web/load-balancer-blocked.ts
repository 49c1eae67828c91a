import type { Check } from "../check";

export const loadBalancerBlocked: Check = {
  id: "load-balancer-blocked",
  title: "The load balancer can't reach the tasks",
  severity: "error",
  rationale:
    "No rule allows the load balancer's packets, so every health check times out: ECS repeatedly replaces healthy tasks, and visitors get 504.",
  remediation:
    "In the tasks' security group, allow ingress on the container's port from the load balancer's group. In the load balancer's group, allow egress on that port to the tasks' group.",
  limitations: "The check reports nothing if the groups or their rules aren't all known.",
  sources: [
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html",
  ],
  *find({ web, firewall }) {
    for (const { service, port, alternate, loadBalancers } of web) {
      // The same load balancer and the same tasks as with the first target group.
      if (port === undefined || alternate) continue;
      for (const [address, balancer] of loadBalancers)
        for (const direction of ["egress", "ingress"] as const)
          if (firewall.passage(direction, balancer, service.endpoint, port).passes === "no")
            yield {
              address: service.resource.address,
              message: `${address} can't reach tasks of ${service.name} on port ${port}: no ${direction} rule of ${(direction === "egress" ? balancer : service.endpoint).groups.join(", ")} allows it`,
            };
    }
  },
};
