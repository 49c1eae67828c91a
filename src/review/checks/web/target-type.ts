import { text } from "../../read/value";
import type { Check } from "../check";

export const targetType: Check = {
  id: "target-type",
  title: "A target group that can't hold tasks with addresses of their own",
  severity: "error",
  rationale:
    "ECS refuses the service: a task with a network interface of its own (awsvpc, so every task on Fargate) registers by address, and the target group takes instances, which is the default, or another kind.",
  remediation:
    'Set target_type = "ip" in the target group. That replaces it, so give it create_before_destroy and another name.',
  sources: ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb.html"],
  *find({ web }) {
    for (const { service, targetGroup } of web) {
      const { target_type: value } = targetGroup.values;
      const type = value === undefined || value === null ? "instance" : text(value);
      // Without awsvpc, tasks register by instance and port.
      const mode = service.taskDefinition?.values.network_mode;
      if (type === undefined || type === "ip" || mode !== "awsvpc") continue;
      yield {
        address: targetGroup.address,
        message: `tasks of ${service.name} register by address, and ${targetGroup.address} has the target type ${type}`,
      };
    }
  },
};
