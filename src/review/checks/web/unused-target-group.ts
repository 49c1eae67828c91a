import { forwardingTo, targetGroupsOf } from "../../web/forwarding";
import type { Check } from "../check";

export const unusedTargetGroup: Check = {
  id: "unused-target-group",
  title: "No listener forwards to the target group",
  severity: "warning",
  rationale:
    "Tasks in the target group get no requests and no health checks. ECS refuses a service whose target group has no load balancer (InvalidParameterException), so the apply fails halfway.",
  remediation:
    "Forward to it from a listener's default action or from an aws_lb_listener_rule, and set depends_on in the service: Terraform doesn't know that ECS needs the rule.",
  limitations:
    "The check doesn't see listeners and rules in another Terraform state. Suppress the finding in that case.",
  sources: ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb.html"],
  *find({ resources, web }) {
    for (const targetGroup of targetGroupsOf(resources)) {
      if (forwardingTo(targetGroup, resources).forwards !== false) continue;
      const users = web.filter((one) => one.targetGroup === targetGroup).map(({ service }) => service.name);
      const { address } = targetGroup;
      if (users.length === 0) yield { address, message: `no listener or rule forwards to ${address}` };
      else
        yield {
          address,
          severity: "error",
          message: `no listener or rule forwards to ${address}, with which tasks of ${users.join(", ")} register: ECS refuses the service`,
        };
    }
  },
};
