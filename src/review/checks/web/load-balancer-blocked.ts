import type { Check } from "../check";

export const loadBalancerBlocked: Check = {
  id: "load-balancer-blocked",
  title: "The load balancer can't reach the tasks",
  severity: "error",
  rationale:
    "No rule lets the load balancer's packets through, so every health check times out: ECS replaces healthy tasks again and again, and visitors get 504.",
  remediation:
    "Allow the container's port from the load balancer's security group into that of the tasks, and the same port out of the load balancer's group.",
  limitations: "It reports nothing where the groups or their rules aren't all known.",
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
